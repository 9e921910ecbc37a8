import "server-only";
import { and, desc, eq, gt, sql as raw } from "drizzle-orm";
import { db } from "@/db/client";
import { payoutDestinations } from "@/db/schema";
import { hintPerson } from "@/lib/live/hint-person";
import { refundLimit } from "@/lib/rate-limit/consume-limit";
import { ProviderError } from "./provider";
import { providerAccount } from "./provider-account";
import { payoutProvider } from "./providers";
import { LOOKUP_FRESH_SECONDS } from "./rules";

type Answer = Partial<typeof payoutDestinations.$inferInsert>;

/**
 * Asks the partner whose key it is, once: an answer of the last 15 minutes to the same store serves again. A key that somebody has gives its try back, so
 * that only misses are counted. Worker only, safe to repeat.
 */
export async function lookUpDestination(destinationId: string): Promise<void> {
  const [row] = await db.select().from(payoutDestinations).where(eq(payoutDestinations.id, destinationId));
  if (row?.lookup !== "asking" || row.data.kind !== "pix" || !row.provider) return;
  const answer = (await fresh(row)) ?? (await ask(row, row.data.pixKey));
  await db.transaction(async (tx) => {
    const [changed] = await tx.update(payoutDestinations).set(answer).where(and(eq(payoutDestinations.id, destinationId), eq(payoutDestinations.lookup, "asking"))).returning({ id: payoutDestinations.id });
    if (changed && answer.lookup !== "unknown") await refundLimit(tx, "payout_miss_store", row.storeId);
    await hintPerson(tx, row.createdBy);
  });
}

async function fresh({ storeId, fingerprint }: typeof payoutDestinations.$inferSelect): Promise<Answer | null> {
  const [known] = await db
    .select({ lookup: payoutDestinations.lookup, holder: payoutDestinations.holder, lookedUpAt: payoutDestinations.lookedUpAt })
    .from(payoutDestinations)
    .where(and(eq(payoutDestinations.storeId, storeId), eq(payoutDestinations.fingerprint, fingerprint), gt(payoutDestinations.lookedUpAt, raw`now() - make_interval(secs => ${LOOKUP_FRESH_SECONDS})`)))
    .orderBy(desc(payoutDestinations.lookedUpAt))
    .limit(1);
  return known ?? null;
}

async function ask({ storeId, provider: name }: typeof payoutDestinations.$inferSelect, pixKey: string): Promise<Answer> {
  try {
    const provider = payoutProvider(name!);
    const account = await providerAccount(provider.name, storeId);
    if (account.identity !== "confirmed") return { lookup: "identity" };
    const holder = await provider.lookUpKey(account.accountId, pixKey);
    return holder ? { lookup: "found", holder, lookedUpAt: new Date() } : { lookup: "unknown", lookedUpAt: new Date() };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { lookup: "away" };
  }
}
