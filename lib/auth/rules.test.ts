import { expect, test } from "vitest";
import { parseCode, parsePersonName } from "./rules";

test.each([
  ["  Marina   da Silva ", "Marina da Silva"],
  ["José", "José"],
  ["Jose\u0301", "José"],
  ["D'Ávila Sant’Anna Jr.", "D'Ávila Sant’Anna Jr."],
  ["Ana-Lúcia 2", "Ana-Lúcia 2"],
  ["王小明", "王小明"],
  ["محمد علي", "محمد علي"],
])("%s is a name", (typed, name) => {
  expect(parsePersonName(typed)).toBe(name);
});

test.each(["", " ", "A", "1234", "<b>Ana</b>", "Ana\u202Eanir", "\u200fAna", "Ana\nMaria", "Ana\u0000", "Ana 🍀", "a".repeat(101), "a".repeat(1_000_000), "=HYPERLINK(1)", "http://x.io/a"])(
  "%j is no name",
  (typed) => {
    expect(() => parsePersonName(typed)).toThrow(expect.objectContaining({ code: "name_invalid" }));
  },
);

test.each([
  ["123456", "123456"],
  [" 123 456 ", "123456"],
  ["123-456", "123456"],
  ["12345", null],
  ["1234567", null],
  ["12345a", null],
  ["١٢٣٤٥٦", null],
  ["", null],
])("the code in %j is %j", (typed, code) => {
  expect(parseCode(typed)).toBe(code);
});
