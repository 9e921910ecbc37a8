import { describe, expect, test } from "vitest";
import type { StoreEvent, StorePayment } from "@/lib/live/rules";
import { firstTillState, greenPayment, nextTillState, totalOf, type TillState } from "./till-state";

const payment = (id: string, changes: Partial<StorePayment> = {}): StorePayment => ({ id, amountUsdMicros: "7000000", amountBrlCentavos: "3850", payerName: "Marina", isPayerRemoved: false, chargeId: null, code: `CODE${id}`, at: "2026-11-22T17:02:37.000Z", state: "paid", outside: null, ...changes });
const event = (id: string, kind: StoreEvent["kind"], of: StorePayment): StoreEvent => ({ id, kind, payment: { ...of, state: kind === "checking_again" ? "checking" : of.state } });
const after = (state: TillState, ...events: StoreEvent[]) => events.reduce((now, next) => nextTillState(now, { type: "event", event: next }), state);
const [a, b] = [payment("a"), payment("b")];

describe("the till", () => {
  test("opens quiet, with what was paid before", () => {
    const state = firstTillState([a]);
    expect([greenPayment(state), state.chimes, state.payments]).toEqual([undefined, 0, [a]]);
  });

  test("turns green with one chime, stays until the next sale, and lists the payment", () => {
    const state = after(firstTillState([]), event("1", "paid", a));
    expect([greenPayment(state), state.chimes, state.payments]).toEqual([a, 1, [a]]);
    expect(greenPayment(nextTillState(state, { type: "next" }))).toBeUndefined();
  });

  test("the newest of several is on top, the others wait their turn", () => {
    let state = after(firstTillState([]), event("1", "paid", a), event("2", "paid", b));
    expect([greenPayment(state)?.id, state.green.length, state.chimes]).toEqual(["b", 2, 2]);
    state = nextTillState(state, { type: "next" });
    expect(greenPayment(state)?.id).toBe("a");
  });

  test("what was paid as the page was drawn is green with one chime, also when its event comes after all; what was taken back is not", () => {
    const unseen = { type: "unseen", paymentId: "a" } as const;
    let state = nextTillState(nextTillState(firstTillState([a]), unseen), unseen);
    expect([greenPayment(state), state.chimes]).toEqual([a, 1]);
    state = after(state, event("1", "paid", a));
    expect([state.green, state.chimes]).toEqual([["a"], 1]);
    expect(greenPayment(nextTillState(firstTillState([payment("a", { state: "checking" })]), unseen))).toBeUndefined();
    expect(greenPayment(nextTillState(firstTillState([]), unseen))).toBeUndefined();
  });

  test("an event that comes twice counts once", () => {
    const state = after(firstTillState([]), event("1", "paid", a), event("1", "paid", a));
    expect([state.green.length, state.chimes, state.payments.length]).toEqual([1, 1, 1]);
  });

  test("a reorganisation takes the green back without a sound, and confirming again restores it without one", () => {
    let state = after(firstTillState([]), event("1", "paid", a), event("2", "checking_again", a));
    expect([greenPayment(state), state.takenBack, state.payments[0]?.state, state.chimes]).toEqual([undefined, ["a"], "checking", 1]);
    state = after(state, event("3", "confirmed_again", a));
    expect([greenPayment(state)?.id, state.takenBack, state.payments[0]?.state, state.chimes]).toEqual(["a", [], "paid", 1]);
  });

  test("what the cashier had acknowledged does not turn green again", () => {
    let state = nextTillState(after(firstTillState([]), event("1", "paid", a)), { type: "next" });
    state = after(state, event("2", "checking_again", a));
    expect(state.takenBack).toEqual(["a"]);
    state = after(state, event("3", "confirmed_again", a));
    expect([greenPayment(state), state.payments[0]?.state, state.chimes]).toEqual([undefined, "paid", 1]);
  });

  test("a late event of a payment that was taken back since is neither green nor heard", () => {
    const late: StoreEvent = { id: "1", kind: "paid", payment: { ...a, state: "checking" } };
    const state = after(firstTillState([]), late, event("2", "checking_again", a));
    expect([greenPayment(state), state.chimes, state.takenBack]).toEqual([undefined, 0, ["a"]]);
  });

  test("a newer list keeps events that are newer than it, and the green screen", () => {
    let state = after(firstTillState([]), event("7", "paid", a), event("8", "paid", b));
    state = nextTillState(state, { type: "snapshot", payments: [a], lastEventId: "7" });
    expect([state.payments.map(({ id }) => id), greenPayment(state)?.id, state.chimes]).toEqual([["b", "a"], "b", 2]);
    state = nextTillState(state, { type: "snapshot", payments: [b, a], lastEventId: "8" });
    expect(state.payments.map(({ id }) => id)).toEqual(["b", "a"]);
  });

  test("opens with a note for what is being checked again", () => {
    expect(firstTillState([payment("a", { state: "checking" })]).takenBack).toEqual(["a"]);
  });

  test("the total leaves out what is being checked", () => {
    expect(totalOf([a, payment("c", { state: "checking" }), payment("d", { amountBrlCentavos: "150" })])).toEqual({ count: 2, sumBrlCentavos: 4_000n });
  });
});
