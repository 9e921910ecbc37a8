import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { payoutPrices } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { requirePermission } from "@/lib/team/require-permission";
import { findDestination, type FoundDestination } from "./find-destination";
import { openPayout, type PayoutQuote } from "./quote";
import type { PayoutFee } from "./rules";

export type ShownPrice = {
  status: "asking" | "priced" | "identity" | "limit" | "refused" | "away";
  outputBrlCentavos: bigint | null;
  minimumBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  fees: PayoutFee[];
  leftBrlCentavos: bigint | null;
};
export type PayoutReview = { quote: PayoutQuote; destination: FoundDestination; price: ShownPrice | null; secondsLeft: number };

/** What the review page shows: the signed quote, where it goes and the partner's price as far as it has come. Fails with not_found, forbidden, quote_invalid. */
export async function getPayoutReview(actor: Actor, storeId: string, signed: string, now = new Date()): Promise<PayoutReview> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const quote = openPayout(signed, { userId: actor.userId, storeId });
  const destination = await findDestination(db, { userId: actor.userId, storeId, to: quote.to, chainId: quote.terms.chainId });
  const secondsLeft = Math.max(0, Math.floor((quote.expiresAt.getTime() - now.getTime()) / 1000));
  if (quote.priceId === null) return { quote, destination, price: null, secondsLeft };
  const [price] = await db.select().from(payoutPrices).where(and(eq(payoutPrices.id, quote.priceId), eq(payoutPrices.storeId, storeId), eq(payoutPrices.userId, actor.userId)));
  return { quote, destination, price: price ? { ...price, fees: price.fees ?? [] } : null, secondsLeft };
}
