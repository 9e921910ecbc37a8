import { expect, test } from "vitest";
import { CODE_PURPOSES } from "@/lib/auth/rules";
import { LOCALES } from "@/lib/i18n/locale";
import { codeMessage } from "./code-message";

test.each(LOCALES.flatMap((locale) => CODE_PURPOSES.map((purpose) => [purpose, locale] as const)))("the %s message in %s is one GSM-7 segment, ends with the autofill line, and keeps room for a long host", (purpose, locale) => {
  const body = codeMessage({ code: "012345", purpose, locale, appUrl: "https://pagamentos.app.cocopay.example:8443/x" });
  expect(body).toMatch(/^[A-Za-z0-9 .,:;?@#\n-]+$/);
  expect(body.length).toBeLessThanOrEqual(160);
  expect(body.split("\n").at(-1)).toBe("@pagamentos.app.cocopay.example #012345");
  expect(body.split("012345")).toHaveLength(3);
});
