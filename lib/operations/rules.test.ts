import { expect, test } from "vitest";
import { ATTEMPTS_MAX, isWithinSponsorship, refusalOf, retryDelayMs, SPONSORED_GAS_MAX, SPONSORED_OPERATIONS_MAX } from "./rules";

test.each([
  ["AA25 invalid account nonce", "landed"],
  ["AA22 expired or not due", "expired"],
  ["AA32 paymaster expired or not due", "expired"],
  ["AA31 paymaster deposit too low", "wait"],
  ["AA10 sender already constructed", "sign_again"],
  ["AA24 signature error", "sign_again"],
  ["AA33 reverted: BundlerNotAllowed(0x00)", "sign_again"],
  ["something else", "sign_again"],
])("%s means %s", (reason, refusal) => {
  expect(refusalOf(reason)).toBe(refusal);
});

test("waits grow and end after about fifteen seconds", () => {
  const delays = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => retryDelayMs(index + 1));
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
});

test("an account's sponsored operations and gas of a day end", () => {
  expect(isWithinSponsorship({ operations: 0, gas: 0n })).toBe(true);
  expect(isWithinSponsorship({ operations: SPONSORED_OPERATIONS_MAX, gas: 0n })).toBe(false);
  expect(isWithinSponsorship({ operations: 1, gas: SPONSORED_GAS_MAX })).toBe(false);
});
