import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "./actor";
import { maskName, parsePersonName } from "./rules";

/** Sets the name that stores see. Fails with: name_invalid. */
export async function renamePerson(actor: Actor, typed: string) {
  const name = parsePersonName(typed);
  if (name === actor.name) return;
  await db.transaction(async (tx) => {
    await tx.update(users).set({ name }).where(eq(users.id, actor.userId));
    await recordAudit(tx, {
      action: "user.renamed",
      userId: actor.userId,
      resourceType: "user",
      resourceId: actor.userId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      // The trail can't be edited, and a person's name must be able to go.
      oldValues: { name: actor.name && maskName(actor.name) },
      newValues: { name: maskName(name) },
    });
  });
}
