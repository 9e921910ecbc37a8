/** A text message. `to` is E.164, `body` is plain GSM-7 in one segment (at most 160 characters). */
export type Message = { to: string; body: string };

/**
 * Hands a message to the provider. It is sent when the promise resolves.
 * Fails with: phone_invalid (no mobile, or not reachable), message_not_sent.
 */
export type MessageSender = (message: Message) => Promise<void>;
