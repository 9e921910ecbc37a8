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
  "user.phone_change_requested",
  "user.phone_change_cancelled",
  "user.phone_changed",
  "user.frozen",
  "user.unfrozen",
  "user.deleted",
  "user.data_exported",
  "user.name_visibility_changed",
  "consent.given",
  "consent.withdrawn",
  "session.stepped_up",
  "step_up.requested",
  "step_up.cancelled",
  "step_up.used",
  "passkey.added",
  "passkey.renamed",
  "passkey.removed",
  "passkey.address_derived",
  "passkey.refused",
  "wallet.linked",
  "wallet.renamed",
  "wallet.unlinked",
  "account.provisioned",
  "account.takeover_requested",
  "account.taken_over",
  "account.owners_change_requested",
  "account.owners_changed",
  "account.owner_change_retried",
  "account.key_revoked",
  "account.key_destroyed",
  "account.key_exported",
  "account.operation_signed",
  "keys.rotated",
  "backup.asked",
  "backup.accepted",
  "backup.declined",
  "backup.removed",
  "recovery.warned",
  "recovery.claimed",
  "recovery.cancelled",
  "recovery.completed",
  "guest_payment.refund_requested",
  "guest_payment.refunded",
  "guest_payment.joined",
  "refund.requested",
  "refund.paid",
  "refund.failed",
  "top_up.requested",
  "top_up.confirmed",
  "top_up.status_changed",
  "identity_check.requested",
  "identity_check.settled",
  "store.exported",
  "store.opened",
  "store.ownership_transferred",
  "store.deployment_started",
  "store.deployment_retried",
  "store.settings_changed",
  "store.logo_changed",
  "store.code_rotated",
  "store.closed",
  "store.reopened",
  "store.code_checked",
  "item.added",
  "item.changed",
  "item.removed",
  "items.imported",
  "charge.made",
  "charge.cancelled",
  "till.added",
  "till.removed",
  "payment.reorganised",
  "request.made",
  "request.cancelled",
  "receipt.link_created",
  "receipt.link_revoked",
  "user.activity_exported",
  "permission.refused",
  "sandbox.dollars_given",
] as const;

export type AuditEntry = {
  action: (typeof AUDIT_ACTIONS)[number];
  userId?: string | null;
  resourceType?: "user" | "session" | "store" | "transaction" | "passkey" | "wallet" | "account" | "key" | "recovery_claim" | "outside_payment" | "refund" | "top_up" | "identity_check" | "request" | "charge" | "till";
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
