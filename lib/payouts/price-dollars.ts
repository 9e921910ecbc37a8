import "server-only";
import { eq } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { payoutDestinations, payoutPrices } from "@/db/schema";
import { hintPerson } from "@/lib/live/hint-person";
import { ProviderError } from "./provider";
import { providerAccount } from "./provider-account";
import { payoutProvider } from "./providers";
import { guaranteedOf } from "./rules";

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
    if (account.identity !== "confirmed") return { status: "identity", identityUrl: account.identityUrl };
    const [quote, leftBrlCentavos] = await Promise.all([provider.quote(account.accountId, { amountUsdMicros, isThirdParty: isThirdParty(destination) }), provider.leftBrlCentavos(account.accountId)]);
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

/** Whose account it is can't be told from a masked document, so the partner is told that it may be somebody else's. */
export const isThirdParty = (_destination: unknown): boolean => true;

const KEPT_HOURS = 24;
/** Deletes prices that nobody needs any more; a payout keeps its own. */
export const removeOldPayoutPrices = () => sql`DELETE FROM payout_prices WHERE created_at < now() - make_interval(hours => ${KEPT_HOURS})`;
