import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { LIVE_CHANNEL } from "./rules";

/** Wakes the person's open screens when the caller's change is committed. Never in the pay path: a notification makes commits queue. */
export async function hintPerson(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify({ userId })})`);
}
