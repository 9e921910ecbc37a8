import "server-only";
import { sql } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { chargeHeldError, chargePaidError } from "@/lib/charges/payable-charge";
import { DomainError, invariant } from "@/lib/errors";
import { newId, nonceKeyOf } from "@/lib/ids";
import { assertPayable, limitsForReserve } from "@/lib/limits/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import { isUniqueViolation, refusalOf, type Reserved } from "@/lib/operations/reserve-refusal";
import { assertStillBring, issuersOf } from "./check-parts";
import { fingerprintOf, openQuote, type Quote } from "./quote";
import type { TokenPart } from "./rules";
import { presentStates } from "./spendable";

type Payer = { userId: string; sessionId: string; ip: string | null; userAgent: string | null };
/**
 * Commits a payment: the outbox row, the pending transaction, the reservation, the audit line and the event, in one
 * transaction and one round trip (SQL function pay_reserve, or pay_charge around it, which also ties the payment to its charge). Safe to repeat: one key is one payment, and the same key
 * answers the same transaction for ever. Nothing is sent before the commit; the worker is hinted after it.
 * Fails with quote_invalid, quote_expired, quote_moved (rewards bring less than shown), idempotency_mismatch, balance_insufficient, limit_payment, limit_day, limit_new_device,
 * step_up_required, step_up_waiting, account_frozen, signed_out, account_not_ready, store_not_ready, store_closed, and for a charge charge_paid (with
 * `by`, who was first), charge_held (a wallet is paying it), charge_over, charge_not_yours, tip_not_allowed.
 */
export async function confirmPayment(payer: Payer, input: { key: string; quote: string }, now = new Date()): Promise<{ transactionId: string }> {
  const quote = openQuote(input.quote, payer.userId);
  const fingerprint = fingerprintOf(quote);
  // A retry after the price ended or moved is still the same payment, so the key is asked before the clock and the chain.
  const earlierOr = async (failure: DomainError) => {
    const earlier = await findByKey(payer.userId, input.key);
    if (!earlier) throw failure;
    if (earlier.request_fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
    return { transactionId: earlier.id };
  };
  if (quote.expiresAt <= now) return earlierOr(new DomainError("quote_expired"));
  assertPayable(quote.amountUsdMicros);

  const spent = await tokenPartsOf(quote).catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  if (spent instanceof DomainError) return earlierOr(spent);
  const reserved = await reserve(payer, quote, spent, input.key, fingerprint).catch((error: unknown) => {
    // A twin on another chain, or a confirmation code drawn twice: what is there now decides, once.
    if (!isUniqueViolation(error)) throw error;
    return reserve(payer, quote, spent, input.key, fingerprint);
  });
  if (reserved.result === "charge_paid") throw await chargePaidError(reserved.transaction_id);
  if (reserved.result === "charge_held") throw chargeHeldError(reserved.wait_seconds);
  const refusal = refusalOf(reserved);
  if (refusal) throw refusal;
  invariant(reserved.transaction_id, "a reserved payment has its transaction");
  if (reserved.result === "reserved") hintOperations(quote.chainId);
  return { transactionId: reserved.transaction_id };
}

/** What leaves the payer's balances, part by part. Rewards are held against the head of the chain, where it can be asked. Fails with quote_moved. */
async function tokenPartsOf({ chainId, parts }: Quote): Promise<TokenPart[]> {
  const shares = parts.flatMap((part) => (part.kind === "dollars" ? [] : [part]));
  const issuers = await issuersOf(chainId, shares.map(({ storeId }) => storeId));
  const states = await presentStates(chainId, [...issuers.values()].map(({ projectId }) => projectId));
  if (states) assertStillBring(shares, issuers, states);
  return parts.map((part) => {
    const amount_usd = decimalFromUsdMicros(part.amountUsdMicros);
    if (part.kind === "dollars") return { token_address: USDC[chainId], amount: part.amountUsdMicros.toString(), amount_usd, store_id: null };
    const issuer = issuers.get(part.storeId);
    if (!issuer) throw new DomainError("quote_moved");
    return { token_address: issuer.tokenAddress, amount: part.units.toString(), amount_usd, store_id: part.storeId };
  });
}

async function reserve(payer: Payer, quote: Quote, parts: readonly TokenPart[], key: string, fingerprint: string): Promise<Reserved> {
  const id = newId();
  const usd = decimalFromUsdMicros(quote.amountUsdMicros);
  const reward = { amount: quote.rewardUnits.toString(), store_id: quote.storeId, expected: true };
  const values = sql`
      ${id}, ${payer.userId}, ${quote.storeId}, ${quote.chainId}::chain_id, ${nonceKeyOf(id).toString()}::numeric,
      ${usd}::numeric, ${quote.amountBrlCentavos.toString()}::bigint, ${decimalFromUsdMicros(quote.brlPerUsdMicros)}::numeric, ${quote.rateAt},
      ${parts.map((part) => part.token_address)}, ${parts.map((part) => part.amount)}::numeric[], ${sql.json([...parts])}, ${sql.json(reward)},
      ${key}, ${fingerprint}, ${sql.json(limitsForReserve())},
      ${payer.sessionId}, ${payer.ip}, ${payer.userAgent?.slice(0, 500) ?? null}`;
  const { charge } = quote;
  const reserving = charge ? sql`pay_charge(${charge.id}, ${decimalFromUsdMicros(charge.tipUsdMicros)}::numeric, ${charge.tipBrlCentavos.toString()}::bigint, ${values})` : sql`pay_reserve(${values})`;
  const [row] = await sql<Reserved[]>`SELECT result, transaction_id, left_usd::text, wait_seconds FROM ${reserving}`;
  invariant(row, "pay_reserve answers a row");
  return row;
}

/** The payment that a key already made. */
export async function findByKey(payerId: string, key: string) {
  const [row] = await sql<{ id: string; request_fingerprint: string | null }[]>`
    SELECT id, request_fingerprint FROM transactions WHERE idempotency_key = ${`${payerId}:${key}`}`;
  return row ?? null;
}
