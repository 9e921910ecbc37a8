import "server-only";
import { sql } from "@/db/client";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { notifyLive } from "@/lib/follower/notify";
import { log } from "@/lib/log";
import { isUniqueViolation } from "@/lib/operations/reserve-refusal";
import { advanceDollars } from "./advance-dollars";
import { advanceRewards } from "./advance-rewards";
import { IrisUnreachableError } from "./iris";
import { LATE_SECONDS, lookAgainMs, type CarriedKind, type ConsolidationProblem, type ConsolidationStage } from "./rules";

/** Looked at together; more wait for the next round. */
const BATCH = 20;
/** While one process looks at it, another leaves it alone; after a crash it is taken up again. */
const TAKEN_SECONDS = 10;

/** A consolidation that is not over, as the loop sees it. */
export type Open = {
  id: string; userId: string; kind: CarriedKind; stage: ConsolidationStage; problem: ConsolidationProblem | null; from: ChainId; to: ChainId; /** The account that sent it. */ sender: Address; recipient: Address; units: bigint;
  message: Hex | null; attestation: Hex | null; nonce: Hex | null; sucker: Address | null; leafIndex: number | null; leafUsdMicros: bigint | null;
  leftTxHash: Hex | null; secondsSinceLeft: number; toFromBlock: bigint; looks: number; storeId: string | null; hasFailed: boolean;
};

/** What one look found: another stage with what is known there, or why it waits. */
export type Look = { stage: ConsolidationStage; found?: Found } | { waits: ConsolidationProblem | null; found?: Found };
export type Found = { message?: Hex | null; attestation?: Hex | null; nonce?: Hex | null; leafIndex?: number; leafUsdMicros?: bigint; step?: { step: string; chainId: ChainId; txHash: string | null } };

type Row = {
  id: string; user_id: string; kind: CarriedKind; stage: ConsolidationStage; problem: ConsolidationProblem | null; from_chain_id: ChainId; to_chain_id: ChainId; sender: Address; recipient: Address; units: string;
  message: Hex | null; attestation: Hex | null; message_nonce: Hex | null; sucker: Address | null; leaf_index: number | null; leaf_usd_micros: string | null; left_tx_hash: Hex | null;
  seconds_since_left: number; to_from_block: string; looks: number; store_id: string | null; has_failed: boolean;
};

/**
 * Looks at every consolidation that is due and moves each one step where the chains and the attestation service allow it. Nothing is held between two
 * looks but the rows, every step is conditional on the stage that it saw, and what is asked of the operators is asked once: so a crash at any
 * point, a second process, or a repeated look change nothing. Answers how many were looked at.
 */
export async function advanceDue(): Promise<number> {
  const rows = await sql<Row[]>`
    WITH due AS (
      SELECT id FROM consolidations WHERE stage NOT IN ('arrived', 'failed') AND next_look_at <= now() ORDER BY next_look_at LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE consolidations c SET next_look_at = now() + make_interval(secs => ${TAKEN_SECONDS}) FROM due, transactions t, user_operations o
    WHERE c.id = due.id AND t.id = c.id AND o.id = c.id
    RETURNING c.id, c.user_id, c.kind, c.stage, c.problem, c.from_chain_id, c.to_chain_id, o.sender, c.recipient, c.units::text, c.message, c.attestation, c.message_nonce, c.sucker, c.leaf_index, c.leaf_usd_micros::text,
      c.left_tx_hash, COALESCE(extract(epoch FROM now() - c.left_at), 0)::float8 AS seconds_since_left, c.to_from_block::text, c.looks, c.store_id, t.status = 'failed' AS has_failed`;
  await Promise.all(rows.map((row) => advance(openOf(row))));
  return rows.length;
}

const openOf = (row: Row): Open => ({
  id: row.id, userId: row.user_id, kind: row.kind, stage: row.stage, problem: row.problem, from: row.from_chain_id, to: row.to_chain_id, sender: row.sender, recipient: row.recipient, units: BigInt(row.units),
  message: row.message, attestation: row.attestation, nonce: row.message_nonce, sucker: row.sucker, leafIndex: row.leaf_index, leafUsdMicros: row.leaf_usd_micros === null ? null : BigInt(row.leaf_usd_micros),
  leftTxHash: row.left_tx_hash, secondsSinceLeft: row.seconds_since_left, toFromBlock: BigInt(row.to_from_block), looks: row.looks, storeId: row.store_id, hasFailed: row.has_failed,
});

async function advance(open: Open): Promise<void> {
  const found = await look(open);
  await record(open, found).catch((error: unknown) => {
    // Two that left in one transaction found the same message: it is the other one's, and the next look passes it by.
    if (!isUniqueViolation(error)) throw error;
  });
}

async function look(open: Open): Promise<Look> {
  try {
    if (open.stage === "leaving") return open.hasFailed ? { stage: "failed" } : { waits: null };
    return await (open.kind === "rewards" ? advanceRewards(open) : advanceDollars(open));
  } catch (error) {
    if (error instanceof IrisUnreachableError) return { waits: open.secondsSinceLeft > LATE_SECONDS.attestation ? "attestation_late" : open.problem };
    if (isChainUnreachable(error)) return { waits: open.secondsSinceLeft > LATE_SECONDS.chain ? "chain_silent" : open.problem };
    log().error({ err: error, consolidationId: open.id, stage: open.stage }, "consolidation could not be looked at");
    return { waits: open.problem };
  }
}

/** Writes what a look found, unless the row moved meanwhile (the follower's word goes before ours). */
async function record(open: Open, found: Look) {
  const stage = "stage" in found ? found.stage : open.stage;
  const problem = "waits" in found ? found.waits : null;
  const isMoved = stage !== open.stage;
  const looks = isMoved ? 0 : open.looks + 1;
  const known = { message: open.message, attestation: open.attestation, nonce: open.nonce, leafIndex: open.leafIndex, leafUsdMicros: open.leafUsdMicros, ...found.found };
  const [row] = await sql`
    UPDATE consolidations SET
      stage = ${stage}, problem = ${problem}, looks = ${looks}, next_look_at = now() + make_interval(secs => ${isMoved ? 0 : lookAgainMs(looks) / 1000}), updated_at = now(),
      message = ${known.message}, attestation = ${known.attestation}, message_nonce = ${known.nonce}, leaf_index = ${known.leafIndex}, leaf_usd_micros = ${known.leafUsdMicros?.toString() ?? null}::numeric,
      completed_at = CASE WHEN ${stage} = 'failed' THEN now() END
    WHERE id = ${open.id} AND stage = ${open.stage} AND left_tx_hash IS NOT DISTINCT FROM ${open.leftTxHash}
    RETURNING 1`;
  if (!row) return;
  const { step } = found.found ?? {};
  if (step) await sql`INSERT INTO consolidation_steps (consolidation_id, step, chain_id, tx_hash) VALUES (${open.id}, ${step.step}, ${step.chainId}::chain_id, ${step.txHash}) ON CONFLICT DO NOTHING`;
  if (isMoved || problem !== open.problem) await notifyLive({ userIds: new Set([open.userId]), storeIds: new Set(open.kind === "payout" && open.storeId ? [open.storeId] : []) });
}
