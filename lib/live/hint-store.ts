import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { LIVE_CHANNEL } from "./rules";

/** Wakes the open screens of a store when the caller's change is committed: each then checks anew whether its person may look. Never in the pay path. */
export async function hintStore(tx: Tx, storeId: string): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${LIVE_CHANNEL}, ${JSON.stringify({ storeId })})`);
}
