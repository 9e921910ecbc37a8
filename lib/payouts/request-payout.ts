import "server-only";
import { sql as raw } from "drizzle-orm";
import { db, sql, type Tx } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { USDC } from "@/lib/chain/addresses";
import { DomainError, invariant, type ErrorCode } from "@/lib/errors";
import { isEnabled } from "@/lib/flags/is-enabled";
import { isId, newId, nonceKeyOf } from "@/lib/ids";
import { brlCentavosFromUsd, decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import type { TokenPart } from "@/lib/payments/rules";
import { requirePermission } from "@/lib/team/require-permission";
import { readPrice, type ReadPrice } from "./ask-price";
import { assertUsable, findDestination, type FoundDestination } from "./find-destination";
import { fundingNow, type StorePot } from "./plan-funding";
import { openPayout, payoutFingerprint, type PayoutQuote } from "./quote";
import { DESTINATION_WAIT_SECONDS, flagOf, reachesUsdMicros, termsToJson } from "./rules";
import { storePots } from "./store-pots";

type Reserved = { result: "reserved" | "again" | Refusal; payout_id: string | null; left_amount: string | null };
type Refusal = "mismatch" | "forbidden" | "signed_out" | "frozen" | "not_ready" | "destination" | "waits" | "balance" | "over";

const CODES: Record<Exclude<Refusal, "waits" | "balance">, ErrorCode> = {
  mismatch: "idempotency_mismatch", forbidden: "forbidden", signed_out: "signed_out", frozen: "account_frozen", not_ready: "store_not_ready", destination: "not_found", over: "payout_over",
};

/**
 * Commits a payout as it was shown: outbox row, pending transaction, payout, step, audit line, event and job in one transaction (payout_reserve), after a
 * passkey's or wallet's signature or a right that was waited for. Safe to repeat: a key that was used answers its payout, also after the quote ended.
 * Fails with not_found, forbidden, quote_invalid, quote_expired, payout_moved, step_up_required, step_up_waiting, payout_off, payout_destination_waits,
 * payout_balance, payout_limit, payout_over, idempotency_mismatch, account_frozen, signed_out, store_not_ready.
 */
export async function requestPayout(actor: Actor, { storeId, key, quote: signed }: { storeId: string; key: string; quote: string }): Promise<{ payoutId: string }> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const quote = openPayout(signed, { userId: actor.userId, storeId });
  const fingerprint = payoutFingerprint(quote);
  const earlier = await findByKey(actor.userId, key);
  if (earlier) {
    if (earlier.fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
    return { payoutId: earlier.payoutId };
  }
  if (quote.expiresAt <= new Date()) throw new DomainError("quote_expired");
  const pot = (await storePots(storeId)).find(({ chainId }) => chainId === quote.terms.chainId);
  if (!pot) throw new DomainError("store_not_ready");
  if (fundingNow(quote.terms, pot.state).sentUsdMicros < quote.terms.leastUsdMicros) throw new DomainError("payout_moved");
  const payoutId = await db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "payout");
    const destination = await findDestination(tx, { userId: actor.userId, storeId, to: quote.to, chainId: quote.terms.chainId });
    if (!(await isEnabled(flagOf(destination.type), actor.userId))) throw new DomainError("payout_off");
    assertUsable(destination);
    const price = quote.priceId === null ? null : await readPrice(tx, actor, { storeId, priceId: quote.priceId, destinationId: destination.destinationId, amountUsdMicros: reachesUsdMicros(quote.terms) });
    if ((price === null) !== (destination.provider === null)) throw new DomainError("quote_invalid");
    return reserve(tx, actor, { quote, key, fingerprint, pot, destination, price });
  });
  hintOperations(quote.terms.chainId);
  return { payoutId };
}

type Asked = { quote: PayoutQuote; key: string; fingerprint: string; pot: StorePot; destination: FoundDestination; price: ReadPrice | null };

async function reserve(tx: Tx, actor: Actor, { quote, key, fingerprint, pot, destination, price }: Asked): Promise<string> {
  const { terms, storeId } = quote;
  const id = newId();
  const brlCentavos = price?.outputBrlCentavos ?? brlCentavosFromUsd(terms.netUsdMicros, quote.brlPerUsdMicros);
  const restUsdMicros = terms.netUsdMicros - terms.dollarsUsdMicros;
  const parts: TokenPart[] = [
    { token_address: pot.tokenAddress, amount: terms.units.toString(), amount_usd: decimalFromUsdMicros(restUsdMicros), store_id: storeId },
    { token_address: USDC[terms.chainId], amount: terms.dollarsUsdMicros.toString(), amount_usd: decimalFromUsdMicros(terms.dollarsUsdMicros), store_id: null },
  ];
  const payee = price?.depositAddress ?? destination.payee;
  invariant(payee, "a payout has an account that gets its dollars");
  const kept = { ...termsToJson(terms), ...(price && { fees: price.fees, brlPerUsdMicros: price.brlPerUsdMicros?.toString() }) };
  const [row] = await tx.execute<Reserved>(raw`
    SELECT result, payout_id, left_amount::text FROM payout_reserve(
      ${id}::uuid, ${quote.againId}::uuid, ${storeId}::uuid, ${actor.userId}::uuid, ${actor.sessionId}::uuid, ${terms.chainId}::chain_id, ${nonceKeyOf(id).toString()}::numeric,
      ${destination.type}::payout_type, ${terms.way}, ${decimalFromUsdMicros(terms.amountUsdMicros)}::numeric,
      ${decimalFromUsdMicros(terms.protocolFeeUsdMicros + terms.networkFeeUsdMicros + terms.storeFeeUsdMicros + terms.bridgeFeeUsdMicros)}::numeric, ${decimalFromUsdMicros(terms.netUsdMicros)}::numeric,
      ${brlCentavos.toString()}::bigint, ${decimalFromUsdMicros(quote.brlPerUsdMicros)}::numeric, ${quote.rateAt.toISOString()}::timestamptz,
      ${terms.units.toString()}::numeric, ${terms.dollarsUsdMicros.toString()}::numeric, ${JSON.stringify(parts.filter(({ amount }) => amount !== "0"))}::text::jsonb, ${JSON.stringify(kept)}::text::jsonb,
      ${destination.destinationId}::uuid, ${JSON.stringify(destination.stored)}::text::jsonb, ${destination.provider}, ${payee}, ${destination.toUserId}::uuid,
      ${price?.minimumBrlCentavos.toString() ?? null}::bigint, ${price?.outputBrlCentavos.toString() ?? null}::bigint, ${DESTINATION_WAIT_SECONDS}::integer,
      ${key}, ${fingerprint}, ${actor.ip}::inet, ${actor.userAgent?.slice(0, 500) ?? null})`);
  invariant(row, "payout_reserve answers a row");
  if (row.result === "reserved" || row.result === "again") {
    invariant(row.payout_id, "a reserved payout has its id");
    return row.payout_id;
  }
  if (row.result === "waits") throw new DomainError("payout_destination_waits", { seconds: Number(row.left_amount ?? 0) });
  if (row.result === "balance") throw new DomainError("payout_balance");
  throw new DomainError(CODES[row.result], row.result === "forbidden" ? { permission: "payouts.manage" } : {});
}

async function findByKey(userId: string, key: string): Promise<{ payoutId: string; fingerprint: string } | null> {
  if (!isId(key)) throw new DomainError("invalid_input");
  const [row] = await sql<{ payoutId: string; fingerprint: string }[]>`
    SELECT t.terms->>'payoutId' AS "payoutId", t.request_fingerprint AS fingerprint FROM transactions t WHERE t.idempotency_key = ${`${userId}:${key}`} AND t.type = 'payout'`;
  return row ?? null;
}
