import "server-only";
import { db } from "@/db/client";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import type { CsvVariant } from "@/lib/csv/rules";

/** Counts a download of the activity and writes it down: a whole history leaves at once. Fails with: too_many_requests. */
export async function countActivityExport(actor: Actor, variant: CsvVariant): Promise<void> {
  await consumeLimit(db, "activity_export_account", actor.userId);
  await db.transaction((tx) => recordAudit(tx, { action: "user.activity_exported", userId: actor.userId, resourceType: "user", resourceId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, newValues: { variant } }));
}
