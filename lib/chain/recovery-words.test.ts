import { mnemonicToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { addressOfOwnerKey, signMessageWithOwnerKey } from "./owner-key";
import { checkRecoveryWords, keyOfRecoveryWords, newRecoveryWords, splitRecoveryWords } from "./recovery-words";

test("new words are right, and are the key that any wallet program makes of them", async () => {
  const words = newRecoveryWords();
  expect(words).toHaveLength(12);
  expect(checkRecoveryWords(words)).toBeNull();
  const wallet = mnemonicToAccount(words.join(" "));
  const key = await keyOfRecoveryWords(words);
  expect(addressOfOwnerKey(key)).toBe(wallet.address.toLowerCase());
  expect(signMessageWithOwnerKey("hello", key)).toBe(await wallet.signMessage({ message: "hello" }));
});

const GOOD = "test test test test test test test test test test test junk";

test("the published vector of twelve words gives its published address", async () => {
  expect(addressOfOwnerKey(await keyOfRecoveryWords(GOOD.split(" ")))).toBe("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
});

test("typed words are read whatever stands between them", () => {
  expect(splitRecoveryWords(`  1. Test 2. TEST\n3) test,${" test".repeat(8)}  Junk. `)).toEqual(GOOD.split(" "));
});

test.each([
  ["", { problem: "too_few", count: 0 }],
  [GOOD.replace(/ junk$/, ""), { problem: "too_few", count: 11 }],
  [`${GOOD} test`, { problem: "too_many", count: 13 }],
  [GOOD.replace("test test test test", "test test tset test"), { problem: "unknown_word", position: 3, word: "tset" }],
  [GOOD.replace(/junk$/, "test"), { problem: "not_together" }],
  ["junk test test test test test test test test test test test", { problem: "not_together" }],
])("what is wrong with %j is said: %j", (text, problem) => {
  expect(checkRecoveryWords(splitRecoveryWords(text))).toEqual(problem);
});
