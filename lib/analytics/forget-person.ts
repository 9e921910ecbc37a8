import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { analyticsEvents } from "@/db/schema";

/** Part of deleting an account: the counts stay, whom they counted goes. */
export async function forgetPerson(tx: Tx, userId: string): Promise<void> {
  await tx.update(analyticsEvents).set({ userId: null, sessionId: null, deviceId: null, ipAddress: null, userAgent: null }).where(eq(analyticsEvents.userId, userId));
}
