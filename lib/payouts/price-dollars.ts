import "server-only";
import { eq } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { payoutDestinations, payoutPrices, stores } from "@/db/schema";
import { hintPerson } from "@/lib/live/hint-person";
import { ProviderError } from "./provider";
import { providerAccount } from "./provider-account";
import { payoutProvider } from "./providers";
import { guaranteedOf, type DestinationData, type StoredDestination } from "./rules";

type Answer = Partial<typeof payoutPrices.$inferInsert>;

/** Answers a price that a review page waits for: the partner's own, its limit, or why there is none. Worker only, safe to repeat. */
export async function priceDollars(priceId: string): Promise<void> {
  const [asked] = await db
    .select({ price: payoutPrices, destination: payoutDestinations })
    .from(payoutPrices)
    .innerJoin(payoutDestinations, eq(payoutDestinations.id, payoutPrices.destinationId))
    .where(eq(payoutPrices.id, priceId));
  if (asked?.price.status !== "asking" || !asked.destination.provider) return;
  const { price, destination } = asked;
  const answer = await ask(price, destination);
  await db.transaction(async (tx) => {
    await tx.update(payoutPrices).set({ ...answer, pricedAt: new Date() }).where(eq(payoutPrices.id, priceId));
    await hintPerson(tx, price.userId);
  });
}

async function ask({ storeId, amountUsdMicros }: typeof payoutPrices.$inferSelect, destination: typeof payoutDestinations.$inferSelect): Promise<Answer> {
  try {
    const provider = payoutProvider(destination.provider!);
    const account = await providerAccount(provider.name, storeId);
    if (account.identity !== "confirmed") return { status: "identity" };
    const [quote, leftBrlCentavos] = await Promise.all([provider.quote(account.accountId, { amountUsdMicros, isThirdParty: await isThirdParty(storeId, destination.data) }), provider.leftBrlCentavos(account.accountId)]);
    if (leftBrlCentavos !== null && quote.outputBrlCentavos > leftBrlCentavos) return { status: "limit", leftBrlCentavos };
    return {
      status: "priced", outputBrlCentavos: quote.outputBrlCentavos, minimumBrlCentavos: guaranteedOf(quote.outputBrlCentavos), brlPerUsdMicros: quote.brlPerUsdMicros, fees: quote.fees,
      depositAddress: account.depositAddress, leftBrlCentavos,
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { status: error.failure === "refused" ? "refused" : "away" };
  }
}

/** A key or an account under the store's own CNPJ is the store's; of any other the partner is told that it may be somebody else's, because documents come masked. */
export async function isThirdParty(storeId: string, destination: DestinationData | StoredDestination): Promise<boolean> {
  const [store] = await db.select({ cnpj: stores.cnpj }).from(stores).where(eq(stores.id, storeId));
  const document = destination.kind === "bank" ? destination.document : destination.kind === "pix" && destination.keyType === "cnpj" ? destination.pixKey : null;
  return document === null || document !== store?.cnpj;
}

const KEPT_HOURS = 24;
/** Deletes prices that nobody needs any more; a payout keeps its own. */
export const removeOldPayoutPrices = () => sql`DELETE FROM payout_prices WHERE created_at < now() - make_interval(hours => ${KEPT_HOURS})`;
