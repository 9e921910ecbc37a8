import "server-only";
import { and, eq, sql as raw } from "drizzle-orm";
import { db } from "@/db/client";
import { payoutAccounts, stores } from "@/db/schema";
import { invariant } from "@/lib/errors";
import type { ProviderAccount } from "./provider";
import { payoutProvider } from "./providers";
import type { PayoutProviderName } from "./rules";

/**
 * A store's account at a partner: the known one, or opened now. One that the partner has not yet checked is asked about again. Worker only, safe to
 * repeat. Throws ProviderError.
 */
export async function providerAccount(name: PayoutProviderName, storeId: string): Promise<ProviderAccount> {
  const [known] = await db.select().from(payoutAccounts).where(and(eq(payoutAccounts.storeId, storeId), eq(payoutAccounts.provider, name)));
  if (known?.identity === "confirmed") return known;
  const [store] = await db.select({ name: stores.name, legalName: stores.legalName, cnpj: stores.cnpj }).from(stores).where(eq(stores.id, storeId));
  invariant(store, "a payout's store exists");
  const account = await payoutProvider(name).openAccount({ storeId, ...store });
  const depositAddress = account.depositAddress.toLowerCase();
  const values = { accountId: account.accountId, identity: account.identity, identityUrl: account.identityUrl, representativeUrl: account.representativeUrl, depositAddress };
  await db
    .insert(payoutAccounts)
    .values({ storeId, provider: name, ...values })
    // The address that dollars went to stays: a partner's account is for good.
    .onConflictDoUpdate({ target: [payoutAccounts.storeId, payoutAccounts.provider], set: { identity: account.identity, identityUrl: account.identityUrl, representativeUrl: account.representativeUrl, accountId: raw`excluded.account_id` } });
  return { ...account, depositAddress };
}
