import "server-only";
import { createPublicKey, type KeyObject } from "node:crypto";

const KEPT_MS = 3_600_000;
/** The route is public and anybody can make a signature miss: a flood of forgeries costs the provider one question in this time. */
export const REFETCH_COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
const PEM = /-----BEGIN (?:RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END (?:RSA )?PUBLIC KEY-----/;

export type PublicKeys = {
  /** The key as far as it is known, asked for when it is older than an hour. Null when the provider can't be asked. */
  current: () => Promise<KeyObject | null>;
  /** The key asked for anew after a signature missed, because keys rotate. Null within the cool-down. */
  refetched: () => Promise<KeyObject | null>;
};

/** The provider's key for webhooks, from GET /v2/public-key: a PEM as text or within JSON, in either of its two forms. */
export function publicKeys(baseUrl: string, { now = Date.now, timeoutMs = TIMEOUT_MS }: { now?: () => number; timeoutMs?: number } = {}): PublicKeys {
  let kept: { key: KeyObject; at: number } | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<KeyObject | null> | undefined;

  const ask = (): Promise<KeyObject | null> => {
    if (asking) return asking;
    if (now() - askedAt < REFETCH_COOLDOWN_MS) return Promise.resolve(null);
    askedAt = now();
    asking = fetchKey(baseUrl, timeoutMs)
      .then((key) => {
        if (key) kept = { key, at: now() };
        return key;
      })
      .finally(() => (asking = undefined));
    return asking;
  };
  return { current: async () => (kept && now() - kept.at < KEPT_MS ? kept.key : ask()), refetched: ask };
}

async function fetchKey(baseUrl: string, timeoutMs: number): Promise<KeyObject | null> {
  try {
    const response = await fetch(new URL("/v2/public-key", baseUrl), { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) return null;
    const pem = PEM.exec((await response.text()).replaceAll("\\n", "\n"))?.[0];
    return pem ? createPublicKey(pem) : null;
  } catch {
    return null;
  }
}
