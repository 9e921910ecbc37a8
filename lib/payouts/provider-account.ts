import "server-only";
import { and, eq, sql as raw } from "drizzle-orm";
import { db } from "@/db/client";
import { payoutAccounts, stores } from "@/db/schema";
import { invariant } from "@/lib/errors";
import { log } from "@/lib/log";
import { ProviderError, type ProviderAccount } from "./provider";
import { payoutProvider } from "./providers";
import type { PayoutProviderName } from "./rules";

/**
 * A store's account at a partner: the known one, or opened now. One that the partner has not yet checked is asked about again. Worker only, safe to
 * repeat. Throws ProviderError.
 */
export async function providerAccount(name: PayoutProviderName, storeId: string): Promise<ProviderAccount> {
  const [known] = await db.select().from(payoutAccounts).where(and(eq(payoutAccounts.storeId, storeId), eq(payoutAccounts.provider, name)));
  if (known?.identity === "confirmed") return { ...known, identityUrl: null, representativeUrl: null };
  const [store] = await db.select({ name: stores.name, legalName: stores.legalName, cnpj: stores.cnpj }).from(stores).where(eq(stores.id, storeId));
  invariant(store, "a payout's store exists");
  const account = await payoutProvider(name).openAccount({ storeId, ...store });
  const depositAddress = account.depositAddress.toLowerCase();
  const values = { accountId: account.accountId, identity: account.identity, depositAddress };
  const [kept] = await db
    .insert(payoutAccounts)
    .values({ storeId, provider: name, ...values })
    .onConflictDoUpdate({
      target: [payoutAccounts.storeId, payoutAccounts.provider],
      set: { ...values, depositAddress: raw`CASE WHEN ${payoutAccounts.accountId} = excluded.account_id THEN ${payoutAccounts.depositAddress} ELSE excluded.deposit_address END` },
      // Where dollars went stays: only an account that never held any gives way to the one that the store was checked in.
      setWhere: raw`${payoutAccounts.accountId} = excluded.account_id OR (${payoutAccounts.unmatchedUsdMicros} = 0 AND NOT EXISTS (SELECT FROM payouts p WHERE p.store_id = excluded.store_id AND p.provider = excluded.provider))`,
    })
    .returning();
  if (kept) return { ...account, depositAddress: kept.depositAddress };
  log().error({ storeId, provider: name, accountId: account.accountId }, "a store's dollars lie in another account than the one that it was checked in");
  throw new ProviderError("busy", "account-of-old");
}
