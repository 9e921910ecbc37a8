import { ChevronDown } from "lucide-react";
import { Icon } from "./ui/icon";
import { Table, type Column } from "./ui/table";

export type Twin<T> = { open: string; caption: string; columns: readonly Column<T>[]; rows: readonly T[]; rowKey: (row: T) => string };

/** A drawing's numbers as a table, behind a native disclosure that works without scripts. */
export function TableTwin<T>({ open, ...table }: Twin<T>) {
  return (
    <details className="group mt-3 print:hidden">
      <summary className="inline-flex min-h-11 cursor-pointer list-none items-center gap-1.5 rounded-[13px] text-small font-semibold text-brand-ink [&::-webkit-details-marker]:hidden">
        {open}
        <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
      </summary>
      {/* Wide tables scroll within, by keyboard too. */}
      <div role="group" aria-label={table.caption} tabIndex={0} className="-mx-5 overflow-x-auto outline-offset-[-2px] md:-mx-6">
        <Table {...table} />
      </div>
    </details>
  );
}
