import "server-only";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { env } from "@/lib/env";
import type { PayoutProvider } from "../provider";
import type { PayoutProviderName } from "../rules";
import { aveniaPayouts } from "./avenia";

/** Who pays reais out here; null where nobody is set up, and payouts in reais are not offered. For both processes. */
export function payoutProviderName(): PayoutProviderName | null {
  return env().AVENIA_BASE_URL ? "avenia" : null;
}

let made: { key: string; provider: PayoutProvider } | undefined;

/** The provider of this process. Worker only: the web process has no keys to ask with. Throws where none is set up. */
export function payoutProvider(): PayoutProvider {
  const { APP_URL } = env();
  const access = aveniaAccess();
  if (made?.key !== access.baseUrl) made = { key: access.baseUrl, provider: aveniaPayouts({ access, appUrl: APP_URL }) };
  return made.provider;
}
