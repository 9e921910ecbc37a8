import "server-only";
import { and, eq, isNotNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeMembers } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { can, isForSharedTill, type Permission, type Role } from "./rules";

/**
 * The member's role, when it allows this. Asked beside the data, at every request, so a removal works at the next one. At a shared till everybody is
 * staff, and only what selling needs is allowed.
 * Fails with not_found for strangers (a store that is not theirs might as well not exist) and forbidden for members
 * without the right; a refusal leaves its audit line even though the caller's transaction rolls back.
 */
export async function requirePermission(tx: Tx | typeof db, actor: { userId: string; ip?: string | null; sharedStoreId?: string | null }, storeId: string, permission: Permission): Promise<Role> {
  if (!isId(storeId)) throw new DomainError("not_found");
  const [member] = await tx
    .select({ role: storeMembers.role })
    .from(storeMembers)
    .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, actor.userId), isNotNull(storeMembers.acceptedAt)));
  if (!member) throw new DomainError("not_found");
  const isShared = Boolean(actor.sharedStoreId);
  const role = isShared ? "staff" : member.role;
  if (can(role, permission) && !(isShared && (actor.sharedStoreId !== storeId || !isForSharedTill(permission)))) return role;
  await db.transaction((own) =>
    recordAudit(own, { action: "permission.refused", userId: actor.userId, ip: actor.ip ?? null, resourceType: "store", resourceId: storeId, metadata: { permission, role, ...(isShared ? { isSharedTill: true } : {}) } }),
  );
  throw new DomainError("forbidden", { permission, role });
}
