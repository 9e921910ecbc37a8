import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon";

/** A card that opens on request, for what most people never need. Works without scripts. */
export function Disclosure({ title, className, children }: { title: string; /** Where it stands, never how it looks. */ className?: string; children: ReactNode }) {
  return (
    <details className={clsx("group rounded-card bg-card text-left shadow-1 print:shadow-none", className)}>
      <summary className="flex min-h-14 items-center justify-between rounded-card px-5.5 font-semibold marker:content-none">
        {title}
        <Icon of={ChevronDown} className="transition-transform group-open:rotate-180 print:hidden" />
      </summary>
      {children}
    </details>
  );
}
