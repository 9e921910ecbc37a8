import "server-only";
import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeIdentities, stores } from "@/db/schema";
import { createSubAccount, findSubAccount, readAccount } from "@/lib/avenia/accounts";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { listIdentityAttempts, startCompanyAttempt, startIdentityAttempt } from "@/lib/avenia/identity";
import type { AveniaAccess } from "@/lib/avenia/request";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { mayTryAgain } from "@/lib/identity/rules";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { storeIdentityOf, type StoreIdentityRow } from "./queries";
import { accountTypeOf, type AccountType, type ReturnPage } from "./rules";
import { changeStoreIdentity, lockStoreIdentity } from "./sync-store-identity";

/**
 * Opens the store's account at the partner, once, and gets the pages of its check: one for a person, two for a company. An account that the partner knows, or is
 * looking at, stays whatever it is; a new attempt is a company's as soon as the store has a CNPJ. Worker only, safe to repeat; throws AveniaError
 * where the partner is away. Answers how the store stands.
 */
export async function startStoreIdentity(storeId: string, returnTo: ReturnPage): Promise<StoreIdentityRow> {
  await db.insert(storeIdentities).values({ id: newId(), storeId, provider: env().TOPUP_PROVIDER }).onConflictDoNothing({ target: [storeIdentities.storeId, storeIdentities.provider] });
  return db.transaction(async (tx) => {
    // An account is for ever: of two who find none, the second waits until the first has made it.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`store_identity:${storeId}`}, 0))`);
    const row = await storeIdentityOf(storeId, tx);
    invariant(row, "a store's row was made before");
    if (row.status === "requested" || (mayTryAgain(row) && isAskedAgain(row))) await start(tx, row, returnTo);
    return (await storeIdentityOf(storeId, tx)) ?? row;
  });
}

const isAskedAgain = ({ askedAt, startedAt }: StoreIdentityRow): boolean => startedAt === null || askedAt > startedAt;

async function start(tx: Tx, row: StoreIdentityRow, returnTo: ReturnPage): Promise<void> {
  const access = aveniaAccess();
  const [store] = await tx.select({ cnpj: stores.cnpj }).from(stores).where(eq(stores.id, row.storeId));
  const accountType = accountTypeOf({ cnpj: store?.cnpj ?? null });
  const subAccountId = row.subAccountId && row.accountType === accountType ? row.subAccountId : await accountFor(access, accountType, row);
  const { isIdentified } = await readAccount(access, subAccountId);
  const attempt = isIdentified ? null : await attemptOf(access, { row, accountType, subAccountId, returnTo });
  const locked = await lockStoreIdentity(tx, row.id);
  if (!locked || locked.attemptId !== row.attemptId || locked.status !== row.status) return;
  if (locked.status !== "requested") await changeStoreIdentity(tx, locked, "requested");
  const fresh = { subAccountId, accountType, startedAt: new Date(), companySaidAt: null, representativeSaidAt: null };
  if (attempt) await changeStoreIdentity(tx, { ...locked, status: "requested" }, "open", { ...fresh, ...attempt });
  else await changeStoreIdentity(tx, { ...locked, status: "requested" }, "approved", fresh);
}

/** After a lost answer the account is found by its name, and no second one is made. A company's is the name that accounts for payouts had from the beginning. */
async function accountFor(access: AveniaAccess, accountType: AccountType, { id, storeId }: StoreIdentityRow): Promise<string> {
  const name = `CocoPay ${accountType === "company" ? storeId : id}`;
  return (await findSubAccount(access, name)) ?? createSubAccount(access, { accountType: accountType === "company" ? "COMPANY" : "INDIVIDUAL", name });
}

type Attempt = { attemptId: string; attemptUrl: string | null; representativeUrl: string | null };

/** One that the partner is looking at is kept; pages are only told when an attempt is made, so that any other begins anew. */
async function attemptOf(access: AveniaAccess, { row, accountType, subAccountId, returnTo }: { row: StoreIdentityRow; accountType: AccountType; subAccountId: string; returnTo: ReturnPage }): Promise<Attempt> {
  const [newest] = row.attemptId && row.subAccountId === subAccountId ? [] : await listIdentityAttempts(access, subAccountId);
  if (newest?.state === "processing") return { attemptId: newest.id, attemptUrl: null, representativeUrl: null };
  const redirectUrl = new URL(returnTo === "pix" ? paths.storePix(row.storeId) : paths.storePayouts(row.storeId), env().APP_URL).href;
  if (accountType === "individual") {
    const { attemptId, url } = await startIdentityAttempt(access, { subAccountId, redirectUrl });
    return { attemptId, attemptUrl: url, representativeUrl: null };
  }
  const { attemptId, companyUrl, representativeUrl } = await startCompanyAttempt(access, { subAccountId, redirectUrl });
  return { attemptId, attemptUrl: companyUrl, representativeUrl };
}
