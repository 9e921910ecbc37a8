import "server-only";
import { lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sandboxMessages } from "@/db/schema";

/** Deletes what the sandbox "sent" more than a week ago. */
export async function removeOldMessages(): Promise<void> {
  await db.delete(sandboxMessages).where(lt(sandboxMessages.createdAt, sql`now() - interval '7 days'`));
}
