import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { parseOperation, type UserOperation } from "@/lib/chain/user-operation";
import { log } from "@/lib/log";
import { ATTEMPTS_MAX, refusalOf, retryDelayMs } from "./rules";

/** A recorded operation that has to reach the chain. */
export type Outgoing = { id: string; sender: string; userOpHash: string; attempts: number; op: UserOperation };

type Row = { id: string; sender: string; user_op_hash: string; attempts: number; signed_operation: unknown };
const outgoingOf = (row: Row): Outgoing => ({ id: row.id, sender: row.sender, userOpHash: row.user_op_hash, attempts: row.attempts, op: parseOperation(row.signed_operation) });

/** Operations that end within this many seconds of chain time are not sent any more: they would only cost gas. */
const MARGIN_SECONDS = 2;
/** While the entry point refuses an operation for a reason that passes by itself. */
const WAIT_MS = 2_000;

/** Recorded operations that no bundle carries, oldest first, each still valid at the next block. */
export async function unsentOperations(chainId: ChainId, nextBlockTime: number, limit: number): Promise<Outgoing[]> {
  const validFrom = new Date((nextBlockTime + MARGIN_SECONDS) * 1000);
  const rows = await sql<Row[]>`
    SELECT id, sender, user_op_hash, attempts, signed_operation FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND status = 'submitted' AND tx_hash IS NULL AND next_attempt_at <= now() AND valid_until > ${validFrom}
    ORDER BY submitted_at, id LIMIT ${limit}`;
  return rows.map(outgoingOf);
}

/** True without touching the chain when something waits; keeps an idle loop from asking the node anything. */
export async function hasUnsent(chainId: ChainId): Promise<boolean> {
  const [row] = await sql`SELECT 1 FROM user_operations WHERE chain_id = ${chainId}::chain_id AND status = 'submitted' AND tx_hash IS NULL AND next_attempt_at <= now() LIMIT 1`;
  return row !== undefined;
}

/** The operations that a bundle still has to carry: those of it that have not landed and are still valid. */
export async function operationsOfBundle(chainId: ChainId, txHash: string, nextBlockTime: number): Promise<Outgoing[]> {
  const validFrom = new Date((nextBlockTime + MARGIN_SECONDS) * 1000);
  const rows = await sql<Row[]>`
    SELECT id, sender, user_op_hash, attempts, signed_operation FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND status = 'submitted' AND tx_hash = ${txHash} AND valid_until > ${validFrom} ORDER BY submitted_at, id`;
  return rows.map(outgoingOf);
}

/**
 * Sets one operation aside that the entry point (or a bundler) refuses, so that the others go on. Signing again keeps the nonce:
 * at most one version ever lands. After too many tries it is left to end by its own time, with proof.
 */
export async function setAside(chainId: ChainId, operation: Outgoing, reason: string) {
  const refusal = refusalOf(reason);
  const signsAgain = refusal === "sign_again" && operation.attempts < ATTEMPTS_MAX;
  const waitMs = signsAgain ? retryDelayMs(operation.attempts) : WAIT_MS;
  log().warn({ chainId, operationId: operation.id, reason, refusal, signsAgain }, "operation set aside");
  await sql`
    UPDATE user_operations SET status = ${signsAgain ? "queued" : "submitted"}, next_attempt_at = now() + make_interval(secs => ${waitMs / 1000}), tx_hash = NULL
    WHERE id = ${operation.id} AND status = 'submitted' AND user_op_hash = ${operation.userOpHash}`;
}
