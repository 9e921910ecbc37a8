import "server-only";
import { z } from "zod";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { MessageSender } from "./message";

export type TwilioAccount = {
  /** https://api.twilio.com, or a test's server. */
  baseUrl: string;
  accountSid: string;
  apiKey: string;
  apiSecret: string;
  messagingServiceSid: string;
  timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;

/** Twilio's codes for "this number gets no SMS": invalid, not a mobile, not reachable. The rest is ours or theirs to mend. */
const NUMBER_REFUSED = new Set([21211, 21214, 21217, 21612, 21614]);

const Refusal = z.object({ code: z.number() });

/**
 * Twilio's Messages API (POST /2010-04-01/Accounts/{AccountSid}/Messages.json). Not repeated on failure: a timeout may have sent,
 * and a person who got nothing asks again.
 */
export function twilioSender({ baseUrl, accountSid, apiKey, apiSecret, messagingServiceSid, timeoutMs = TIMEOUT_MS }: TwilioAccount): MessageSender {
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`, baseUrl);
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`;
  return async ({ to, body }) => {
    let response: Response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { Authorization: authorization, Accept: "application/json" },
        body: new URLSearchParams({ To: to, MessagingServiceSid: messagingServiceSid, Body: body }),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.ok) return await response.body?.cancel();
    } catch (error) {
      log().error({ provider: "twilio", reason: error instanceof Error ? error.name : "unknown" }, "message not sent");
      throw new DomainError("message_not_sent");
    }
    const refusal = Refusal.safeParse(await response.json().catch(() => null));
    const providerCode = refusal.success ? refusal.data.code : null;
    if (providerCode !== null && NUMBER_REFUSED.has(providerCode)) throw new DomainError("phone_invalid");
    log().error({ provider: "twilio", status: response.status, providerCode }, "message not sent");
    throw new DomainError("message_not_sent");
  };
}
