import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { identityChecks } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { hintPerson } from "@/lib/live/hint-person";
import type { IdentityRow } from "./queries";
import { mayIdentityBecome, type IdentityStatus } from "./rules";

type Change = Partial<Omit<typeof identityChecks.$inferInsert, "id" | "userId" | "status">>;

export async function lockCheck(tx: Tx, checkId: string): Promise<IdentityRow | null> {
  const [row] = await tx.select().from(identityChecks).where(eq(identityChecks.id, checkId)).for("no key update");
  return row ?? null;
}

/** Moves a locked check to a status that may follow, with its audit line. An older word never undoes a newer one. */
export async function changeIdentity(tx: Tx, row: IdentityRow, status: IdentityStatus, change: Change = {}): Promise<void> {
  if (!mayIdentityBecome(row.status, status)) return;
  const isNews = status !== row.status;
  await tx.update(identityChecks).set({ ...change, status, updatedAt: new Date(), ...(isNews && status === "approved" ? { settledAt: new Date() } : {}) }).where(eq(identityChecks.id, row.id));
  if (isNews && (status === "approved" || status === "rejected")) {
    await recordAudit(tx, { action: "identity_check.settled", userId: row.userId, resourceType: "identity_check", resourceId: row.id, oldValues: { status: row.status }, newValues: { status } });
  }
  if (isNews || Object.keys(change).length > 0) await hintPerson(tx, row.userId);
}
