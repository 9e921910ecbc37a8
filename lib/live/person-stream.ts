import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { eventStream, type Look } from "./event-stream";
import { lookAtPerson } from "./queries";

/** Says `change` to one person's screen whenever one of the person's payments or balances moved. The page then reads what is new. */
export async function personStream({ actor, signal }: { actor: Actor; signal: AbortSignal }): Promise<Response> {
  let fingerprint: string | null = null;

  async function look(): Promise<Look> {
    const found = await lookAtPerson(actor);
    if (found.closed) return { messages: [], closed: found.closed };
    // The first look is news too: the page was drawn before it.
    const hasChanged = fingerprint !== found.fingerprint;
    fingerprint = found.fingerprint;
    return { messages: hasChanged ? [{ event: "change", data: {} }] : [] };
  }

  return eventStream({ signal, topic: `user:${actor.userId}`, sessionId: actor.sessionId, look });
}
