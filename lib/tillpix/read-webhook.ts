import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { tillPix } from "@/db/schema";
import type { TopUpProvider } from "@/lib/topups/rules";
import { syncTillPix } from "./sync-till-pix";

/** Asks the provider about the till Pix behind a ticket. False when it is none of ours. */
export async function readTillWebhook(provider: TopUpProvider, ticketId: string): Promise<boolean> {
  const [row] = await db.select({ id: tillPix.id }).from(tillPix).where(and(eq(tillPix.provider, provider), eq(tillPix.ticketId, ticketId)));
  if (row) await syncTillPix(row.id);
  return row !== undefined;
}
