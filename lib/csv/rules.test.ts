import { expect, test } from "vitest";
import { CSV_DIALECTS, csvCell, csvLine } from "./rules";

test.each([
  ["=1+1", "'=1+1"],
  ["+55 48", "'+55 48"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tcmd", "'\tcmd"],
  ["\rcmd", "\"'\rcmd\""],
  ['=HYPERLINK("http://x";"y")', '"\'=HYPERLINK(""http://x"";""y"")"'],
  ["Café; da Praia", '"Café; da Praia"'],
  ['diz "oi"', '"diz ""oi"""'],
  ["a\r\nb", '"a\r\nb"'],
  ["a=b", "a=b"],
  [" leading", '" leading"'],
  [-5, "-5"],
  [true, "true"],
  [null, ""],
])("the cell %j is written %j", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test.each([
  ["1250", 2, "12,50", "12.50"],
  ["-5", 2, "-0,05", "-0.05"],
  ["7000000", 6, "7,000000", "7.000000"],
  ["0", 2, "0,00", "0.00"],
  ["12", 0, "12", "12"],
])("the amount %s with %i decimals keeps every digit in both spellings", (amount, decimals, brazilian, international) => {
  const value = { amount: BigInt(amount), decimals };
  expect([csvCell(value), csvCell(value, CSV_DIALECTS.international)]).toEqual([brazilian, international]);
});

test("each spelling quotes its own separator, and no other", () => {
  expect(csvLine(["a;b", "a,b"], CSV_DIALECTS["pt-BR"])).toBe('"a;b";a,b\r\n');
  expect(csvLine(["a;b", "a,b"], CSV_DIALECTS.international)).toBe('a;b,"a,b"\r\n');
});

test("a number of the database keeps its digits, and nothing else passes for one", () => {
  expect([csvCell({ decimal: "-7.000001" }), csvCell({ decimal: "-7.000001" }, CSV_DIALECTS.international)]).toEqual(["-7,000001", "-7.000001"]);
  expect(csvLine([{ decimal: "1.5" }], { separator: ",", decimal: ",", hasMark: false })).toBe('"1,5"\r\n');
  expect(() => csvCell({ decimal: "=1+1" })).toThrow("Not a number");
});
