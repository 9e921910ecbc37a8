import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import type { StoreEventKind } from "@/lib/payments/rules";
import { shortCodeFromBytes } from "@/lib/stores/rules";

type Options = { storeId: string; payerId?: string | null; amountBrlCentavos?: bigint | null; amountUsdMicros?: bigint; status?: "pending" | "confirmed" | "failed"; confirmedAt?: Date; code?: string };

/** A payment of a store as the follower leaves it, without its event: R$ 38,50 at R$ 5,50 a dollar unless said otherwise. */
export async function makePayment({ storeId, payerId = null, amountBrlCentavos = 3_850n, amountUsdMicros = 7_000_000n, status = "confirmed", confirmedAt = new Date(), code = shortCodeFromBytes(randomBytes(6)) }: Options) {
  const id = newId();
  await sql`
    INSERT INTO transactions (id, from_user_id, store_id, type, status, amount_usd, chain_id, confirmation_code, amount_brl_centavos, brl_per_usd, confirmed_at)
    VALUES (${id}, ${payerId}, ${storeId}, 'payment', ${status}, ${decimalFromUsdMicros(amountUsdMicros)}, '84532', ${code}, ${amountBrlCentavos?.toString() ?? null}, 5.5, ${status === "confirmed" ? confirmedAt : null})`;
  return { id, code };
}

/** One line of the till's log, with the hint that follows the commit unless it is to be lost. */
export async function makeStoreEvent({ storeId, transactionId, kind = "paid", isHinted = true }: { storeId: string; transactionId: string; kind?: StoreEventKind; isHinted?: boolean }) {
  const [row] = await sql<{ id: string }[]>`INSERT INTO store_events (store_id, transaction_id, kind, block_number) VALUES (${storeId}, ${transactionId}, ${kind}, 1) RETURNING id::text`;
  if (isHinted) await sql`SELECT pg_notify('live', ${JSON.stringify({ storeId })})`;
  return row!.id;
}
