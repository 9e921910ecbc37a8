import "server-only";
import { sql } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { DomainError, invariant } from "@/lib/errors";
import { newId, nonceKeyOf } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import { fingerprintOf, openQuote, type Quote } from "./quote";
import { assertPayable, LIMITS, type RewardPart, type TokenPart } from "./rules";

type Payer = { userId: string; sessionId: string; ip: string | null; userAgent: string | null };
type Result = "reserved" | "again" | "mismatch" | "insufficient" | "day_limit";

/**
 * Commits a payment: the outbox row, the pending transaction, the reservation, the audit line and the event, in one
 * transaction and one round trip (SQL function pay_reserve). Safe to repeat: one key is one payment, and the same key
 * answers the same transaction for ever. Nothing is sent before the commit; the worker is hinted after it.
 * Fails with quote_invalid, quote_expired, idempotency_mismatch, balance_insufficient, limit_payment, limit_day,
 * account_not_ready, store_not_ready, store_closed.
 */
export async function confirmPayment(payer: Payer, input: { key: string; quote: string }, now = new Date()): Promise<{ transactionId: string }> {
  const quote = openQuote(input.quote, payer.userId);
  const fingerprint = fingerprintOf(quote);
  // A retry after the price ended is still the same payment, so the key is asked before the clock.
  if (quote.expiresAt <= now) {
    const earlier = await findByKey(payer.userId, input.key);
    if (!earlier) throw new DomainError("quote_expired");
    if (earlier.request_fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
    return { transactionId: earlier.id };
  }
  assertPayable(quote.amountUsdMicros);

  const [row] = await reserve(payer, quote, input.key, fingerprint);
  if (!row) return refuse(payer, quote, input.key, fingerprint);
  if (row.result === "mismatch") throw new DomainError("idempotency_mismatch");
  if (row.result === "insufficient") throw new DomainError("balance_insufficient");
  if (row.result === "day_limit") throw new DomainError("limit_day");
  invariant(row.transaction_id, "a reserved payment has its transaction");
  if (row.result === "reserved") hintOperations(quote.chainId);
  return { transactionId: row.transaction_id };
}

/** No row when the payer's account or the store's deployment on the quoted chain is not there (or the store has closed). */
function reserve(payer: Payer, quote: Quote, key: string, fingerprint: string) {
  const id = newId();
  const usdc = USDC[quote.chainId];
  const amount = quote.amountUsdMicros.toString();
  const usd = decimalFromUsdMicros(quote.amountUsdMicros);
  const parts: TokenPart[] = [{ token_address: usdc, amount, amount_usd: usd, store_id: null }];
  const reward: Omit<RewardPart, "token_address" | "amount_usd"> = { amount: quote.rewardUnits.toString(), store_id: quote.storeId, expected: true };
  const { dayUsdMicros, newAccountDayUsdMicros, newAccountDays } = LIMITS;
  return sql<{ result: Result; transaction_id: string | null }[]>`
    SELECT paid.result, paid.transaction_id
    FROM smart_accounts a
    JOIN users u ON u.id = a.user_id
    JOIN token_balances b ON b.user_id = a.user_id AND b.chain_id = a.chain_id AND b.token_address = ${usdc}
    JOIN store_deployments d ON d.store_id = ${quote.storeId} AND d.chain_id = a.chain_id AND d.status = 'deployed'
    JOIN stores s ON s.id = d.store_id AND s.closed_at IS NULL
    CROSS JOIN LATERAL pay_reserve(
      ${id}, a.user_id, s.id, a.chain_id, a.address, ${nonceKeyOf(id).toString()}::numeric,
      ${usd}::numeric, ${quote.amountBrlCentavos.toString()}::bigint, ${decimalFromUsdMicros(quote.brlPerUsdMicros)}::numeric, ${quote.rateAt}::timestamptz,
      ARRAY[b.id], ARRAY[${amount}::numeric], ${sql.json(parts)}::jsonb, ${sql.json(reward)}::jsonb || jsonb_build_object('token_address', d.token_address),
      ${key}, ${fingerprint},
      CASE WHEN u.created_at > now() - make_interval(days => ${newAccountDays}) THEN ${decimalFromUsdMicros(newAccountDayUsdMicros)}::numeric ELSE ${decimalFromUsdMicros(dayUsdMicros)}::numeric END,
      ${payer.sessionId}::uuid, ${payer.ip}::inet, ${payer.userAgent?.slice(0, 500) ?? null}
    ) AS paid
    WHERE a.user_id = ${payer.userId} AND a.chain_id = ${quote.chainId}::chain_id`;
}

/** The payment that a key already made. */
export async function findByKey(payerId: string, key: string) {
  const [row] = await sql<{ id: string; request_fingerprint: string | null }[]>`
    SELECT id, request_fingerprint FROM transactions WHERE idempotency_key = ${`${payerId}:${key}`}`;
  return row ?? null;
}

/** Names why nothing could be reserved; a key that already paid still answers its payment. */
async function refuse(payer: Payer, quote: Quote, key: string, fingerprint: string): Promise<{ transactionId: string }> {
  const earlier = await findByKey(payer.userId, key);
  if (earlier && earlier.request_fingerprint === fingerprint) return { transactionId: earlier.id };
  if (earlier) throw new DomainError("idempotency_mismatch");
  const [state] = await sql<{ has_account: boolean; is_closed: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM smart_accounts WHERE user_id = ${payer.userId} AND chain_id = ${quote.chainId}::chain_id) AS has_account,
           EXISTS (SELECT 1 FROM stores WHERE id = ${quote.storeId} AND closed_at IS NOT NULL) AS is_closed`;
  if (!state?.has_account) throw new DomainError("account_not_ready");
  throw new DomainError(state.is_closed ? "store_closed" : "store_not_ready");
}
