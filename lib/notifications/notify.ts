import "server-only";
import type { Tx } from "@/db/client";
import { notices, outgoingMessages } from "@/db/schema";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { hintPerson } from "@/lib/live/hint-person";
import type { SqlTx } from "@/lib/worker/lease";
import type { NoticeKind } from "./rules";

export type Notice = {
  userId: string;
  kind: NoticeKind;
  /** Values of the sentence: never a code, a key or a full phone number. */
  data?: Record<string, string | number>;
  /** The session that caused it: its device is not told what its person just did. */
  sessionId?: string | null;
};

/** Tells a person on every other signed-in device, in the transaction of what happened. */
export async function notify(tx: Tx, { userId, kind, data = {}, sessionId = null }: Notice) {
  await tx.insert(notices).values({ id: newId(), userId, kind, data, sessionId });
  await hintPerson(tx, userId);
}

/**
 * Sends a text message with the caller's change: it goes out when the change is committed, and not otherwise. `to` is E.164, `body`
 * plain GSM-7 of at most 160 characters. Never for sign-in codes, whose sender waits for the provider's answer.
 */
export async function queueMessage(tx: Tx, { to, body }: { to: string; body: string }) {
  const id = newId();
  await tx.insert(outgoingMessages).values({ id, toPhone: to, body });
  await enqueue(tx, "messages.send", { messageId: id }, { key: `messages.send:${id}` });
}

/** The same in a transaction of postgres.js, which the money's own functions run in. */
export async function queueMessageIn(tx: SqlTx, { to, body }: { to: string; body: string }) {
  const id = newId();
  await tx`INSERT INTO outgoing_messages (id, to_phone, body) VALUES (${id}, ${to}, ${body})`;
  await tx`SELECT public.enqueue_job('messages.send', ${JSON.stringify({ messageId: id })}::text::json, ${`messages.send:${id}`}, now())`;
}
