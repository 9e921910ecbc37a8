import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { phoneChanges } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "./actor";
import { maskPhone } from "./phone";

/** Ends the open change of the phone, if there is one, from any of the person's devices. Answers whether there was one. */
export async function cancelPhoneChange(tx: Tx, actor: Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">): Promise<boolean> {
  const [cancelled] = await tx
    .update(phoneChanges)
    .set({ cancelledAt: sql`now()` })
    .where(and(eq(phoneChanges.userId, actor.userId), isNull(phoneChanges.doneAt), isNull(phoneChanges.cancelledAt)))
    .returning({ newPhone: phoneChanges.newPhone });
  if (!cancelled) return false;
  await recordAudit(tx, { action: "user.phone_change_cancelled", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, newValues: { phone: maskPhone(cancelled.newPhone) } });
  await warnPerson(tx, { userId: actor.userId, kind: "phone_change_cancelled", sessionId: actor.sessionId });
  return true;
}
