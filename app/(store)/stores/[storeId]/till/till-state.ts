import type { StoreEvent, StorePayment } from "@/lib/live/rules";

/** What a till shows. Pure: the snapshot of the server, the events since, and what the cashier has seen. */
export type TillState = {
  /** Today's payments, newest first. */
  payments: readonly StorePayment[];
  /** Paid and not yet acknowledged; the last one is on the green screen. */
  green: readonly string[];
  /** Taken back by a reorganisation while still on the green screen: green again, silently, when confirmed again. */
  heldGreen: readonly string[];
  /** Taken back, with a note until confirmed again. */
  takenBack: readonly string[];
  /** Events so far, for a snapshot that is older than they are. */
  events: readonly StoreEvent[];
  /** Counts payments that ask for the sound. */
  chimes: number;
};

export type TillAction =
  | { type: "event"; event: StoreEvent }
  /** A newer list from the server, and the last event that is in it. */
  | { type: "snapshot"; payments: readonly StorePayment[]; lastEventId: string }
  /** A payment of the list that arrived while the page was being drawn or the till was being unlocked. */
  | { type: "unseen"; paymentId: string }
  /** "Próxima venda". */
  | { type: "next" };

const EVENTS_KEPT = 300;

export const firstTillState = (payments: readonly StorePayment[]): TillState => ({ payments, green: [], heldGreen: [], takenBack: takenBackOf(payments), events: [], chimes: 0 });

export function nextTillState(state: TillState, action: TillAction): TillState {
  if (action.type === "next") return { ...state, green: state.green.slice(0, -1) };
  if (action.type === "snapshot") {
    const missing = state.events.filter(({ id }) => BigInt(id) > BigInt(action.lastEventId));
    const payments = missing.reduce(withEvent, action.payments);
    return { ...state, payments, takenBack: takenBackOf(payments) };
  }
  if (action.type === "unseen") {
    const { paymentId: id } = action;
    const isPaid = state.payments.some((payment) => payment.id === id && payment.state === "paid");
    return isPaid && !state.green.includes(id) ? { ...state, green: [...state.green, id], chimes: state.chimes + 1 } : state;
  }
  const { event } = action;
  // The stream sends an event once; a second line to the same server may send it again.
  if (state.events.some(({ id }) => id === event.id)) return state;
  const next = { ...state, events: [...state.events, event].slice(-EVENTS_KEPT), payments: withEvent(state.payments, event) };
  const { id } = event.payment;
  const isGreen = state.green.includes(id);
  if (stateAfter(event) === "checking") {
    return {
      ...next,
      green: without(state.green, id),
      heldGreen: isGreen ? [...without(state.heldGreen, id), id] : state.heldGreen,
      takenBack: [...without(state.takenBack, id), id],
    };
  }
  const isNew = event.kind === "paid" && !isGreen;
  const isHeld = state.heldGreen.includes(id);
  return {
    ...next,
    green: isNew || isHeld ? [...without(state.green, id), id] : state.green,
    heldGreen: without(state.heldGreen, id),
    takenBack: without(state.takenBack, id),
    chimes: isNew ? state.chimes + 1 : state.chimes,
  };
}

/** An event of the past about a payment that was since taken back must not turn the screen green. */
const stateAfter = ({ kind, payment }: StoreEvent): StorePayment["state"] => (kind === "checking_again" || payment.state === "checking" ? "checking" : "paid");

function withEvent(payments: readonly StorePayment[], event: StoreEvent): readonly StorePayment[] {
  const payment = { ...event.payment, state: stateAfter(event) };
  const isListed = payments.some(({ id }) => id === payment.id);
  return isListed ? payments.map((known) => (known.id === payment.id ? payment : known)) : [payment, ...payments];
}

const without = (ids: readonly string[], gone: string): readonly string[] => ids.filter((id) => id !== gone);
const takenBackOf = (payments: readonly StorePayment[]): readonly string[] => payments.filter(({ state }) => state === "checking").map(({ id }) => id);

/** The payment on the green screen. */
export const greenPayment = ({ green, payments }: TillState): StorePayment | undefined => payments.find(({ id }) => id === green.at(-1));

/** Paid today: how many, and their sum in reais, with what the server had summed of payments beyond the list. */
export function totalOf(payments: readonly StorePayment[]): { count: number; sumBrlCentavos: bigint } {
  const paid = payments.filter(({ state }) => state === "paid");
  return { count: paid.length, sumBrlCentavos: paid.reduce((sum, { amountBrlCentavos }) => sum + BigInt(amountBrlCentavos ?? 0), 0n) };
}
