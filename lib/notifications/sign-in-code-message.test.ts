import { expect, test } from "vitest";
import { LOCALES } from "@/lib/i18n/locale";
import { signInCodeMessage } from "./sign-in-code-message";

test.each(LOCALES)("the %s message is one GSM-7 segment, ends with the autofill line, and keeps room for a long host", (locale) => {
  const body = signInCodeMessage({ code: "012345", locale, appUrl: "https://pagamentos.app.cocopay.example:8443/x" });
  expect(body).toMatch(/^[A-Za-z0-9 .,:;@#\n-]+$/);
  expect(body.length).toBeLessThanOrEqual(160);
  expect(body.split("\n").at(-1)).toBe("@pagamentos.app.cocopay.example #012345");
  expect(body.split("012345")).toHaveLength(3);
});
