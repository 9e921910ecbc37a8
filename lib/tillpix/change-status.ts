import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { tillPix } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { LIVE_CHANNEL } from "@/lib/live/rules";
import { log } from "@/lib/log";
import { mayPixBecome, type TillPixStatus } from "./rules";

export type TillPixRow = typeof tillPix.$inferSelect;
type Change = Partial<Omit<typeof tillPix.$inferInsert, "id" | "storeId" | "chargeId" | "status">>;

/** The row, locked for a change. Null when there is none. */
export async function lockPix(tx: Tx, pixId: string): Promise<TillPixRow | null> {
  const [row] = await tx.select().from(tillPix).where(eq(tillPix.id, pixId)).for("no key update");
  return row ?? null;
}

/**
 * Moves a locked till Pix to a status that may follow, with its audit line and a hint for the store's screens. What the table does not allow is not
 * done and told to the log. False when nothing changed.
 */
export async function changePix(tx: Tx, row: TillPixRow, status: TillPixStatus, change: Change = {}): Promise<boolean> {
  if (!mayPixBecome(row.status, status)) {
    log().warn({ pixId: row.id, from: row.status, to: status }, "a till Pix can't become this");
    return false;
  }
  const news = Object.entries(change).filter(([name, value]) => !isSame(row[name as keyof TillPixRow], value));
  if (status === row.status && news.length === 0) return false;
  await tx.update(tillPix).set({ ...change, status, updatedAt: new Date() }).where(eq(tillPix.id, row.id));
  if (status !== row.status) {
    await recordAudit(tx, {
      action: "till_pix.status_changed", resourceType: "store", resourceId: row.storeId, oldValues: { status: row.status },
      newValues: { status, ...(change.failure ? { failure: change.failure } : {}), ...(change.txHash ? { txHash: change.txHash } : {}) }, metadata: { tillPixId: row.id, chargeId: row.chargeId },
    });
  }
  await tx.execute(sql`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify({ storeId: row.storeId })})`);
  return true;
}

const isSame = (before: unknown, after: unknown): boolean => before === after || (before instanceof Date && after instanceof Date && before.getTime() === after.getTime());
