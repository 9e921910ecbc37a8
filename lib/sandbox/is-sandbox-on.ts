import "server-only";
import { env } from "@/lib/env";

/** True when a provider is a sandbox, which a production start refuses; there the page does not exist in any case. */
export function isSandboxOn(): boolean {
  const { APP_ENV, SMS_PROVIDER, RATE_PROVIDER } = env();
  return APP_ENV !== "production" && (SMS_PROVIDER === "sandbox" || RATE_PROVIDER === "sandbox");
}
