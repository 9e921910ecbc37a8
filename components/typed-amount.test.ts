import { expect, test } from "vitest";
import type { KeypadKey } from "./keypad";
import { pressKey, readEdited, readPasted } from "./typed-amount";

const typed = (keys: KeypadKey[], from = 0n) => keys.reduce(pressKey, from);

test("amounts are typed from the right", () => {
  expect(typed(["4"])).toBe(4n);
  expect(typed(["4", "5"])).toBe(45n);
  expect(typed(["4", "5", "0", "0"])).toBe(4500n);
  expect(typed(["4", "5", "00"])).toBe(4500n);
  expect(typed(["0", "00", "7"])).toBe(7n);
});

test("delete takes the last digit, holding it takes all", () => {
  expect(typed(["delete"], 4500n)).toBe(450n);
  expect(typed(["delete"], 4n)).toBe(0n);
  expect(typed(["clear"], 123456n)).toBe(0n);
});

test("a key that does not fit changes nothing", () => {
  expect(typed(["9"], 999_999_999n)).toBe(999_999_999n);
  expect(typed(["00"], 99_999_999n)).toBe(99_999_999n);
});

test.each([
  ["38,50", 3850n],
  ["38.50", 3850n],
  ["1.234,56", 123456n],
  ["1,234.56", 123456n],
  ["R$ 38,50", 3850n],
])("pasted %s keeps its value", (text, cents) => {
  expect(readPasted(text)).toEqual({ ok: true, cents });
  expect(readEdited(text, { inputType: "insertFromPaste" })).toEqual({ ok: true, cents });
  expect(readEdited(text, { inputType: "insertText", data: text })).toEqual({ ok: true, cents });
  expect(readEdited(text, {})).toEqual({ ok: true, cents });
});

test("what has two readings is refused", () => {
  expect(readPasted("1.234")).toEqual({ ok: false, code: "amount_ambiguous" });
  expect(readEdited("1.234", { inputType: "insertText", data: "1.234" })).toEqual({ ok: false, code: "amount_ambiguous" });
  expect(readPasted("abc")).toEqual({ ok: false, code: "amount_invalid" });
});

test.each([
  ["0,004", { inputType: "insertText", data: "4" }, 4n],
  ["4,500", { inputType: "insertText", data: "0" }, 4500n],
  ["4,5", { inputType: "deleteContentBackward", data: null }, 45n],
  ["", { inputType: "deleteContentBackward", data: null }, 0n],
  ["4,50x", { inputType: "insertText", data: "x" }, 450n],
  ["0,003,00", { inputType: "insertText", data: "3,00" }, 300n],
  ["3,000,00", { inputType: "insertReplacementText", data: "3,00" }, 300n],
  ["", {}, 0n],
])("an edit to %j by %j", (text, edit, cents) => {
  expect(readEdited(text, edit)).toEqual({ ok: true, cents });
});
