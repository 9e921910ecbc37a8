import "server-only";
import { sql } from "@/db/client";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { log } from "@/lib/log";
import type { SqlTx } from "@/lib/worker/lease";
import { CALL_ATTEMPTS_MAX, retryDelayMs } from "./rules";

/** A call of our own that has to reach the chain. */
export type OutgoingCall = { id: string; target: Address; data: Hex; valueWei: bigint; attempts: number };

type Row = { id: string; target: Address; data: Hex; value: string; attempts: number };
const outgoingOf = (row: Row): OutgoingCall => ({ id: row.id, target: row.target, data: row.data, valueWei: BigInt(row.value), attempts: row.attempts });

/** The call that waits longest; null for none. */
export async function dueCall(chainId: ChainId): Promise<OutgoingCall | null> {
  const [row] = await sql<Row[]>`
    SELECT id, target, data, value::text, attempts FROM operator_calls
    WHERE chain_id = ${chainId}::chain_id AND status = 'queued' AND next_attempt_at <= now() ORDER BY next_attempt_at, id LIMIT 1`;
  return row ? outgoingOf(row) : null;
}

/** A call as its row has it now. */
export async function callOf(id: string): Promise<OutgoingCall | null> {
  const [row] = await sql<Row[]>`SELECT id, target, data, value::text, attempts FROM operator_calls WHERE id = ${id}`;
  return row ? outgoingOf(row) : null;
}

/** True for the one who may send it: it still waits, and with the very contents that were simulated. */
export async function lockQueuedCall(tx: SqlTx, call: OutgoingCall): Promise<boolean> {
  const [row] = await tx`
    SELECT 1 FROM operator_calls WHERE id = ${call.id} AND status = 'queued' AND data = ${call.data} AND value = ${call.valueWei.toString()}::numeric FOR NO KEY UPDATE SKIP LOCKED`;
  return row !== undefined;
}

/** A call that reverts now is tried again later; after too many tries it is given up, and whoever asked for it has to ask anew. */
export async function setCallAside({ id, attempts }: OutgoingCall, reason: string) {
  const tries = attempts + 1;
  log().warn({ callId: id, reason, tries }, "call of our own would revert");
  await sql`
    UPDATE operator_calls SET attempts = ${tries}, next_attempt_at = now() + make_interval(secs => ${retryDelayMs(tries) / 1000}),
      status = ${tries >= CALL_ATTEMPTS_MAX ? "failed" : "queued"}, error_message = ${reason}
    WHERE id = ${id} AND status = 'queued'`;
}

/** The transaction of this hash was mined. */
export const endCalls = (tx: SqlTx, txHash: string) => tx`UPDATE operator_calls SET status = 'mined', error_message = NULL WHERE tx_hash = ${txHash} AND status = 'sent'`;

/** The transaction that carried it reverted, or gave way to another: it waits again. */
export const freeCall = (tx: SqlTx, id: string, txHash: string) => tx`
  UPDATE operator_calls SET status = 'queued', tx_hash = NULL, attempts = attempts + 1, next_attempt_at = now() + INTERVAL '1 second'
  WHERE id = ${id} AND tx_hash = ${txHash} AND status = 'sent'`;

/** A reorg took these transactions back; their bytes are sent again. */
export const reopenCalls = (tx: SqlTx, chainId: ChainId, txHashes: readonly string[]) => tx`
  UPDATE operator_calls SET status = 'sent' WHERE chain_id = ${chainId}::chain_id AND status = 'mined' AND tx_hash = ANY (${[...txHashes]}::text[])`;
