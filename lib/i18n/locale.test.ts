import { expect, test } from "vitest";
import { chooseLocale, localeOfAcceptLanguage } from "./locale";

test.each([
  [null, "pt-BR"],
  ["", "pt-BR"],
  ["en-US,en;q=0.9", "en"],
  ["pt-PT,pt;q=0.9", "pt-BR"],
  ["es-AR,es;q=0.9,en;q=0.8", "es"],
  ["fr-FR,fr;q=0.9,es;q=0.8,en;q=0.7", "es"],
  ["en;q=0.4, es;q=0.9", "es"],
  ["de,*;q=0.5", "pt-BR"],
  ["en;q=0", "pt-BR"],
  ["EN", "en"],
  [";;;,,q=1", "pt-BR"],
])("Accept-Language %j is %s", (header, locale) => {
  expect(localeOfAcceptLanguage(header)).toBe(locale);
});

test("the cookie wins over the device, and only with a language we speak", () => {
  expect(chooseLocale("es", "en")).toBe("es");
  expect(chooseLocale("xx", "en")).toBe("en");
  expect(chooseLocale(undefined, undefined)).toBe("pt-BR");
});
