import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import type { BlockHeader } from "@/lib/chain/logs";

/** Longer than this without news of the chain excuses what did not land meanwhile. */
export const SILENCE_MS = 30_000;
/** The cursor is touched this often, so that `/api/health` sees a follower which lives. */
const HEARTBEAT_MS = 1_000;

/**
 * Judges whether the chain was there while operations were on their way, by the wall clock: a payment that expired because
 * the chain (or this worker) was away is signed again instead of failed. `stalled_at` is the last instant of such a silence,
 * `unreachable_at` the last poll that got no answer.
 */
export class SilenceWatch {
  readonly #chainId: ChainId;
  #headHash = "";
  #headMovedAt = Date.now();
  #hasFailed = false;
  #lastBeat = 0;
  #isBusy = false;

  constructor(chainId: ChainId) {
    this.#chainId = chainId;
  }

  /** A cursor that nobody touched for so long: no worker ran, and nothing could be sent. */
  async begin() {
    await sql`
      UPDATE chain_cursors SET stalled_at = now()
      WHERE chain_id = ${this.#chainId}::chain_id AND updated_at < now() - make_interval(secs => ${SILENCE_MS / 1000})`;
  }

  answered(head: BlockHeader) {
    this.#hasFailed = false;
    if (head.hash === this.#headHash) return;
    this.#headHash = head.hash;
    this.#headMovedAt = Date.now();
  }

  failed() {
    this.#hasFailed = true;
  }

  /**
   * Writes what was seen, about once a second. True while operations are on their way. A chain that mines only when there is
   * work stands still when idle: it is silent only when an operation has waited for it as long.
   */
  async beat(): Promise<boolean> {
    const now = Date.now();
    if (now - this.#lastBeat < HEARTBEAT_MS) return this.#isBusy;
    this.#lastBeat = now;
    const isStill = now - this.#headMovedAt > SILENCE_MS;
    const [row] = await sql<{ is_busy: boolean }[]>`
      WITH open AS (
        SELECT count(*) > 0 AS is_busy, COALESCE(bool_or(submitted_at < now() - make_interval(secs => ${SILENCE_MS / 1000})), FALSE) AS has_waited
        FROM user_operations WHERE chain_id = ${this.#chainId}::chain_id AND status = 'submitted'
      ),
      beat AS (
        UPDATE chain_cursors c SET updated_at = now(),
          unreachable_at = CASE WHEN ${this.#hasFailed} THEN now() ELSE c.unreachable_at END,
          stalled_at = CASE WHEN ${isStill} AND open.has_waited THEN now() ELSE c.stalled_at END
        FROM open WHERE c.chain_id = ${this.#chainId}::chain_id
      )
      SELECT is_busy FROM open`;
    this.#isBusy = row?.is_busy ?? false;
    return this.#isBusy;
  }
}
