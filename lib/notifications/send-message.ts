import "server-only";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import type { Message, MessageSender } from "./message";
import { sandboxSender } from "./sandbox";
import { twilioSender } from "./twilio";

/** Every provider of messages, by the value of SMS_PROVIDER. */
const SENDERS: Record<ReturnType<typeof env>["SMS_PROVIDER"], () => MessageSender> = {
  sandbox: () => sandboxSender,
  twilio: () => {
    const { TWILIO_BASE_URL: baseUrl, TWILIO_ACCOUNT_SID: accountSid, TWILIO_API_KEY: apiKey, TWILIO_API_SECRET: apiSecret, TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid } = env();
    invariant(accountSid && apiKey && apiSecret && messagingServiceSid, "SMS_PROVIDER=twilio needs TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET and TWILIO_MESSAGING_SERVICE_SID");
    return twilioSender({ baseUrl, accountSid, apiKey, apiSecret, messagingServiceSid });
  },
};

/** Sends by the provider of this environment. Fails with: phone_invalid, message_not_sent. */
export const sendMessage = (message: Message): Promise<void> => SENDERS[env().SMS_PROVIDER]()(message);
