import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { topUps } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { hintPerson } from "@/lib/live/hint-person";
import { log } from "@/lib/log";
import { mayBecome, type TopUpStatus } from "./rules";

export type TopUpRow = typeof topUps.$inferSelect;
type Change = Partial<Omit<typeof topUps.$inferInsert, "id" | "userId" | "status">>;

/** The row, locked for a change. Null when there is none. */
export async function lockTopUp(tx: Tx, topUpId: string): Promise<TopUpRow | null> {
  const [row] = await tx.select().from(topUps).where(eq(topUps.id, topUpId)).for("no key update");
  return row ?? null;
}

/**
 * Moves a locked top-up to a status that may follow, with its audit line and a hint for the person's screens. What the table does not allow is
 * not done and told to the log. False when nothing changed.
 */
export async function changeTopUp(tx: Tx, row: TopUpRow, status: TopUpStatus, change: Change = {}): Promise<boolean> {
  if (!mayBecome(row.status, status)) {
    log().warn({ topUpId: row.id, from: row.status, to: status }, "a top-up can't become this");
    return false;
  }
  const news = Object.entries(change).filter(([name, value]) => !isSame(row[name as keyof TopUpRow], value));
  if (status === row.status && news.length === 0) return false;
  await tx.update(topUps).set({ ...change, status, updatedAt: new Date(), ...(status === "done" ? {} : { doneAt: null }) }).where(eq(topUps.id, row.id));
  if (status !== row.status) {
    await recordAudit(tx, {
      action: "top_up.status_changed", userId: row.userId, resourceType: "top_up", resourceId: row.id,
      oldValues: { status: row.status }, newValues: { status, ...(change.failure ? { failure: change.failure } : {}), ...(change.txHash ? { txHash: change.txHash } : {}) },
    });
  }
  await hintPerson(tx, row.userId);
  return true;
}

const isSame = (before: unknown, after: unknown): boolean => before === after || (before instanceof Date && after instanceof Date && before.getTime() === after.getTime());
