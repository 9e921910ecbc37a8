import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { TRANSACTION_KINDS, type OperationKind, type OperationStatus } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { Block, ExpiredFact, Touched } from "./facts";
import { hintTillPix } from "./hint-till-pix";
import { settleFailedDeployments } from "./settle-deployments";
import { releaseOperations } from "./settle-operations";
import { touchPeople } from "./settle-moves";
import { endPayouts } from "./settle-payouts";
import { settleRefunds } from "./settle-refunds";
import { settleStoreRefunds } from "./settle-store-refunds";

/** What a silent chain kept from landing is signed again within this time; afterwards nobody waits for it any more. */
export const RESIGN_WITHIN_HOURS = 1;

/** The end of an operation that waited for its owner's signature. */
export const NOT_SIGNED = "not_signed";

type Ended = { id: string; kind: OperationKind; subjectId: string };

/**
 * Ends operations that can never land: their sponsorship is over by the clock of a block that is applied, and their nonce is
 * unused. Where the chain stood still or was out of reach while the operation was on its way, that is not the payer's fault:
 * the payment goes back to the outbox and is signed again under the same nonce, so one version of it lands at most. One that its owner did
 * not sign in time was never sent, and no silence excuses that.
 */
export async function expireOperations(tx: SqlTx, chainId: ChainId, facts: readonly ExpiredFact[], last: Block, touched: Touched) {
  if (facts.length === 0) return;
  const rows = await tx<{ id: string; kind: OperationKind; subject_id: string; status: OperationStatus; is_excused: boolean }[]>`
    SELECT o.id, o.kind, o.subject_id, o.status,
           o.status = 'submitted' AND o.kind = ANY (${TRANSACTION_KINDS as string[]}::text[]) AND c.stalled_at > o.submitted_at AND o.queued_at > now() - make_interval(hours => ${RESIGN_WITHIN_HOURS}) AS is_excused
    FROM user_operations o
    JOIN unnest(${facts.map((fact) => fact.operationId)}::uuid[], ${facts.map((fact) => fact.userOpHash)}::text[]) AS fact (id, hash) ON o.id = fact.id AND o.user_op_hash = fact.hash
    JOIN chain_cursors c ON c.chain_id = o.chain_id
    WHERE o.chain_id = ${chainId}::chain_id AND o.status IN ('prepared', 'submitted') AND o.valid_until < ${last.minedAt}
    ORDER BY o.id FOR NO KEY UPDATE OF o`;
  const again = rows.filter((row) => row.is_excused).map((row) => row.id);
  if (again.length > 0) {
    await tx`UPDATE user_operations SET status = 'queued', tx_hash = NULL, attempts = 0, next_attempt_at = now() WHERE id = ANY (${again}::uuid[])`;
  }
  const prepared = rows.filter((row) => row.status === "prepared").map((row) => row.id);
  const held = await holdAgain(tx, prepared, touched);
  const deadOf = (status: OperationStatus) => rows.filter((row) => !row.is_excused && row.status === status && !held.has(row.id)).map((row) => ({ id: row.id, kind: row.kind, subjectId: row.subject_id }));
  const proof = { block: last.number, hash: last.hash };
  await endOperations(tx, chainId, deadOf("submitted"), { errorCode: "expired", reason: "The chain did not take it in time", ...proof }, touched);
  await endOperations(tx, chainId, deadOf("prepared"), { errorCode: NOT_SIGNED, reason: "Its owner did not sign it in time", ...proof }, touched);
}

/**
 * A send that somebody took and its sender did not sign in time goes back to being held: the money stays promised until the send's own time is
 * over, and the sender may confirm again.
 */
async function holdAgain(tx: SqlTx, ids: readonly string[], touched: Touched): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx<{ id: string; sender_id: string; claimed_by: string | null }[]>`
    UPDATE user_operations o SET status = 'held', tx_hash = NULL FROM phone_sends s
    WHERE o.id = ANY (${[...ids]}::uuid[]) AND s.id = o.id AND s.status = 'claimed' RETURNING o.id, s.sender_id, s.claimed_by`;
  for (const row of rows) touchPeople(touched, { from_user_id: row.sender_id, to_user_id: row.claimed_by });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Ends what the submitter refused (it set `error_code` on a queued row). A row that was never signed can never land. One that
 * was signed before waits until that version is dead too: its time is over by the clock of the block that is applied, and no
 * block up to there holds it, else the row would be settled.
 */
export async function endRefused(tx: SqlTx, chainId: ChainId, touched: Touched) {
  const rows = await tx<{ id: string; kind: OperationKind; subject_id: string; error_code: string; error_message: string | null; was_signed: boolean; block: string; hash: string }[]>`
    SELECT o.id, o.kind, o.subject_id, o.error_code, o.error_message, o.signed_operation IS NOT NULL AS was_signed, c.block_number::text AS block, c.block_hash AS hash
    FROM user_operations o JOIN chain_cursors c ON c.chain_id = o.chain_id
    WHERE o.chain_id = ${chainId}::chain_id AND o.status = 'queued' AND o.error_code IS NOT NULL
      AND (o.signed_operation IS NULL OR o.valid_until < c.block_time)
    ORDER BY o.id FOR NO KEY UPDATE OF o`;
  for (const row of rows) {
    const proof = row.was_signed ? { block: BigInt(row.block), hash: row.hash } : { block: null, hash: null };
    await endOperations(tx, chainId, [{ id: row.id, kind: row.kind, subjectId: row.subject_id }], { errorCode: row.error_code, reason: row.error_message ?? row.error_code, ...proof }, touched);
  }
}

type Ending = {
  errorCode: string;
  reason: string;
  /** The block that proves it, so that a reorg below reopens it; null for what was never signed. */
  block: bigint | null;
  hash: string | null;
};

async function endOperations(tx: SqlTx, chainId: ChainId, operations: readonly Ended[], { errorCode, reason, block, hash }: Ending, touched: Touched) {
  if (operations.length === 0) return;
  const ids = operations.map(({ id }) => id);
  await tx`
    UPDATE user_operations SET status = 'expired', error_code = ${errorCode}, error_message = ${reason}, tx_hash = NULL,
      block_number = ${block?.toString() ?? null}::bigint, block_hash = ${hash}
    WHERE id = ANY (${ids}::uuid[])`;
  await releaseOperations(tx, operations.map(({ id }) => ({ id, block })));
  const transactions = operations.filter(({ kind }) => TRANSACTION_KINDS.includes(kind)).map(({ subjectId }) => subjectId);
  if (transactions.length > 0) {
    const failed = await tx<{ from_user_id: string | null; to_user_id: string | null }[]>`
      UPDATE transactions SET status = 'failed', error_code = ${errorCode}, error_message = ${reason}
      WHERE id = ANY (${transactions}::uuid[]) AND status = 'pending' RETURNING from_user_id, to_user_id`;
    for (const row of failed) touchPeople(touched, row);
  }
  await endPayouts(tx, operations.filter(({ kind }) => kind === "store_payout").map(({ subjectId }) => subjectId), { errorCode, reason }, touched);
  await hintTillPix(tx, operations);
  await settleRefunds(tx, operations.filter(({ kind }) => kind === "guest_refund").map(({ id, subjectId }) => ({ id, subjectId, txHash: null, reason })), touched);
  await settleStoreRefunds(tx, chainId, operations.map(({ id, kind, subjectId }) => ({ id, kind, subjectId, txHash: null, reason: errorCode === "would_revert" ? reason : errorCode, isReverted: false })), touched);
  const deployments = operations.filter(({ kind }) => kind === "store_deployment").map(({ id, subjectId }) => ({ storeId: subjectId, operationId: id, reason }));
  await settleFailedDeployments(tx, chainId, deployments, touched);
}
