import "server-only";
import { timingSafeEqual } from "node:crypto";
import { db } from "@/db/client";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { keyedHash } from "@/lib/auth/derive-key";
import { requireStepUp } from "@/lib/auth/step-up";
import { EXPORT_GRANT_SECONDS } from "./rules";

/**
 * A right to download everything about the person, in either format, for ten minutes and within this session alone. A signed text, so
 * that a right that was waited for is good for both files.
 * Fails with: step_up_required, step_up_waiting.
 */
export async function allowExport(actor: Actor, now = new Date()): Promise<string> {
  await db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "data_export");
    await recordAudit(tx, { action: "user.data_exported", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent });
  });
  const expires = Math.floor(now.getTime() / 1000) + EXPORT_GRANT_SECONDS;
  return `${expires}.${signatureOf(actor, expires)}`;
}

/** Whether this session was given that right, and it still stands. */
export function isExportAllowed(actor: Pick<Actor, "userId" | "sessionId">, grant: string, now = new Date()): boolean {
  const [, seconds, signature] = /^(\d{10})\.([\w-]{43})$/.exec(grant) ?? [];
  if (!seconds || !signature || Number(seconds) * 1000 < now.getTime()) return false;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(actor, Number(seconds))));
}

const signatureOf = ({ userId, sessionId }: Pick<Actor, "userId" | "sessionId">, expires: number): string => keyedHash("data-export", `${userId}.${sessionId}.${expires}`).toString("base64url");
