import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import { makePayment } from "./paid-payment";

/** A charge that a payment took, made by a member at a till. */
export async function makeChargeOf({ storeId, transactionId, sellerId, tillId = null, items = null }: { storeId: string; transactionId: string; sellerId: string; tillId?: string | null; items?: object[] | null }) {
  const id = newId();
  await sql`
    INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, items, created_by, till_id, transaction_id, expires_at)
    SELECT ${id}, ${storeId}, ${id}, 'test', 'BRL', coalesce(t.amount_brl_centavos, 1), t.amount_usd, 5.5, now(), ${items === null ? null : JSON.stringify(items)}::text::jsonb, ${sellerId}, ${tillId}, t.id, now()
    FROM transactions t WHERE t.id = ${transactionId}`;
  await sql`UPDATE transactions SET charge_id = ${id} WHERE id = ${transactionId}`;
  return id;
}

export async function makeTill({ storeId, createdBy, name }: { storeId: string; createdBy: string; name: string }) {
  const id = newId();
  await sql`INSERT INTO tills (id, store_id, name, created_by) VALUES (${id}, ${storeId}, ${name}, ${createdBy})`;
  return id;
}

/** A refund of a sale as the follower leaves it once it is paid back. */
export async function makePaidRefund({ storeId, originalId, requestedBy, amountUsdMicros, amountBrlCentavos, at = new Date(), reason = "Pedido errado" }: { storeId: string; originalId: string; requestedBy: string; amountUsdMicros: bigint; amountBrlCentavos: bigint; at?: Date; reason?: string }) {
  const [id, refundId] = [newId(), newId()];
  await sql`
    INSERT INTO transactions (id, to_user_id, store_id, type, status, purpose, amount_usd, chain_id, amount_brl_centavos, confirmed_at)
    SELECT ${id}, t.from_user_id, ${storeId}, 'received', 'confirmed', 'refund', ${decimalFromUsdMicros(amountUsdMicros)}, '84532', ${amountBrlCentavos.toString()}, ${at} FROM transactions t WHERE t.id = ${originalId}`;
  await sql`
    INSERT INTO refunds (id, store_id, original_transaction_id, transaction_id, idempotency_key, request_fingerprint, status, amount_usd, amount_brl_centavos, reason, reward_units, returned_units, payee_address, requested_by, completed_at)
    VALUES (${refundId}, ${storeId}, ${originalId}, ${id}, ${refundId}, 'test', 'refunded', ${decimalFromUsdMicros(amountUsdMicros)}, ${amountBrlCentavos.toString()}, ${reason}, 0, 0, ${`0x${randomBytes(20).toString("hex")}`}, ${requestedBy}, ${at})`;
  return { id, refundId };
}

/** What a reorg does to a paid sale or refund, and what its return does. */
export async function takeBack(id: string) {
  await sql`UPDATE transactions SET status = 'pending', confirmed_at = NULL, block_number = NULL WHERE id = ${id}`;
  await sql`UPDATE refunds SET status = 'paying', completed_at = NULL WHERE transaction_id = ${id}`;
}
export async function settleAgain(id: string, at: Date) {
  await sql`UPDATE transactions SET status = 'confirmed', confirmed_at = ${at} WHERE id = ${id}`;
  await sql`UPDATE refunds SET status = 'refunded', completed_at = ${at} WHERE transaction_id = ${id}`;
}

/** A sale with all that figures count. */
export async function makeSale({ storeId, payerId = null, at, brl, usd, tipBrl = 0n, tipUsd = 0n, rewardUsd = 0n, origin = null, sellerId, tillId, items, parts }: {
  storeId: string; payerId?: string | null; at: Date; brl: bigint | null; usd: bigint; tipBrl?: bigint; tipUsd?: bigint; rewardUsd?: bigint; origin?: "guest" | "outside" | "pix" | null;
  sellerId?: string; tillId?: string | null; items?: object[]; /** What it was paid with, in order: a null store is dollars. */ parts?: readonly { storeId: string | null; usd: bigint }[];
}) {
  const { id, code } = await makePayment({ storeId, payerId, amountBrlCentavos: brl, amountUsdMicros: usd, confirmedAt: at });
  const reward = JSON.stringify({ token_address: `0x${"1".repeat(40)}`, amount: "1", amount_usd: decimalFromUsdMicros(rewardUsd), store_id: storeId });
  await sql`UPDATE transactions SET tip_usd = ${decimalFromUsdMicros(tipUsd)}, tip_brl_centavos = ${tipBrl.toString()}, origin = ${origin}, rewards_earned = ${reward}::text::jsonb WHERE id = ${id}`;
  if (parts) await sql`UPDATE transactions SET tokens_used = ${JSON.stringify(parts.map((part) => ({ token_address: `0x${"2".repeat(40)}`, amount: "1", amount_usd: decimalFromUsdMicros(part.usd), store_id: part.storeId })))}::text::jsonb WHERE id = ${id}`;
  if (sellerId) await makeChargeOf({ storeId, transactionId: id, sellerId, tillId, items });
  return { id, code };
}
