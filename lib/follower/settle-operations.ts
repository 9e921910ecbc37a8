import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { OperationKind, OperationStatus } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { OperationFact } from "./facts";

/** An operation of ours that landed, with its row. */
export type SettledOperation = { id: string; kind: OperationKind; subjectId: string; previousStatus: OperationStatus; fact: OperationFact };

/**
 * Marks the operations that landed. They are known by sender and nonce key, not by hash alone: an operation that was signed
 * twice (after a silence of the chain) may land in either version, and only one ever can. Rows are locked in id order.
 */
export async function settleOperations(tx: SqlTx, chainId: ChainId, facts: readonly OperationFact[]): Promise<SettledOperation[]> {
  if (facts.length === 0) return [];
  const locked = await tx<{ id: string; kind: OperationKind; subject_id: string; status: OperationStatus; sender: string; nonce_key: string }[]>`
    SELECT o.id, o.kind, o.subject_id, o.status, o.sender, o.nonce_key::text
    FROM user_operations o
    JOIN unnest(${facts.map((fact) => fact.sender)}::text[], ${facts.map((fact) => fact.nonceKey.toString())}::numeric[]) AS event (sender, nonce_key)
      ON o.chain_id = ${chainId}::chain_id AND o.sender = event.sender AND o.nonce_key = event.nonce_key
    ORDER BY o.id FOR NO KEY UPDATE OF o`;
  const byNonce = new Map(facts.map((fact) => [`${fact.sender}:${fact.nonceKey}`, fact]));
  const settled = locked.flatMap((row) => {
    const fact = byNonce.get(`${row.sender}:${row.nonce_key}`);
    return fact ? [{ id: row.id, kind: row.kind, subjectId: row.subject_id, previousStatus: row.status, fact }] : [];
  });
  if (settled.length === 0) return [];
  await tx`
    UPDATE user_operations o SET
      status = CASE WHEN event.success THEN 'succeeded' ELSE 'reverted' END,
      user_op_hash = event.hash, tx_hash = event.tx_hash, block_number = event.block_number, block_hash = event.block_hash,
      error_code = CASE WHEN event.success THEN NULL ELSE 'reverted' END, error_message = event.reason
    FROM unnest(
      ${settled.map(({ id }) => id)}::uuid[], ${settled.map(({ fact }) => String(fact.success))}::text[]::boolean[], ${settled.map(({ fact }) => fact.userOpHash)}::text[],
      ${settled.map(({ fact }) => fact.txHash)}::text[], ${settled.map(({ fact }) => fact.blockNumber.toString())}::bigint[],
      ${settled.map(({ fact }) => fact.blockHash)}::text[], ${settled.map(({ fact }) => fact.reason)}::text[]
    ) AS event (id, success, hash, tx_hash, block_number, block_hash, reason)
    WHERE o.id = event.id`;
  return settled;
}

/**
 * Gives back what operations had reserved. The only release there is: called by the follower alone, in the transaction that
 * settles the operation (landed, or proven dead) or that ends one which was never signed. `block` is where a reorg takes the
 * release back; null for what no block had a part in.
 */
export async function releaseOperations(tx: SqlTx, operations: readonly { id: string; block: bigint | null }[]) {
  if (operations.length === 0) return;
  await tx`
    UPDATE balance_reservations r SET released_at = now(), released_block = done.block
    FROM unnest(${operations.map(({ id }) => id)}::uuid[], ${operations.map(({ block }) => block?.toString() ?? null)}::bigint[]) AS done (id, block)
    WHERE r.operation_id = done.id AND r.released_at IS NULL`;
}
