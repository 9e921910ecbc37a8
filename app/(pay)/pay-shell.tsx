import type { ReactNode } from "react";

/** A page of the payment: the whole phone, or one raised column on a desktop. No tabs: one way forward, one way back. */
export function PayShell({ children }: { children: ReactNode }) {
  return (
    <div className="lg:min-h-dvh lg:bg-sunk lg:py-10">
      <div className="relative mx-auto flex min-h-dvh max-w-[480px] flex-col overflow-hidden bg-surface lg:min-h-[820px] lg:rounded-sheet lg:shadow-2">{children}</div>
    </div>
  );
}
