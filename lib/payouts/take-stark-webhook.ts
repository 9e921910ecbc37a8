import "server-only";
import { starkKeys } from "@/lib/starkbank/from-environment";
import { readStarkEvent, verifyStarkWebhook } from "@/lib/starkbank/webhooks";
import { heedPayoutEvent } from "./heed-event";

/** What the bank is answered: taken, not for us to read, not theirs, or nobody can say now. */
export type StarkTaken = "taken" | "unreadable" | "forged" | "unknown_key";

/** Leaves the work of a genuine webhook to the worker, who asks the bank itself: so nothing needs to be kept, and a second delivery is a second look. */
export async function takeStarkWebhook(body: Buffer, signature: string | null): Promise<StarkTaken> {
  const keys = starkKeys();
  if (!keys) return "forged";
  const judgement = await verifyStarkWebhook(keys, body, signature);
  if (judgement !== "genuine") return judgement === "unknown" ? "unknown_key" : "forged";
  const event = readStarkEvent(body);
  if (!event) return "unreadable";
  if (event.transferId) await heedPayoutEvent("starkbank", { accountId: null, ticketId: event.transferId, externalId: event.externalId });
  return "taken";
}
