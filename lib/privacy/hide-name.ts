import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";

/** Stores see "Cliente" instead of the first name, also for payments of before, or see it again. */
export async function setNameHidden(actor: Actor, isHidden: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    const changed = await tx
      .update(users)
      .set({ hideName: isHidden })
      .where(and(eq(users.id, actor.userId), sql`coalesce(${users.hideName}, false) <> ${isHidden}`))
      .returning({ id: users.id });
    if (changed.length === 0) return;
    await recordAudit(tx, {
      action: "user.name_visibility_changed",
      userId: actor.userId,
      resourceType: "user",
      resourceId: actor.userId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      oldValues: { isHidden: !isHidden },
      newValues: { isHidden },
    });
  });
}
