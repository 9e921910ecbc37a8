"use client";

import type { ReactNode } from "react";

/** A form that is sent as soon as a choice changes. Without scripts a plain submit button stands in. */
export function SubmitOnChange({ action, submitLabel, children }: { action: (form: FormData) => void | Promise<void>; submitLabel: string; children: ReactNode }) {
  return (
    <form action={action} onChange={(event) => event.currentTarget.requestSubmit()}>
      {children}
      <noscript>
        <button type="submit" className="mt-2 min-h-11 rounded-[13px] bg-brand-soft px-4 text-label text-brand-ink">
          {submitLabel}
        </button>
      </noscript>
    </form>
  );
}
