import clsx from "clsx";
import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  align?: "left" | "right";
  /** Where the cell stands when the table becomes rows on a phone. */
  phone: "title" | "line" | "amount" | "state" | "hidden";
}

const PHONE: Record<Column<unknown>["phone"], string> = {
  title: "max-md:col-start-1 max-md:row-start-1 max-md:font-semibold",
  line: "max-md:col-start-1 max-md:row-start-2 max-md:text-small max-md:text-muted",
  amount: "max-md:col-start-2 max-md:row-start-1 max-md:text-right max-md:font-semibold",
  state: "max-md:col-start-2 max-md:row-start-2 max-md:justify-self-end",
  hidden: "max-md:hidden",
};

/** Rows of 56 px with 13 px heads; on a phone each row becomes a title, a line, an amount and a state. `caption` is for screen readers. */
export function Table<T>({ caption, columns, rows, rowKey, isMarked }: { caption: string; columns: readonly Column<T>[]; rows: readonly T[]; rowKey: (row: T) => string; isMarked?: (row: T) => boolean }) {
  return (
    <table role="table" className="w-full border-collapse text-[.9375rem] max-md:block">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup" className="max-md:sr-only">
        <tr role="row">
          {columns.map(({ key, head, align }) => (
            <th
              key={key}
              role="columnheader"
              scope="col"
              className={clsx("border-b border-line px-3 py-2.5 text-caption font-semibold whitespace-nowrap text-muted first:pl-5 last:pr-5", align === "right" ? "text-right" : "text-left")}
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className="max-md:block">
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            role="row"
            className={clsx(
              "border-b border-line transition-colors duration-[120ms] last:border-b-0 hover:bg-brand-soft",
              "max-md:grid max-md:min-h-[68px] max-md:grid-cols-[minmax(0,1fr)_auto] max-md:content-center max-md:gap-x-4 max-md:px-4 max-md:py-2.5",
              isMarked?.(row) && "bg-brand-soft",
            )}
          >
            {columns.map(({ key, cell, align, phone }) => (
              <td
                key={key}
                role="cell"
                className={clsx("whitespace-nowrap tabular-nums md:h-14 md:px-3 md:first:pl-5 md:last:pr-5 max-md:block max-md:truncate", align === "right" && "text-right font-semibold", PHONE[phone])}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
