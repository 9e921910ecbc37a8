import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";

const id = z.string().min(1).max(200);
const Event = z.looseObject({
  id: id.optional(),
  subscription: z.string().min(1).max(60),
  subAccountId: id.nullish(),
  accountId: id.nullish(),
  data: z
    .looseObject({
      ticket: z.looseObject({ id, externalId: z.string().max(200).nullish() }).nullish(),
      ticketId: id.nullish(),
      attempt: z.looseObject({ id }).nullish(),
    })
    .nullish(),
});
/** The provider's guides show the event bare and inside `event`; both are taken. */
const Envelope = z.union([z.looseObject({ event: Event }).transform(({ event }) => event), Event]);

/** Whom an event is about. What happened is asked of the provider itself, so that no order of deliveries matters. */
export type WebhookEvent = {
  /** The provider's, or the hash of the body where it gives none: the same delivery twice is one event. */
  id: string;
  subscription: string;
  subAccountId: string | null;
  ticketId: string | null;
  /** The id that we gave the ticket; null for one that nobody ordered, such as dollars that came. */
  externalId: string | null;
  attemptId: string | null;
};

/** What a genuine webhook says. Null when it is nothing that we can read. */
export function readWebhookEvent(body: Buffer): WebhookEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) return null;
  const event = parsed.data;
  return {
    id: event.id ?? createHash("sha256").update(body).digest("hex"),
    subscription: event.subscription,
    subAccountId: event.subAccountId ?? event.accountId ?? null,
    ticketId: event.data?.ticket?.id ?? event.data?.ticketId ?? null,
    externalId: event.data?.ticket?.externalId || null,
    attemptId: event.data?.attempt?.id ?? null,
  };
}
