import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { LOCALES, type Locale } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";
import type { ShownClaim } from "../shown-claim";
import { ClaimLines } from "./claim-lines";

const ADVANCE: ShownClaim = {
  signed: "", way: "advance", stores: [], netUsdMicros: 47_000_000n, grossUsdMicros: 50_000_000n, protocolFeeUsdMicros: 1_250_000n, networkFeeUsdMicros: 500_000n, storeFeeUsdMicros: 1_250_000n,
  boundUsdMicros: 46_530_000n, feeFreeUntil: null, endsAt: null, remainingUsdMicros: null, brlPerUsdMicros: 5_500_000n, rateAt: new Date(0), secondsLeft: 60,
};
const say = (locale: Locale, claim: ShownClaim) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} messages={messagesOf(locale)} timeZone="America/Sao_Paulo">
      <ClaimLines claim={claim} />
    </NextIntlClientProvider>,
  )
    .replace(/<[^>]+>/g, "|").replace(/\|+/g, "|").replace(/\u00a0/g, " ");

test.each(LOCALES)("a prepaid fee of 250 basis points is 2.5 %% in %s", (locale) => {
  const percent = locale === "en" ? "2.5 %" : "2,5 %";
  expect(say(locale, ADVANCE).split(percent)).toHaveLength(3);
});

test("an advance shows every fee and what is guaranteed; cashing out says that there are none", () => {
  expect(say("pt-BR", ADVANCE)).toBe("|Adiantamento|R$ 275,00|Taxa antecipada, 2,5 %|− R$ 6,87|Taxa do protocolo, 2,5 %|− R$ 6,88|Taxa da rede, 1 %|− R$ 2,75|Você recebe|R$ 258,50|Mínimo garantido|R$ 255,92|");
  const free = { ...ADVANCE, way: "cash_out" as const, netUsdMicros: 50_000_000n, protocolFeeUsdMicros: 0n, networkFeeUsdMicros: 0n, storeFeeUsdMicros: 0n, boundUsdMicros: 49_500_000n };
  expect(say("en", free)).toContain("|Value of the rewards|R$275.00|Fees|none|You get|");
});

test("a repayment says what it pays off, the fee for being late, and the most that it may cost", () => {
  const repayment = { ...ADVANCE, way: "repayment" as const, grossUsdMicros: 10_000_000n, storeFeeUsdMicros: 250_000n, netUsdMicros: 10_250_000n, boundUsdMicros: 10_352_500n };
  expect(say("es", repayment)).toMatch(/^\|Parte del adelanto\|.*55.00\|Comisión por atraso\|.*1.38\|Devuelves\|.*56.38\|Como máximo\|.*56.94\|$/);
});
