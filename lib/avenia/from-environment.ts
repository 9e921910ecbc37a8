import "server-only";
import { createPrivateKey } from "node:crypto";
import { env, workerEnv } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { publicKeys, type PublicKeys } from "./public-key";
import type { AveniaAccess } from "./request";

/** What the worker asks the provider with. Throws where no provider is set up. */
export function aveniaAccess(): AveniaAccess {
  const { AVENIA_BASE_URL } = env();
  const { AVENIA_API_KEY, AVENIA_SIGNING_KEY } = workerEnv();
  invariant(AVENIA_BASE_URL && AVENIA_API_KEY && AVENIA_SIGNING_KEY, "AVENIA_BASE_URL, AVENIA_API_KEY and AVENIA_SIGNING_KEY are set where the provider is asked");
  return { baseUrl: AVENIA_BASE_URL, apiKey: AVENIA_API_KEY, signingKey: createPrivateKey(Buffer.from(AVENIA_SIGNING_KEY, "base64").toString("utf8")) };
}

let keys: { baseUrl: string; keys: PublicKeys } | undefined;

/** The provider's keys for webhooks, as this process knows them; null where no provider is set up. */
export function aveniaKeys(): PublicKeys | null {
  const { AVENIA_BASE_URL: baseUrl } = env();
  if (!baseUrl) return null;
  if (keys?.baseUrl !== baseUrl) keys = { baseUrl, keys: publicKeys(baseUrl) };
  return keys.keys;
}
