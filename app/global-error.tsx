"use client";

import "./globals.css";
import { chooseLocale } from "@/lib/i18n/locale";
import { crash } from "@/lib/i18n/messages/crash";

/** The last page standing, when the root layout itself failed: no provider, no cookies; the language that the document still has. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const locale = chooseLocale(typeof document === "undefined" ? undefined : document.documentElement.lang);
  const texts = crash[locale];
  return (
    <html lang={locale}>
      <body>
        <main className="mx-auto grid min-h-dvh max-w-[480px] content-center gap-3 px-5">
          <h1>{texts.title}</h1>
          <p className="text-muted">{texts.text}</p>
          {error.digest ? (
            <p className="text-small text-muted">
              {texts.code} {error.digest}
            </p>
          ) : null}
          <button type="button" onClick={reset} className="mt-3 min-h-14 rounded-control bg-brand px-6 text-button text-on-brand">
            {texts.retry}
          </button>
        </main>
      </body>
    </html>
  );
}
