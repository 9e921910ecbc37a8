import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import type { Actor } from "../actor";
import { parsePasskeyName } from "./rules";

/** Fails with: name_invalid, passkey_unknown. */
export async function renamePasskey(actor: Actor, { passkeyId, name: typed }: { passkeyId: string; name: string }): Promise<void> {
  const name = parsePasskeyName(typed);
  await db.transaction(async (tx) => {
    const own = and(eq(passkeys.id, passkeyId), eq(passkeys.userId, actor.userId));
    const [before] = await tx.select({ name: passkeys.deviceName }).from(passkeys).where(own).for("update");
    if (!before) throw new DomainError("passkey_unknown");
    if (before.name === name) return;
    await tx.update(passkeys).set({ deviceName: name }).where(own);
    await recordAudit(tx, { action: "passkey.renamed", userId: actor.userId, resourceType: "passkey", resourceId: passkeyId, ip: actor.ip, userAgent: actor.userAgent, oldValues: { name: before.name }, newValues: { name } });
  });
}
