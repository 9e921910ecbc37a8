import { expect, test } from "vitest";
import { IDENTITY_STATUSES, mayIdentityBecome, mayTryAgain, type IdentityStatus } from "./rules";

/** Every pair, so that a new status has to take a stand. */
const ALLOWED: Record<IdentityStatus, string> = {
  requested: "open approved",
  open: "processing approved rejected expired",
  processing: "approved rejected expired",
  rejected: "requested approved",
  expired: "requested approved",
  approved: "",
};

test.each(IDENTITY_STATUSES.flatMap((from) => IDENTITY_STATUSES.map((to) => [from, to] as const)))("%s to %s", (from, to) => {
  expect(mayIdentityBecome(from, to)).toBe(from === to || ALLOWED[from].split(" ").includes(to));
});

test.each(IDENTITY_STATUSES)("whether a person who is %s may begin anew", (status) => {
  expect(mayTryAgain({ status, isRetryable: true })).toBe(status === "rejected" || status === "expired");
  expect(mayTryAgain({ status, isRetryable: false })).toBe(status === "expired");
});
