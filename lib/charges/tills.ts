import "server-only";
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { tills } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId, newId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";
import { noteOf } from "@/lib/transfers/rules";
import { TILL_NAME_MAX, TILLS_MAX } from "./rules";

export type NamedTill = { id: string; name: string };

/** The tills of a store, by name, for any member. Fails with not_found. */
export async function listTills(actor: Actor, storeId: string): Promise<NamedTill[]> {
  await requirePermission(db, actor, storeId, "till.use");
  return db.select({ id: tills.id, name: tills.name }).from(tills).where(and(eq(tills.storeId, storeId), isNull(tills.removedAt))).orderBy(asc(sql`lower(${tills.name})`));
}

/** The till that a device keeps, while it is still one of this store; null otherwise. */
export async function findTill(tx: Tx | typeof db, storeId: string, tillId: string | null): Promise<string | null> {
  if (!tillId || !isId(tillId)) return null;
  const [till] = await tx.select({ id: tills.id }).from(tills).where(and(eq(tills.id, tillId), eq(tills.storeId, storeId), isNull(tills.removedAt)));
  return till?.id ?? null;
}

/** A name for a place where the store sells. Fails with not_found, forbidden, name_invalid, till_name_taken, tills_limit. */
export async function addTill(actor: Actor, input: { storeId: string; name: string }): Promise<NamedTill> {
  return db.transaction(async (tx) => {
    await requirePermission(tx, actor, input.storeId, "tills.manage");
    const name = nameOf(input.name);
    const [count] = await tx.select({ tills: sql<number>`count(*)::int` }).from(tills).where(and(eq(tills.storeId, input.storeId), isNull(tills.removedAt)));
    if ((count?.tills ?? 0) >= TILLS_MAX) throw new DomainError("tills_limit");
    const [till] = await tx.insert(tills).values({ id: newId(), storeId: input.storeId, name, createdBy: actor.userId }).onConflictDoNothing().returning({ id: tills.id, name: tills.name });
    if (!till) throw new DomainError("till_name_taken");
    await recordAudit(tx, { action: "till.added", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "till", resourceId: till.id, newValues: { store_id: input.storeId, name } });
    return till;
  });
}

/** Takes a till out of the list; its sales keep its name. Safe to repeat. Fails with not_found, forbidden. */
export async function removeTill(actor: Actor, { storeId, tillId }: { storeId: string; tillId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "tills.manage");
    const [till] = isId(tillId) ? await tx.select().from(tills).where(and(eq(tills.id, tillId), eq(tills.storeId, storeId))).for("no key update") : [];
    if (!till) throw new DomainError("not_found");
    if (till.removedAt) return;
    await tx.update(tills).set({ removedAt: new Date() }).where(eq(tills.id, till.id));
    await recordAudit(tx, { action: "till.removed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "till", resourceId: till.id, oldValues: { store_id: storeId, name: till.name } });
  });
}

function nameOf(typed: string): string {
  const name = typed.length > 200 ? null : noteOf(typed);
  if (!name || name.length > TILL_NAME_MAX) throw new DomainError("name_invalid");
  return name;
}
