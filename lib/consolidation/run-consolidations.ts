import "server-only";
import { log } from "@/lib/log";
import { pause } from "@/lib/worker/pause";
import { advanceDue } from "./advance";

/** How often the rows are asked which of them are due. */
const POLL_MS = 500;
const RETRY_MS = 2_000;

/** Moves what is on its way for as long as the process lives. Several processes share the rows. */
export async function runConsolidations(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const looked = await advanceDue();
      await pause(looked > 0 ? POLL_MS / 5 : POLL_MS, signal);
    } catch (error) {
      log().error({ err: error }, "consolidations could not be looked at");
      await pause(RETRY_MS, signal);
    }
  }
}
