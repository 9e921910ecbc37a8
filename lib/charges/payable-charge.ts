import "server-only";
import { sql } from "@/db/client";
import { DomainError, invariant } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal, type Currency } from "@/lib/money";
import { shownName } from "@/lib/transfers/rules";
import { chargeStateOf, type ChargeLine, type ChargeState } from "./rules";

/** A charge with its state, and who paid or pays it. */
export type Charge = {
  id: string;
  storeId: string;
  shortCode: string;
  currency: Currency;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  brlPerUsdMicros: bigint;
  rateAt: Date;
  lines: ChargeLine[];
  note: string | null;
  isTipAllowed: boolean;
  createdBy: string;
  tillId: string | null;
  customerId: string | null;
  /** "Ana M.", where the customer's code was scanned; null without one, and for whoever hides the name. */
  customerName: string | null;
  state: ChargeState;
  /** The payment that took it: on its way, or done. */
  payment: { transactionId: string; payerId: string | null; payerName: string | null } | null;
  /** The page of the wallet that holds it, or that paid it; public, as it stands in the memo. */
  walletReference: string | null;
  /** A wallet holds it: for at most so long, and whether it says that it has paid. Null without one. */
  hold: { secondsLeft: number; isReported: boolean } | null;
  expiresAt: Date;
  createdAt: Date;
};

export type ChargeRow = {
  id: string; store_id: string; short_code: string | null; currency: Currency; amount_usd: string; amount_brl_centavos: string; brl_per_usd: string; rate_at: Date; items: ChargeLine[] | null;
  note: string | null; is_tip_allowed: boolean; created_by: string; till_id: string | null; customer_id: string | null; customer_name: string | null; customer_hidden: boolean | null;
  transaction_id: string | null; transaction: "pending" | "confirmed" | "failed" | null; payer_id: string | null; payer_name: string | null; payer_hidden: boolean | null;
  wallet_reference: string | null; hold_seconds: number | null; hold_reported: boolean | null;
  cancelled_at: Date | null; expires_at: Date; created_at: Date;
};

/** The rows behind charges; give it a condition. */
export const chargeRows = () => sql`
  SELECT c.id, c.store_id, s.short_code, c.currency, c.amount_usd::text, c.amount_brl_centavos::text, c.brl_per_usd::text, c.rate_at, c.items, c.note, c.is_tip_allowed,
         c.created_by, c.till_id, c.customer_id, m.name AS customer_name, m.hide_name AS customer_hidden,
         c.transaction_id, t.status AS transaction, t.from_user_id AS payer_id, p.name AS payer_name, p.hide_name AS payer_hidden,
         CASE WHEN t.status <> 'failed' THEN (SELECT g.reference FROM outside_payments o JOIN guest_payments g ON g.id = o.guest_payment_id WHERE o.transaction_id = t.id) ELSE h.reference END AS wallet_reference,
         h.wait_seconds AS hold_seconds, h.is_reported AS hold_reported,
         c.cancelled_at, c.expires_at, c.created_at
  FROM charges c
  JOIN stores s ON s.id = c.store_id
  LEFT JOIN users m ON m.id = c.customer_id
  LEFT JOIN transactions t ON t.id = c.transaction_id
  LEFT JOIN users p ON p.id = t.from_user_id
  LEFT JOIN LATERAL charge_hold(c.id) h ON TRUE`;

export function chargeOf(row: ChargeRow, now: Date): Charge {
  invariant(row.short_code, `store ${row.store_id} has no short code`);
  const state = chargeStateOf({ transaction: row.transaction, cancelledAt: row.cancelled_at, expiresAt: row.expires_at, isHeld: row.hold_seconds !== null }, now);
  const isTaken = state === "paying" || state === "paid";
  return {
    id: row.id,
    storeId: row.store_id,
    shortCode: row.short_code,
    currency: row.currency,
    amountUsdMicros: usdMicrosFromDecimal(row.amount_usd),
    amountBrlCentavos: BigInt(row.amount_brl_centavos),
    brlPerUsdMicros: usdMicrosFromDecimal(row.brl_per_usd),
    rateAt: row.rate_at,
    lines: row.items ?? [],
    note: row.note,
    isTipAllowed: row.is_tip_allowed,
    createdBy: row.created_by,
    tillId: row.till_id,
    customerId: row.customer_id,
    customerName: row.customer_id ? shownName({ name: row.customer_name, hideName: row.customer_hidden }) : null,
    state,
    payment: isTaken && row.transaction_id && row.transaction !== "failed" ? { transactionId: row.transaction_id, payerId: row.payer_id, payerName: shownName({ name: row.payer_name, hideName: row.payer_hidden }) } : null,
    walletReference: row.wallet_reference,
    hold: state === "paying" && row.transaction !== "pending" && row.hold_seconds !== null ? { secondsLeft: row.hold_seconds, isReported: row.hold_reported ?? false } : null,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}

/** A charge by its id, for whoever has the link. Fails with not_found. */
export async function findCharge(chargeId: string, now = new Date()): Promise<Charge> {
  const [row] = isId(chargeId) ? await sql<ChargeRow[]>`${chargeRows()} WHERE c.id = ${chargeId}` : [];
  if (!row) throw new DomainError("not_found");
  return chargeOf(row, now);
}

/** Refuses a charge that this person can't pay now. Fails with charge_not_yours, charge_paid (with `by`, who was first), charge_held, charge_over. */
export function assertPayableBy({ customerId, state, payment, hold }: Charge, payerId: string) {
  if (customerId && customerId !== payerId) throw new DomainError("charge_not_yours");
  if (payment) throw paidBy(payment.payerName);
  if (hold) throw chargeHeldError(hold.secondsLeft);
  if (state !== "open") throw new DomainError("charge_over");
}

/** Told while a price is made new; pay_charge decides. Fails with not_found and like assertPayableBy. */
export async function assertStillPayable(payer: { userId: string }, chargeId: string, now: Date): Promise<void> {
  assertPayableBy(await findCharge(chargeId, now), payer.userId);
}

const paidBy = (name: string | null) => new DomainError("charge_paid", name ? { by: name } : {});

/** The refusal of whoever comes while a wallet is paying, with the time after which it is free again at the latest. */
export const chargeHeldError = (seconds: number | null): DomainError => new DomainError("charge_held", seconds === null ? {} : { seconds });

/** The refusal of whoever came second, with the name of who was first as others see it. */
export async function chargePaidError(transactionId: string | null): Promise<DomainError> {
  const [first] = await sql<{ name: string | null; hide_name: boolean | null }[]>`SELECT u.name, u.hide_name FROM transactions t JOIN users u ON u.id = t.from_user_id WHERE t.id = ${transactionId}`;
  return paidBy(first ? shownName({ name: first.name, hideName: first.hide_name }) : null);
}
