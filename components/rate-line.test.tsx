import { renderToStaticMarkup } from "react-dom/server";
import { NextIntlClientProvider } from "next-intl";
import { expect, test } from "vitest";
import { LOCALES } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";
import { RateLine } from "./rate-line";

const now = new Date("2026-11-30T12:00:00Z");
const shown = (locale: (typeof LOCALES)[number], at: string) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} messages={messagesOf(locale)} timeZone="America/Sao_Paulo">
      <RateLine brlPerUsdMicros={5_432_100n} at={new Date(at)} now={now} />
    </NextIntlClientProvider>,
  )
    .replace(/<[^>]+>/g, "")
    .replaceAll("\u00a0", " ");

test("today's rate has its time, an older one its day, and from 36 hours on its age stands out", () => {
  expect(shown("pt-BR", "2026-11-30T11:02:00Z")).toBe("dólar a R$ 5,43 às 08:02");
  expect(shown("pt-BR", "2026-11-29T13:00:00Z")).toBe("dólar a R$ 5,43 de 29 de nov. de 2026");
  expect(shown("pt-BR", "2026-11-27T16:08:27Z")).toBe("dólar a R$ 5,43 de 27 de nov. de 2026 · cotação antiga, anteontem");
  expect(shown("en", "2026-11-26T16:08:27Z")).toContain("old rate, 3 days ago");
  expect(shown("es", "2026-11-26T16:08:27Z")).toContain("cotización antigua, hace 3 días");
});
