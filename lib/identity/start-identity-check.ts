import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { identityChecks, users } from "@/db/schema";
import { createSubAccount, findSubAccount } from "@/lib/avenia/accounts";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { startIdentityAttempt } from "@/lib/avenia/identity";
import type { AveniaAccess } from "@/lib/avenia/request";
import { env } from "@/lib/env";
import { changeIdentity, lockCheck } from "./change-status";
import type { IdentityRow } from "./queries";
import { mayTryAgain } from "./rules";

/**
 * Opens the person's account at the provider, once, and gets the link to its identity check. Worker only, safe to repeat; throws AveniaError
 * where the provider is away, and the queue tries again.
 */
export async function startIdentityCheck(checkId: string): Promise<void> {
  const row = await db.transaction((tx) => lockCheck(tx, checkId));
  if (!row || (row.status !== "requested" && !(mayTryAgain(row) && isAskedAgain(row)))) return;
  const access = aveniaAccess();
  const subAccountId = row.subAccountId ?? (await accountFor(access, row));
  await db.update(identityChecks).set({ subAccountId }).where(eq(identityChecks.id, row.id));
  const { attemptId, url } = await startIdentityAttempt(access, { subAccountId, redirectUrl: `${env().APP_URL}/add` });
  await db.transaction(async (tx) => {
    const locked = await lockCheck(tx, checkId);
    if (!locked || locked.attemptId !== row.attemptId) return;
    if (locked.status !== "requested") await changeIdentity(tx, locked, "requested");
    await changeIdentity(tx, { ...locked, status: "requested" }, "open", { subAccountId, attemptId, attemptUrl: url, startedAt: new Date() });
  });
}

const isAskedAgain = ({ askedAt, startedAt }: IdentityRow): boolean => startedAt === null || askedAt > startedAt;

/** The name carries our id: after a lost answer the account is found by it, and no second one is made for ever. */
async function accountFor(access: AveniaAccess, row: IdentityRow): Promise<string> {
  const [person] = await db.select({ name: users.name }).from(users).where(eq(users.id, row.userId));
  const name = `${person?.name ?? "CocoPay"} ${row.id}`;
  return (await findSubAccount(access, name)) ?? createSubAccount(access, { accountType: "INDIVIDUAL", name });
}
