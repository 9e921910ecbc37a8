import { expect, test } from "vitest";
import { requestStateOf } from "./rules";

const now = new Date("2026-11-28T12:00:00Z");
const later = new Date(now.getTime() + 1);

test.each([
  [{ transaction: null, cancelledAt: null, expiresAt: later }, "open"],
  [{ transaction: null, cancelledAt: null, expiresAt: now }, "expired"],
  [{ transaction: null, cancelledAt: now, expiresAt: later }, "cancelled"],
  [{ transaction: "pending", cancelledAt: null, expiresAt: now }, "paying"],
  [{ transaction: "confirmed", cancelledAt: now, expiresAt: now }, "paid"],
  // A payment that did not go through leaves it open for another try.
  [{ transaction: "failed", cancelledAt: null, expiresAt: later }, "open"],
  [{ transaction: "failed", cancelledAt: null, expiresAt: now }, "expired"],
  [{ transaction: "failed", cancelledAt: now, expiresAt: later }, "cancelled"],
] as const)("%j is %s", (facts, state) => {
  expect(requestStateOf(facts, now)).toBe(state);
});
