import "server-only";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { outgoingMessages } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { sendMessage } from "./send-message";

/**
 * Hands a queued message to the provider. At least once: a crash between the provider's answer and our note sends it again, which for
 * a warning is the better mistake. A phone that cannot get messages ends it; any other failure throws, and the queue tries again.
 */
export async function sendQueuedMessage(messageId: string): Promise<void> {
  const [message] = await db.select().from(outgoingMessages).where(and(eq(outgoingMessages.id, messageId), isNull(outgoingMessages.sentAt)));
  if (!message) return;
  try {
    await sendMessage({ to: message.toPhone, body: message.body });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "phone_invalid") throw error;
  }
  await db.update(outgoingMessages).set({ sentAt: sql`now()` }).where(eq(outgoingMessages.id, messageId));
}

/** What was sent is kept for a month, as an answer to "did you tell me?". */
export async function removeOldOutgoingMessages(): Promise<void> {
  await db.delete(outgoingMessages).where(lt(outgoingMessages.createdAt, sql`now() - interval '30 days'`));
}
