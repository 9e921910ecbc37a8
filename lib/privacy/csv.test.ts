import { expect, test } from "vitest";
import { csvCell } from "./rules";

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
