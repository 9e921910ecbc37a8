import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { recoveryClaims } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { warnPerson } from "@/lib/notifications/warn-person";
import { absencesSince, type Absence } from "./absences";
import { cancelClaim } from "./cancel-claims";
import { completeClaims } from "./complete-claims";
import { CLAIM_AFTER_DAYS, daysBefore, dueWarning, WARNING_DAYS, type WarningDay } from "./rules";
import { textOtherManagers } from "./tell";

const STAMPS = { 60: "warned60At", 75: "warned75At", 90: "warned90At" } as const satisfies Record<WarningDay, keyof typeof recoveryClaims.$inferInsert>;

/**
 * Looks at every owner with a backup: warns on days 60, 75 and 90 of an absence by every channel, each once, and ends absences whose
 * reason is gone. On day 90 the backup learns that it may claim. Each store is counted by itself. Safe to repeat, also at once.
 */
export async function watchAbsences(now: Date): Promise<void> {
  const absences = await absencesSince(db, daysBefore(now, WARNING_DAYS[0]));
  await endOthers(absences);
  for (const ownerId of new Set(absences.map((absence) => absence.ownerId))) {
    await db.transaction((tx) => warnOwner(tx, absences.filter((absence) => absence.ownerId === ownerId), now));
  }
}

/** The daily look: first what is due to move, then who is to be warned. */
export async function watchRecovery(now: Date): Promise<void> {
  await completeClaims(now);
  await watchAbsences(now);
}

/** What no longer is an absence: the sign-in ended it already in most cases; the rest had its backup, store or role taken away. */
async function endOthers(absences: Absence[]) {
  const still = new Set(absences.map(({ claimId }) => claimId));
  const open = await db.select({ id: recoveryClaims.id }).from(recoveryClaims).where(and(isNull(recoveryClaims.completedAt), isNull(recoveryClaims.cancelledAt)));
  for (const { id } of open.filter((claim) => !still.has(claim.id))) await db.transaction((tx) => cancelClaim(tx, id));
}

async function warnOwner(tx: Tx, absences: Absence[], now: Date) {
  const warned = new Map<WarningDay, Absence[]>();
  for (const absence of absences) {
    const day = dueWarning({ now, lastActiveAt: absence.lastActiveAt, warned: absence.warned });
    if (day && (await stamp(tx, absence, day, now))) warned.set(day, [...(warned.get(day) ?? []), absence]);
  }
  // Somebody with three stores is told once that they are in question, not three times.
  for (const [day, stores] of warned) {
    const [first] = stores;
    invariant(first, "a warned day has its stores");
    await warnPerson(tx, { userId: first.ownerId, kind: `inactivity_${day}`, data: { stores: stores.length } });
    await textOtherManagers(tx, { storeIds: stores.map(({ storeId }) => storeId), exceptUserId: first.ownerId }, (words) => words.storeAbsent({ days: day }));
    if (day === CLAIM_AFTER_DAYS) await warnPerson(tx, { userId: first.backupId, kind: "backup_may_claim" });
  }
}

/** False when another look was faster. */
async function stamp(tx: Tx, { ownerId, storeId, claimId }: Absence, day: WarningDay, now: Date): Promise<boolean> {
  const column = STAMPS[day];
  const [row] = claimId
    ? await tx
        .update(recoveryClaims)
        .set({ [column]: now })
        .where(and(eq(recoveryClaims.id, claimId), isNull(recoveryClaims[column]), isNull(recoveryClaims.cancelledAt)))
        .returning({ id: recoveryClaims.id })
    : await tx.insert(recoveryClaims).values({ id: newId(), userId: ownerId, storeId, [column]: now, createdAt: sql`now()` }).onConflictDoNothing().returning({ id: recoveryClaims.id });
  if (!row) return false;
  await recordAudit(tx, { action: "recovery.warned", userId: ownerId, resourceType: "recovery_claim", resourceId: row.id, newValues: { storeId, day } });
  return true;
}
