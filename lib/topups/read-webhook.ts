import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { identityChecks, topUps, webhookInbox } from "@/db/schema";
import { readWebhookEvent } from "@/lib/avenia/webhook-event";
import { syncIdentity } from "@/lib/identity/sync-identity";
import { heedPayoutEvent } from "@/lib/payouts/heed-event";
import { readStoreWebhook } from "@/lib/store-identity/sync-store-identity";
import { readTillWebhook } from "@/lib/tillpix/read-webhook";
import { syncTopUp } from "./sync-top-up";

/** Asks the provider about whatever a kept webhook is about. One that names nothing of ours is noted and left. Worker only, safe to repeat. */
export async function readWebhook(inboxId: string): Promise<void> {
  const [kept] = await db.select().from(webhookInbox).where(eq(webhookInbox.id, inboxId));
  if (!kept || kept.processedAt) return;
  const event = readWebhookEvent(Buffer.from(kept.raw, "utf8"));
  let outcome: "applied" | "unknown" | "ignored" = "ignored";
  if (event?.ticketId) {
    const [topUp] = await db.select({ id: topUps.id }).from(topUps).where(and(eq(topUps.provider, kept.provider), eq(topUps.ticketId, event.ticketId)));
    if (topUp) await syncTopUp(topUp.id);
    const isOurs =
      topUp !== undefined ||
      (await readTillWebhook(kept.provider, event.ticketId)) ||
      (await heedPayoutEvent("avenia", { accountId: event.subAccountId, ticketId: event.ticketId, externalId: event.externalId }));
    outcome = isOurs ? "applied" : "unknown";
  } else if (event?.attemptId) {
    const [check] = await db.select({ id: identityChecks.id }).from(identityChecks).where(and(eq(identityChecks.provider, kept.provider), eq(identityChecks.attemptId, event.attemptId)));
    if (check) await syncIdentity(check.id);
    outcome = check || (await readStoreWebhook(kept.provider, event.attemptId)) ? "applied" : "unknown";
  }
  await db.update(webhookInbox).set({ processedAt: new Date(), outcome }).where(eq(webhookInbox.id, inboxId));
}
