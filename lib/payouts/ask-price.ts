import "server-only";
import { and, eq, sql as raw } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { payoutPrices } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { decimalFromUsdMicros } from "@/lib/money";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import type { PayoutFee } from "./rules";

/**
 * Has the partner asked what some dollars are worth in reais there; the worker does it (priceDollars). Answers the id of the price that will be. Fails with
 * too_many_requests.
 */
export async function askPrice(person: { userId: string }, { storeId, destinationId, amountUsdMicros }: { storeId: string; destinationId: string; amountUsdMicros: bigint }): Promise<string> {
  await consumeLimit(db, "payout_price_store", storeId);
  const id = newId();
  await db.transaction(async (tx) => {
    // Column by column: this role may write no other.
    await tx.execute(raw`
      INSERT INTO payout_prices (id, store_id, user_id, destination_id, amount_usd)
      VALUES (${id}::uuid, ${storeId}::uuid, ${person.userId}::uuid, ${destinationId}::uuid, ${decimalFromUsdMicros(amountUsdMicros)}::numeric)`);
    await enqueue(tx, "payouts.price", { priceId: id }, { key: `payouts.price:${id}` });
  });
  return id;
}

export type ReadPrice = { outputBrlCentavos: bigint; minimumBrlCentavos: bigint; brlPerUsdMicros: bigint | null; fees: PayoutFee[]; depositAddress: string };

/** The price that was shown, for exactly this. Fails with quote_invalid (another's, or none yet), payout_limit. */
export async function readPrice(
  tx: Tx | typeof db,
  { userId }: { userId: string },
  { storeId, priceId, destinationId, amountUsdMicros }: { storeId: string; priceId: string; destinationId: string | null; amountUsdMicros: bigint },
): Promise<ReadPrice> {
  const [row] = await tx.select().from(payoutPrices).where(and(eq(payoutPrices.id, priceId), eq(payoutPrices.storeId, storeId), eq(payoutPrices.userId, userId)));
  if (row?.status === "limit") throw new DomainError("payout_limit", row.leftBrlCentavos === null ? {} : { limitBrlCentavos: row.leftBrlCentavos.toString() });
  if (!row || row.status !== "priced" || row.destinationId !== destinationId || row.amountUsdMicros !== amountUsdMicros) throw new DomainError("quote_invalid");
  const { outputBrlCentavos, minimumBrlCentavos, brlPerUsdMicros, fees, depositAddress } = row;
  if (outputBrlCentavos === null || minimumBrlCentavos === null || depositAddress === null) throw new DomainError("quote_invalid");
  return { outputBrlCentavos, minimumBrlCentavos, brlPerUsdMicros, fees: fees ?? [], depositAddress };
}
