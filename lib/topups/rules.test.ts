import fc from "fast-check";
import { expect, test } from "vitest";
import { TICKET_STATUSES } from "@/lib/avenia/tickets";
import { feeKindOf, isPaidTwice, mayBecome, minimumOf, shownOf, statusOfTicket, TOP_UP_STATUSES, TOP_UP_TRANSITIONS, type TopUpStatus } from "./rules";

const now = new Date("2026-11-28T12:00:00Z");
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

test.each([
  ["UNPAID", null, 60, "waiting"],
  ["UNPAID", null, -10, "waiting"],
  ["UNPAID", null, -31, "expired"],
  ["PENDING", null, 60, "paid"],
  ["PROCESSING", null, -600, "paid"],
  ["ON-HOLD", null, 60, "held"],
  ["PAID", null, -600, "paid"],
  ["FAILED", "UNDERPAID-DEPOSIT-RETURNED", 60, "underpaid"],
  ["FAILED", "DEPOSIT-AFTER-EXPIRATION", -60, "paid_late"],
  ["FAILED", "PAYER-NOT-ALLOWED", 60, "refused"],
  ["FAILED", null, 60, "refused"],
  ["PARTIAL-FAILED", "SOMETHING-NEW", 60, "refused"],
] as const)("a ticket %s (%s) with %i seconds left is %s", (status, reason, seconds, expected) => {
  expect(statusOfTicket({ status, reason, expiresAt: at(seconds) }, now)).toBe(expected);
});

/** Every pair, so that a new status has to take a stand. */
const ALLOWED: Record<TopUpStatus, string> = {
  quoting: "quoted refused",
  quoted: "quoted opening",
  opening: "waiting quoted refused",
  waiting: "held paid expired underpaid paid_late refused",
  expired: "held paid underpaid paid_late refused",
  held: "paid refused",
  paid: "held done refused",
  done: "paid",
  underpaid: "",
  paid_late: "",
  refused: "",
};
const pairs = TOP_UP_STATUSES.flatMap((from) => TOP_UP_STATUSES.map((to) => [from, to] as const));
test.each(pairs)("%s to %s", (from, to) => {
  expect(mayBecome(from, to)).toBe(from === to || ALLOWED[from].split(" ").includes(to));
});

test("no word of the provider makes a top-up done, and none that is done is undone by one", () => {
  for (const status of TICKET_STATUSES) {
    for (const reason of [null, "DUPLICATED-DEPOSIT-RETURNED", "EXPIRED"]) {
      const word = statusOfTicket({ status, reason, expiresAt: now }, now);
      expect(word).not.toBe("done");
    }
  }
  expect(TOP_UP_TRANSITIONS.done).toEqual(["paid"]);
});

test("only a code that was paid can be paid twice", () => {
  const twice = (status: (typeof TICKET_STATUSES)[number], reason: string | null) => isPaidTwice({ status, reason, expiresAt: null });
  expect([twice("PAID", "DUPLICATED-DEPOSIT-RETURNED"), twice("PROCESSING", "DUPLICATED-DEPOSIT-RETURNED")]).toEqual([true, true]);
  expect([twice("PAID", null), twice("UNPAID", "DUPLICATED"), twice("FAILED", "DUPLICATED")]).toEqual([false, false, false]);
});

test("the page says that a code has run out before a job does, and nothing else by the clock", () => {
  for (const status of TOP_UP_STATUSES) expect(shownOf({ status, secondsLeft: 0, isPaidTwice: false })).toBe(status === "waiting" ? "expired" : status);
  expect(shownOf({ status: "done", secondsLeft: 0, isPaidTwice: true })).toBe("paid_twice");
  expect(shownOf({ status: "waiting", secondsLeft: 5, isPaidTwice: false })).toBe("waiting");
});

test("the least that arrives is never above the price, and within half a percent of it", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (quoted) => {
      const least = minimumOf(quoted);
      expect(least <= quoted && (quoted - least) * 200n <= quoted + 200n).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("fees have names of ours", () => {
  expect(["Conversion Fee", "Gas Fee", "Out Fee", "In Fee", "Markup Fee", "Another"].map(feeKindOf)).toEqual(["conversion", "delivery", "delivery", "pix", "service", "service"]);
});
