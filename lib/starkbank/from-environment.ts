import "server-only";
import { publicKeys, type PublicKeys } from "@/lib/avenia/public-key";
import { env } from "@/lib/env";

let keys: { baseUrl: string; keys: PublicKeys } | undefined;

/** The bank's keys for webhooks, as this process knows them; null where the bank is not set up. */
export function starkKeys(): PublicKeys | null {
  const { STARKBANK_BASE_URL: baseUrl } = env();
  if (!baseUrl) return null;
  if (keys?.baseUrl !== baseUrl) keys = { baseUrl, keys: publicKeys(baseUrl) };
  return keys.keys;
}
