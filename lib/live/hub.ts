import "server-only";
import { setMaxListeners } from "node:events";
import { z } from "zod";
import { keepListening } from "./listen";
import { LIVE_CHANNEL } from "./rules";

/** Whose news somebody waits for. */
export type Topic = `store:${string}` | `user:${string}`;

const Payload = z.object({ storeId: z.string().optional(), userId: z.string().optional() });

/** Every open stream of this process behind one listening connection. */
class LiveHub {
  /** Aborts when the process is asked to stop: a server that stops waits for its open answers, and a live stream never ends by itself. */
  readonly stopping = signalOfShutdown();
  private readonly waiting = new Map<Topic, Set<() => void>>();
  private readonly listening = keepListening(LIVE_CHANNEL, {
    onPayload: (payload) => this.receive(payload),
    onListening: () => this.wakeAll(),
  });

  /** Calls `wake` at each hint for the topic, and for all after the listening began anew. Gives the way to stop. */
  subscribe(topic: Topic, wake: () => void): () => void {
    const wakes = this.waiting.get(topic) ?? new Set();
    this.waiting.set(topic, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0 && this.waiting.get(topic) === wakes) this.waiting.delete(topic);
    };
  }

  stop(): Promise<void> {
    return this.listening.stop();
  }

  private receive(payload: string) {
    const hint = Payload.safeParse(parseJson(payload));
    if (!hint.success) return;
    const { storeId, userId } = hint.data;
    if (storeId) this.wake(`store:${storeId}`);
    if (userId) this.wake(`user:${userId}`);
  }

  private wake(topic: Topic) {
    for (const wake of this.waiting.get(topic) ?? []) wake();
  }

  private wakeAll() {
    for (const topic of this.waiting.keys()) this.wake(topic);
  }
}

function signalOfShutdown(): AbortSignal {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // Whoever runs the server listens too. Where nobody does, a listener of ours would keep the signal from ending the process.
    if (process.listenerCount(signal) > 0) process.once(signal, () => stopping.abort());
  }
  return stopping.signal;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Next reloads modules in development, and bundles each route for itself; the hub lives on the process.
const holder = globalThis as typeof globalThis & { cocopayLiveHub?: LiveHub };

/** The process's hub, listening from the first use on. */
export const liveHub = (): LiveHub => (holder.cocopayLiveHub ??= new LiveHub());

/** Ends the listening connection: tests call it before they leave. */
export async function closeLiveHub() {
  const hub = holder.cocopayLiveHub;
  delete holder.cocopayLiveHub;
  await hub?.stop();
}
