import "server-only";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requirePermission } from "@/lib/team/require-permission";
import { eventStream, type LiveMessage, type Look } from "./event-stream";
import { lookAtStore, newestEventId } from "./queries";

/**
 * The live events of a store for one member's screen: each payment event once, in order, beginning after the id `after` (or with the next one),
 * and `change` when deployments or the balance moved. Access is checked at every look; a revoked session or a removed member is cut off at the
 * next. Fails with: not_found, forbidden.
 */
export async function openStoreStream(actor: Actor, { storeId, after, signal }: { storeId: string; after: string | null; signal: AbortSignal }): Promise<Response> {
  await requirePermission(db, actor, storeId, "till.use");
  let lastId = eventIdOf(after) ?? (await newestEventId(storeId));
  let fingerprint: string | null = null;

  async function look(): Promise<Look> {
    const found = await lookAtStore({ sessionId: actor.sessionId, userId: actor.userId, storeId, afterId: lastId });
    if (found.closed) return { messages: [], closed: found.closed };
    const messages: LiveMessage[] = found.events.map((event) => ({ event: "payment", id: event.id, data: event }));
    lastId = found.events.at(-1)?.id ?? lastId;
    // The first look is news too: the page was drawn before it.
    if (found.fingerprint !== fingerprint) messages.push({ event: "change", data: {} });
    fingerprint = found.fingerprint;
    return { messages, isFull: found.isFull };
  }

  return eventStream({ signal, topic: `store:${storeId}`, sessionId: actor.sessionId, look });
}

/** An id of ours, else null: then the stream begins with the next event. */
function eventIdOf(text: string | null): string | null {
  return text && /^\d{1,18}$/.test(text) ? text : null;
}
