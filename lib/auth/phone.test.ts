import { expect, test } from "vitest";
import { maskPhone, parsePhone } from "./phone";

test.each([
  ["11 98765-4321", "BR", "+5511987654321"],
  ["(11) 98765-4321", "BR", "+5511987654321"],
  ["011 98765 4321", "BR", "+5511987654321"],
  ["0 15 11 98765 4321", "BR", "+5511987654321"],
  ["5511987654321", "BR", "+5511987654321"],
  ["+55 11 98765-4321", "US", "+5511987654321"],
  ["١١٩٨٧٦٥٤٣٢١", "BR", "+5511987654321"],
  ["11 2345-6789", "AR", "+5491123456789"],
  ["011 15 2345-6789", "AR", "+5491123456789"],
  ["+54 9 11 2345 6789", "BR", "+5491123456789"],
  ["+54 11 2345 6789", "BR", "+5491123456789"],
  ["099 123 456", "UY", "+59899123456"],
  ["0981 123456", "PY", "+595981123456"],
  ["9 8765 4321", "CL", "+56987654321"],
  ["912 345 678", "PT", "+351912345678"],
  ["(415) 555-2671", "US", "+14155552671"],
])("%s of %s is %s", (typed, country, number) => {
  expect(parsePhone(typed, country).number).toBe(number);
});

test("Brazil is the default country", () => {
  expect(parsePhone("11 98765-4321")).toEqual({ number: "+5511987654321", shown: "+55 11 98765 4321" });
});

test.each([
  ["", "BR"],
  ["123", "BR"],
  ["98765-4321", "BR"],
  ["(11) 3333-4444", "BR"],
  ["211 234 567", "PT"],
  ["11 98765-4321 x5", "BR"],
  ["tel:+5511987654321;ext=3", "BR"],
  ["+55119876543210000", "BR"],
  ["<b>11987654321</b>", "BR"],
  ["9".repeat(5000), "BR"],
  ["1-800-FLOWERS", "US"],
])("%s of %s is no mobile phone", (typed, country) => {
  expect(() => parsePhone(typed, country)).toThrow(expect.objectContaining({ code: "phone_invalid" }));
});

test.each([
  ["+44 7911 123456", "BR"],
  ["+1 416 555 0123", "BR"],
  ["+1 242 359 1234", "US"],
  ["+880 1712 345678", "BR"],
  ["170 1234567", "DE"],
  ["11 98765-4321", "'; --"],
])("%s of %s is a country that we do not text", (typed, country) => {
  expect(() => parsePhone(typed, country)).toThrow(expect.objectContaining({ code: "phone_country_unsupported" }));
});

test("a masked phone keeps the country and two digits", () => {
  expect(maskPhone("+5511987654321")).toBe("+55•••••••••21");
});
