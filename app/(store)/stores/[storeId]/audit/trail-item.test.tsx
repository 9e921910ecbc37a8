import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { TrailLine } from "@/lib/audit/store-trail";
import { LOCALES, type Locale } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";
import { TrailItem } from "./trail-item";
import { ACTION_KEYS, FIELD_KEYS } from "./words";

const line = (action: string, changes: Partial<TrailLine> = {}): TrailLine => ({ id: "1", action, at: new Date("2026-11-28T15:00:00Z"), person: { id: "2", name: "Marina Souza" }, member: { id: "3", name: "João" }, before: {}, after: {}, about: {}, ...changes });

function html(locale: Locale, shown: TrailLine): string {
  return renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={messagesOf(locale)}
      timeZone="America/Sao_Paulo"
      onError={(error) => {
        throw error;
      }}
    >
      <TrailItem line={shown} timeZone="America/Sao_Paulo" locale={locale} />
    </NextIntlClientProvider>,
  );
}

test.each(LOCALES)("every word of the trail is a sentence in %s, also when the line says little", (locale) => {
  for (const key of ACTION_KEYS) {
    const text = html(locale, line(key.replace("_", ".")));
    expect([key, text]).toEqual([key, expect.stringContaining("Marina Souza")]);
    expect([key, /undefined|null|\{|\}|audit\./.test(text)]).toEqual([key, false]);
  }
});

test("a change shows what was and what is; markup stays text; what nobody knows has a plain word", () => {
  const before = Object.fromEntries(FIELD_KEYS.map((field) => [field, null]));
  const text = html("pt-BR", line("store.settings_changed", { before: { ...before, name: "Café" }, after: { ...before, name: "<b>Café</b>", refundLimitUsdMicros: "30000000", openingHours: [[], [[540, 1080]]], category: "cafe" }, about: { section: "profile" } }));
  expect(text).toContain("Mudou o perfil");
  expect(text).toContain("&lt;b&gt;Café&lt;/b&gt;");
  expect(text).not.toContain("<b>");
  expect(text).toContain("US$\u00a030,00");
  expect(text).toContain("novos horários");
  expect(html("pt-BR", line("something.new", { person: null }))).toMatch(/Outra mudança[\s\S]*CocoPay/);
  expect(html("en", line("team.role_changed", { before: { role: "staff" }, after: { role: "admin" }, member: { id: "3", name: null } }))).toContain("Changed Removed person from staff to admin");
});
