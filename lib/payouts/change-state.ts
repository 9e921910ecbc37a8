import "server-only";
import { eq, sql as raw } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { payouts, payoutSteps } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { newId } from "@/lib/ids";
import { hintPerson } from "@/lib/live/hint-person";
import { LIVE_CHANNEL } from "@/lib/live/rules";
import { log } from "@/lib/log";
import { mayBecome, type PayoutState } from "./rules";

export type PayoutRow = typeof payouts.$inferSelect;
type Change = Partial<Omit<typeof payouts.$inferInsert, "id" | "storeId" | "state" | "status">>;
type Step = { externalId?: string | null; detail?: Record<string, string> };

/** The row, locked for a change. Null when there is none. */
export async function lockPayout(tx: Tx, payoutId: string): Promise<PayoutRow | null> {
  const [row] = await tx.select().from(payouts).where(eq(payouts.id, payoutId)).for("no key update");
  return row ?? null;
}

/**
 * Moves a locked payout to a state that may follow, with its step, its audit line and a hint for the store's screens. What the table does not allow is not
 * done and told to the log. False when nothing changed.
 */
export async function changeState(tx: Tx, row: PayoutRow, state: PayoutState, change: Change = {}, { externalId = null, detail }: Step = {}): Promise<boolean> {
  if (!mayBecome(row.state, state)) {
    if (row.state !== state) log().warn({ payoutId: row.id, from: row.state, to: state }, "a payout can't become this");
    return false;
  }
  await tx.update(payouts).set({ ...change, state }).where(eq(payouts.id, row.id));
  await tx.insert(payoutSteps).values({ id: newId(), payoutId: row.id, state, provider: row.provider ?? "cocopay", externalId, detail: detail ?? null }).onConflictDoNothing();
  await recordAudit(tx, {
    action: "payout.state_changed", resourceType: "payout", resourceId: row.id, oldValues: { state: row.state }, newValues: { state, ...detail, ...(externalId ? { externalId } : {}) }, metadata: { storeId: row.storeId },
  });
  await hintStore(tx, row);
  return true;
}

/** What changed without a new state: why it waits, and when it was looked at. */
export async function keepPayout(tx: Tx, row: PayoutRow, change: Change): Promise<void> {
  await tx.update(payouts).set(change).where(eq(payouts.id, row.id));
  if (change.problem !== undefined && change.problem !== row.problem) await hintStore(tx, row);
}

async function hintStore(tx: Tx, { storeId, requestedBy }: Pick<PayoutRow, "storeId" | "requestedBy">) {
  await tx.execute(raw`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify({ storeId })})`);
  await hintPerson(tx, requestedBy);
}
