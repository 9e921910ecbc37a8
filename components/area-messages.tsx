import { NextIntlClientProvider, useMessages } from "next-intl";
import type { ReactNode } from "react";
import type { Area, Messages } from "@/lib/i18n/messages";

/**
 * Sends the texts of some areas to the browser, for client components below. A page or layout that has client components using
 * `useTranslations("pay")` wraps them: `<AreaMessages areas={["pay"]}>`. common and errors are always there. Server components need nothing.
 */
export function AreaMessages({ areas, children }: { areas: readonly Area[]; children: ReactNode }) {
  const all: Messages = useMessages();
  const wanted = new Set<Area>(["common", "errors", ...areas]);
  const messages = Object.fromEntries(Object.entries(all).filter(([area]) => wanted.has(area as Area)));
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>;
}
