import "server-only";
import { isEnabled } from "@/lib/flags/is-enabled";
import { topUpChain } from "@/lib/topups/offered";

/** Whether somebody may use Pix at the till at all: a provider is set up here, and the flag is on for them. */
export async function isTillPixOffered(userId: string): Promise<boolean> {
  return topUpChain() !== null && (await isEnabled("till_pix", userId));
}
