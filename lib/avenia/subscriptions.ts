import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const Listed = z.looseObject({ webhooks: z.array(z.looseObject({ id: z.string(), url: z.string(), subscriptions: z.array(z.string()) })) });

/** Has the provider tell `url` of tickets and identity checks. Safe to repeat: an address that is told already stays as it is. */
export async function ensureSubscription(access: AveniaAccess, url: string): Promise<"known" | "added"> {
  const { webhooks } = await request(access, Listed, "GET", "/v2/notifications/webhooks");
  if (webhooks.some((webhook) => webhook.url === url)) return "known";
  await request(access, z.unknown(), "POST", "/v2/notifications/webhooks", { body: { webhookUrl: url, subscriptions: ["TICKET", "KYC"] } });
  return "added";
}
