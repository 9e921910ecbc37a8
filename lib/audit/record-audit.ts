import "server-only";
import type { Tx } from "@/db/client";
import { auditLogs } from "@/db/schema";
import { newId } from "@/lib/ids";

/** What the trail knows how to say. `noun.verb_in_past`. */
export const AUDIT_ACTIONS = [
  "session.started",
  "session.ended",
  "user.created",
  "user.renamed",
  "account.provisioned",
  "store.opened",
  "store.deployment_started",
  "store.deployment_retried",
  "store.code_checked",
  "payment.reorganised",
  "permission.refused",
  "sandbox.dollars_given",
] as const;

export type AuditEntry = {
  action: (typeof AUDIT_ACTIONS)[number];
  userId?: string | null;
  resourceType?: "user" | "session" | "store" | "transaction";
  resourceId?: string;
  ip?: string | null;
  userAgent?: string | null;
  oldValues?: Record<string, unknown>;
  newValues?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
};

/** Commits with the change it describes, or not at all. Never pass a code, a key or a full phone number. */
export async function recordAudit(tx: Tx, entry: AuditEntry) {
  await tx.insert(auditLogs).values({
    id: newId(),
    userId: entry.userId ?? null,
    ipAddress: entry.ip ?? null,
    userAgent: entry.userAgent?.slice(0, 500) ?? null,
    action: entry.action,
    resourceType: entry.resourceType ?? null,
    resourceId: entry.resourceId ?? null,
    oldValues: entry.oldValues ?? null,
    newValues: entry.newValues ?? null,
    metadata: entry.metadata ?? null,
  });
}
