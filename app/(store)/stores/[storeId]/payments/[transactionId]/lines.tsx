import type { ReactNode } from "react";

/** Facts under each other: what, and how much. */
export const Lines = ({ children }: { children: ReactNode }) => <dl className="grid">{children}</dl>;

export const Line = ({ term, children }: { term: ReactNode; children: ReactNode }) => (
  <div className="flex justify-between gap-4 border-b border-line py-2.5 text-label last:border-0">
    <dt className="font-normal text-muted">{term}</dt>
    <dd className="min-w-0 text-right tabular-nums">{children}</dd>
  </div>
);
