import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { stores, tillPixAccounts } from "@/db/schema";
import { createSubAccount, findSubAccount } from "@/lib/avenia/accounts";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { startIdentityAttempt } from "@/lib/avenia/identity";
import type { AveniaAccess } from "@/lib/avenia/request";
import { env } from "@/lib/env";
import { mayTryAgain } from "@/lib/identity/rules";
import { paths } from "@/lib/paths";
import type { StoreAccountRow } from "./offered";
import { changeStoreIdentity, lockStoreAccount } from "./sync-store-identity";

/** Opens the store's account at the provider, once, and gets the link to its check. Worker only, safe to repeat; throws AveniaError where the provider is away, and the queue tries again. */
export async function startStoreIdentity(accountId: string): Promise<void> {
  const row = await db.transaction((tx) => lockStoreAccount(tx, accountId));
  if (!row || (row.status !== "requested" && !(mayTryAgain(row) && isAskedAgain(row)))) return;
  const access = aveniaAccess();
  const subAccountId = row.subAccountId ?? (await accountFor(access, row));
  await db.update(tillPixAccounts).set({ subAccountId }).where(eq(tillPixAccounts.id, row.id));
  const { attemptId, url } = await startIdentityAttempt(access, { subAccountId, redirectUrl: new URL(paths.storePix(row.storeId), env().APP_URL).href });
  await db.transaction(async (tx) => {
    const locked = await lockStoreAccount(tx, accountId);
    if (!locked || locked.attemptId !== row.attemptId) return;
    if (locked.status !== "requested") await changeStoreIdentity(tx, locked, "requested");
    await changeStoreIdentity(tx, { ...locked, status: "requested" }, "open", { subAccountId, attemptId, attemptUrl: url, startedAt: new Date() });
  });
}

const isAskedAgain = ({ askedAt, startedAt }: StoreAccountRow): boolean => startedAt === null || askedAt > startedAt;

/** The name carries our id: after a lost answer the account is found by it, and no second one is made for ever. */
async function accountFor(access: AveniaAccess, row: StoreAccountRow): Promise<string> {
  const [store] = await db.select({ name: stores.name }).from(stores).where(eq(stores.id, row.storeId));
  const name = `${store?.name ?? "CocoPay"} ${row.id}`;
  return (await findSubAccount(access, name)) ?? createSubAccount(access, { accountType: "INDIVIDUAL", name });
}
