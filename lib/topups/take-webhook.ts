import "server-only";
import { sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { aveniaKeys } from "@/lib/avenia/from-environment";
import { verifyWebhook } from "@/lib/avenia/verify-webhook";
import { readWebhookEvent } from "@/lib/avenia/webhook-event";
import { env } from "@/lib/env";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";

/** What the provider is answered: taken (also when it was taken before), not for us to read, not theirs, or nobody can say now. */
export type Taken = "taken" | "unreadable" | "forged" | "unknown_key";

/** Keeps a genuine webhook once and leaves the work to the worker. Nothing of a forged one is kept. */
export async function takeWebhook(body: Buffer, signature: string | null): Promise<Taken> {
  const keys = aveniaKeys();
  if (!keys) return "forged";
  const judgement = await verifyWebhook(keys, body, signature);
  if (judgement !== "genuine") return judgement === "unknown" ? "unknown_key" : "forged";
  const event = readWebhookEvent(body);
  if (!event) return "unreadable";
  await db.transaction(async (tx) => {
    const id = newId();
    // Column by column: this role may write no other.
    const kept = await tx.execute(fragment`
      INSERT INTO webhook_inbox (id, provider, event_id, subscription, raw) VALUES (${id}, ${env().TOPUP_PROVIDER}, ${event.id}, ${event.subscription}, ${body.toString("utf8")})
      ON CONFLICT (provider, event_id) DO NOTHING RETURNING id`);
    if (kept.length > 0) await enqueue(tx, "topups.read_webhook", { inboxId: id }, { key: `topups.read_webhook:${id}` });
  });
  return "taken";
}
