import "server-only";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { ensureSubscription } from "@/lib/avenia/subscriptions";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { topUpChain } from "./offered";

/** Has the provider tell us. Until it does, the minute's round finds everything; so a provider that is away is no failure. */
export async function subscribeToProvider(): Promise<void> {
  if (!topUpChain()) return;
  try {
    const outcome = await ensureSubscription(aveniaAccess(), `${env().APP_URL}/api/webhooks/avenia`);
    if (outcome === "added") log().info({ provider: "avenia" }, "webhooks are told to us");
  } catch (error) {
    if (!(error instanceof AveniaError)) throw error;
    log().warn({ provider: "avenia", failure: error.failure, status: error.status }, "webhooks are not told to us yet");
  }
}
