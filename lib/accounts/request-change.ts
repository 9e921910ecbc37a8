import "server-only";
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { accountOwners, ownerChanges, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import { requireUnfrozen } from "./require-unfrozen";
import type { CheckedOwner } from "./check-owners";
import type { OwnerChangeKind } from "./rules";

type Change = { kind: OwnerChangeKind; owners: readonly CheckedOwner[]; removed: readonly string[] };

/**
 * Writes a change of owners with its proofs, its audit line, its notice and its job; the worker carries it out on every chain. One at
 * a time: a second one would race the first for the same signers.
 * Fails with: owner_change_pending, account_frozen.
 */
export async function requestChange(tx: Tx, actor: Actor, { kind, owners, removed }: Change): Promise<{ changeId: string }> {
  const { userId, sessionId, ip, userAgent } = actor;
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
  await requireUnfrozen(tx, userId);
  const [pending] = await tx.select({ id: ownerChanges.id }).from(ownerChanges).where(and(eq(ownerChanges.userId, userId), eq(ownerChanges.status, "pending")));
  if (pending) throw new DomainError("owner_change_pending");

  for (const { kind: ownerKind, address, name, proof, passkeyId = null, walletId = null } of owners) {
    await tx
      .insert(accountOwners)
      .values({ id: newId(), userId, kind: ownerKind, address, name: name || null, passkeyId, walletId, proof })
      .onConflictDoUpdate({ target: [accountOwners.userId, accountOwners.address], set: { kind: ownerKind, proof, passkeyId, walletId, name: sql`coalesce(excluded.name, ${accountOwners.name})` } });
  }
  const changeId = newId();
  const added = owners.map(({ address }) => address);
  await tx.insert(ownerChanges).values({ id: changeId, userId, kind, added, removed: [...removed], sessionId });
  await recordAudit(tx, {
    action: kind === "takeover" ? "account.takeover_requested" : "account.owners_change_requested",
    userId, ip, userAgent, resourceType: "account", resourceId: changeId, newValues: { kind, added, removed, kinds: owners.map((owner) => owner.kind) },
  });
  // Of the others the person is told when they are done: an owner has to sign them first.
  if (kind === "takeover") await warnPerson(tx, { userId, kind: "takeover_requested", sessionId });
  await enqueue(tx, "accounts.apply_owner_change", { changeId }, { key: `accounts.apply_owner_change:${changeId}` });
  return { changeId };
}
