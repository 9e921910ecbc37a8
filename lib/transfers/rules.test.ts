import { expect, test } from "vitest";
import { canCancel, noteOf, receiveCodeFromBytes, receiveCodeOf, sendStateOf, shownName } from "./rules";

test.each([
  ["  trilha  de\nsábado ", "trilha de sábado"],
  ["", null],
  [" \u200b\u202e ", null],
  ["<b>oi</b>", "<b>oi</b>"],
  ["pix\u202egnirts", "pixgnirts"],
  ["a\u0000b\u0007c", "abc"],
  ["x".repeat(140), "x".repeat(140)],
])("the note %j is kept as %j", (typed, kept) => {
  expect(noteOf(typed)).toBe(kept);
});

test("a note has an end", () => {
  expect(() => noteOf("x".repeat(141))).toThrow("note_too_long");
  // The column counts code units of what PostgreSQL counts as characters; neither may be passed.
  expect(() => noteOf("🥥".repeat(141))).toThrow("note_too_long");
});

test.each([
  ["Ana Maria Souza", false, "Ana S."],
  ["Ana", false, "Ana"],
  ["  ana   souza ", null, "ana S."],
  ["Ana Souza", true, null],
  ["", false, null],
  [null, null, null],
] as const)("%j (hidden: %j) is shown as %j", (name, hideName, shown) => {
  expect(shownName({ name, hideName })).toBe(shown);
});

test.each([
  ["k7p4 qxab-cdef", "K7P4QXABCDEF"],
  ["K7P4QXABCDE", null],
  ["K7P4QXABCDE1", null],
  ["../../etc/pas", null],
])("%s is the code %j", (typed, code) => {
  expect(receiveCodeOf(typed)).toBe(code);
});

test("a code made of bytes is a code", () => {
  expect(receiveCodeOf(receiveCodeFromBytes(Uint8Array.from({ length: 12 }, (_, index) => index * 21)))).not.toBeNull();
});

test.each([
  [{ transaction: "pending", isHeld: true, phoneSend: "waiting" }, "waiting", true],
  [{ transaction: "pending", isHeld: true, phoneSend: "claimed" }, "unconfirmed", true],
  [{ transaction: "pending", isHeld: false, phoneSend: "claimed" }, "sending", false],
  [{ transaction: "pending", isHeld: false, phoneSend: null }, "sending", false],
  [{ transaction: "confirmed", isHeld: false, phoneSend: "claimed" }, "done", false],
  [{ transaction: "confirmed", isHeld: false, phoneSend: null }, "done", false],
  [{ transaction: "failed", isHeld: false, phoneSend: null }, "failed", false],
  [{ transaction: "failed", isHeld: false, phoneSend: "claimed" }, "failed", false],
  // Ended by word at once, though the money comes free with the follower's next look.
  [{ transaction: "pending", isHeld: false, phoneSend: "cancelled" }, "cancelled", false],
  [{ transaction: "failed", isHeld: false, phoneSend: "returned" }, "returned", false],
] as const)("%j is %s", (facts, state, isCancellable) => {
  expect(sendStateOf(facts)).toBe(state);
  expect(canCancel(state)).toBe(isCancellable);
});
