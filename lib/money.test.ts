import fc from "fast-check";
import { expect, test } from "vitest";
import { brlCentavosFromUsd, centsFromTyped, decimalFromUsdMicros, usdMicrosFromBrl, usdMicrosFromDecimal } from "./money";

test.each([
  ["4500", 4_500n],
  ["45,00", 4_500n],
  ["45.00", 4_500n],
  ["25,5", 2_550n],
  ["1.234,56", 123_456n],
  ["1,234.56", 123_456n],
  ["R$ 1.234.567,89", 123_456_789n],
  ["US$\u00a07.00", 700n],
  ["0,01", 1n],
])("%s is %s cents", (text, cents) => expect(centsFromTyped(text)).toBe(cents));

test.each([
  ["", "amount_missing"],
  ["R$", "amount_missing"],
  ["-1", "amount_negative"],
  ["−1", "amount_negative"],
  ["1e9", "amount_invalid"],
  ["25.505", "amount_ambiguous"],
  ["1,234", "amount_ambiguous"],
  ["0,005", "amount_too_precise"],
  ["25,5055", "amount_too_precise"],
  ["1.23.45", "amount_invalid"],
  ["5,", "amount_invalid"],
  ["9".repeat(40), "amount_too_large"],
  ["٤٥", "amount_invalid"],
])("%s is refused with %s", (text, code) => expect(() => centsFromTyped(text)).toThrow(code));

test("decimal text and micro-dollars are the same number", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (micros) => usdMicrosFromDecimal(decimalFromUsdMicros(micros)) === micros));
});

test("reais converted and shown again are the reais that were typed", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 11n }), fc.bigInt({ min: 500_000n, max: 20_000_000n }), (centavos, rate) => {
      const micros = usdMicrosFromBrl(centavos, rate);
      return micros * rate >= centavos * 10n ** 10n && brlCentavosFromUsd(micros, rate) === centavos;
    }),
  );
});
