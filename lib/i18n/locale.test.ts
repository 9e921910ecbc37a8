import { expect, test } from "vitest";
import { chooseLocale } from "./locale";

test("the person's choice wins, and only with a language we speak; else it is pt-BR", () => {
  expect(chooseLocale("es")).toBe("es");
  expect(chooseLocale("xx")).toBe("pt-BR");
  expect(chooseLocale(undefined)).toBe("pt-BR");
});
