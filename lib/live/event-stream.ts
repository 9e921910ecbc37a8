import "server-only";
import { log } from "@/lib/log";
import { liveHub, type Topic } from "./hub";
import { LIVE_BEAT_MS, LIVE_POLL_MS, LIVE_RETRY_MS, type ClosedReason, type LiveEventName } from "./rules";

export type LiveMessage = { event: LiveEventName; id?: string; data: unknown };

/** What one look at the tables found. `closed` ends the stream for good; `isFull` asks for another look at once. */
export type Look = { messages: readonly LiveMessage[]; closed?: ClosedReason; isFull?: boolean };

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // no-transform: a compressing proxy would hold events back.
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

/** A reader that takes nothing for this many messages is gone. */
const UNREAD_MAX = 500;
const STREAMS_PER_SESSION_MAX = 16;
const openBySession = new Map<string, number>();

/**
 * A server-sent event stream that looks at the tables at each hint for `topic` and every two seconds besides, so that a lost hint costs
 * two seconds and never a payment. `look` checks access itself. While the database is away the stream stays open and silent: no beat
 * comes, and the browser says that it is reconnecting.
 */
export function eventStream({ signal, topic, sessionId, look }: { signal: AbortSignal; topic: Topic; sessionId: string; look: () => Promise<Look> }): Response {
  const hub = liveHub();
  // A browser comes back over the connection it still holds, and would keep the stopping server alive.
  if (hub.stopping.aborted) return new Response(null, { status: 503, headers: { connection: "close", "retry-after": "1" } });
  const open = openBySession.get(sessionId) ?? 0;
  if (open >= STREAMS_PER_SESSION_MAX) return new Response(null, { status: 429, headers: { "retry-after": "10" } });
  openBySession.set(sessionId, open + 1);

  const encoder = new TextEncoder();
  let isOver = false;
  let isWoken = false;
  let wake = () => {};
  const onHint = () => {
    isWoken = true;
    wake();
  };
  const unsubscribe = hub.subscribe(topic, onHint);
  const end = () => {
    if (isOver) return;
    isOver = true;
    unsubscribe();
    const left = (openBySession.get(sessionId) ?? 1) - 1;
    if (left > 0) openBySession.set(sessionId, left);
    else openBySession.delete(sessionId);
    signal.removeEventListener("abort", end);
    hub.stopping.removeEventListener("abort", end);
    wake();
  };
  signal.addEventListener("abort", end, { once: true });
  hub.stopping.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();

  const rest = () =>
    new Promise<void>((resolve) => {
      if (isWoken || isOver) return resolve();
      const timer = setTimeout(resolve, LIVE_POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(controller: ReadableStreamDefaultController<Uint8Array>) {
    const send = (text: string) => controller.enqueue(encoder.encode(text));
    let isReady = false;
    let beatAt = Date.now();
    send(`retry: ${LIVE_RETRY_MS}\n\n`);
    while (!isOver) {
      isWoken = false;
      try {
        const { messages, closed, isFull } = await look();
        if (isOver) break;
        for (const message of messages) send(textOf(message));
        if (closed) {
          send(textOf({ event: "closed", data: { reason: closed } }));
          break;
        }
        const now = Date.now();
        if (!isReady) send(textOf({ event: "ready", data: { at: new Date(now).toISOString() } }));
        else if (now - beatAt >= LIVE_BEAT_MS) send(textOf({ event: "beat", data: { at: new Date(now).toISOString() } }));
        if (!isReady || messages.length > 0 || now - beatAt >= LIVE_BEAT_MS) beatAt = now;
        isReady = true;
        if (isFull) isWoken = true;
        if (controller.desiredSize !== null && controller.desiredSize < -UNREAD_MAX) break;
      } catch (error) {
        if (isOver) break;
        log().warn({ err: error, topic }, "live stream could not read, trying again");
        // A hint that comes while the database is away must not turn this into a hot loop.
        isWoken = false;
      }
      await rest();
    }
  }

  const body = new ReadableStream<Uint8Array>({
    // Not awaited: the response begins at once, and the loop lives as long as the connection.
    start: (controller) => {
      void run(controller)
        .catch((error: unknown) => {
          if (!isOver) log().warn({ err: error, topic }, "live stream ended");
        })
        .finally(() => {
          end();
          try {
            controller.close();
          } catch {
            // The reader left first.
          }
        });
    },
    cancel: end,
  });
  return new Response(body, { headers: HEADERS });
}

const textOf = ({ event, id, data }: LiveMessage): string => `event: ${event}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
