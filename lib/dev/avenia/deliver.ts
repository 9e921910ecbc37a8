import { constants, randomUUID, sign } from "node:crypto";
import type { SentEvent } from "./state";
import { aside, nowText, pause, type World } from "./world";

const TRIES = 5;
const FIRST_PAUSE_MS = 400;
const LATE_MS = 900;
const TIMEOUT_MS = 5_000;
const EVENTS_KEPT = 2_000;
const CHAOS = { twice: 0.1, late: 0.05 };

export const signBody = (privateKeyPem: string, body: string): string =>
  sign("sha256", Buffer.from(body), { key: privateKeyPem, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN }).toString("base64");

/** The event as a body: bare or inside `event`, as the provider's own guides differ. */
export const bodyOf = (event: SentEvent, isWrapped: boolean): string => {
  const { subAccountId, ...rest } = event;
  return JSON.stringify(isWrapped ? { event: { ...rest, accountId: subAccountId } } : event);
};

/** At least once: until it is taken, five times at most; one in ten comes twice, one in twenty after its successors. */
export async function deliver(world: World, url: string, event: SentEvent): Promise<void> {
  const { twice, late } = world.options.chaos ?? CHAOS;
  if (Math.random() < late) await pause(LATE_MS);
  const times = Math.random() < twice ? 2 : 1;
  for (let time = 0; time < times; time += 1) await send(world, url, bodyOf(event, event.id.charCodeAt(0) % 2 === 0));
}

async function send(world: World, url: string, body: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES && !world.isClosed; attempt += 1) {
    try {
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", signature: signBody(world.state.privateKeyPem, body) }, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not there, or busy: again below.
    }
    await pause(FIRST_PAUSE_MS * 2 ** attempt);
  }
}

/** Keeps an event and tells everybody who subscribed. */
export function tell(world: World, event: Omit<SentEvent, "id" | "createdAt">) {
  const sent: SentEvent = { id: randomUUID(), createdAt: nowText(), ...event };
  world.state.events.push(sent);
  world.state.events.splice(0, Math.max(0, world.state.events.length - EVENTS_KEPT));
  world.save();
  for (const webhook of world.state.webhooks) {
    if (webhook.subscriptions.includes(event.subscription) || webhook.subscriptions.includes("*")) aside(world, deliver(world, webhook.url, sent));
  }
}
