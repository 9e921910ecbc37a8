import "server-only";
import { and, count, eq, isNotNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { passkeys, users, wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "../actor";
import { requireStepUp } from "../step-up";

/**
 * Removes a passkey. What the chain knows of its key stays: as an owner it can't sign here any more, so a passkey whose key is the only
 * owner that still can is kept.
 * Fails with: passkey_unknown, last_way_in (no verified phone, wallet or other passkey), owner_last, owner_change_pending, and what
 * requireStepUp fails with.
 */
export async function removePasskey(actor: Actor, { passkeyId }: { passkeyId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    // Two removals at once must not take each other for the way that stays.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, actor.userId)).for("no key update");
    const own = and(eq(passkeys.id, passkeyId), eq(passkeys.userId, actor.userId));
    const [passkey] = await tx.select({ name: passkeys.deviceName, derivedAddress: passkeys.derivedAddress }).from(passkeys).where(own).for("update");
    if (!passkey) throw new DomainError("passkey_unknown");
    if (!(await hasOtherWayIn(tx, actor.userId))) throw new DomainError("last_way_in");
    const ownership = await ownershipOf(tx, actor.userId, passkeyId);
    if (ownership.isPending) throw new DomainError("owner_change_pending");
    if (ownership.isOnlyOwner) throw new DomainError("owner_last");
    await requireStepUp(tx, actor, "passkeys");
    await tx.delete(passkeys).where(own);
    await recordAudit(tx, {
      action: "passkey.removed",
      userId: actor.userId,
      resourceType: "passkey",
      resourceId: passkeyId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      oldValues: { name: passkey.name, derivedAddress: passkey.derivedAddress, isOwner: ownership.isOwner },
    });
    await warnPerson(tx, { userId: actor.userId, kind: "passkey_removed", sessionId: actor.sessionId, data: { name: passkey.name ?? "" } });
  });
}

async function hasOtherWayIn(tx: Tx, userId: string): Promise<boolean> {
  const [phone] = await tx.select({ count: count() }).from(users).where(and(eq(users.id, userId), isNotNull(users.phoneVerifiedAt)));
  const [linked] = await tx.select({ count: count() }).from(wallets).where(eq(wallets.userId, userId));
  const [own] = await tx.select({ count: count() }).from(passkeys).where(eq(passkeys.userId, userId));
  return Number(phone?.count) + Number(linked?.count) > 0 || Number(own?.count) > 1;
}

/** Whether a passkey's key owns the account on a chain, and whether it is there the only owner that can still sign. */
async function ownershipOf(tx: Tx, userId: string, passkeyId: string): Promise<{ isOwner: boolean; isOnlyOwner: boolean; isPending: boolean }> {
  const [row] = await tx.execute<{ is_owner: boolean; is_only_owner: boolean; is_pending: boolean }>(sql`
    WITH own AS (SELECT address FROM account_owners WHERE user_id = ${userId} AND passkey_id = ${passkeyId}),
    usable AS (SELECT address FROM account_owners WHERE user_id = ${userId} AND passkey_id IS DISTINCT FROM ${passkeyId} AND (kind <> 'passkey' OR passkey_id IS NOT NULL)),
    chains AS (
      SELECT bool_or(s.address IN (SELECT address FROM own)) AS is_owner, bool_or(s.address IN (SELECT address FROM usable)) AS has_other
      FROM account_signers s WHERE s.user_id = ${userId} GROUP BY s.chain_id)
    SELECT coalesce(bool_or(is_owner), false) AS is_owner, coalesce(bool_or(is_owner AND NOT has_other), false) AS is_only_owner,
      EXISTS (SELECT FROM owner_changes c WHERE c.user_id = ${userId} AND c.status = 'pending' AND c.added && ARRAY(SELECT address::text FROM own)) AS is_pending
    FROM chains`);
  return { isOwner: row?.is_owner ?? false, isOnlyOwner: row?.is_only_owner ?? false, isPending: row?.is_pending ?? false };
}
