import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { hintOperations } from "./hint";
import type { CallPurpose, CallStatus } from "./rules";

export type NewCall = { chainId: ChainId; purpose: CallPurpose; /** What it is for: one call a purpose and subject. */ subjectId: string; call: Call };

/**
 * Puts a call of our own into the operators' outbox: one that anybody may make, that moves nobody's money, and that our operators pay for.
 * Asked for again it is the same call; one that waits or was given up takes the new contents. Worker only.
 */
export async function queueOperatorCall({ chainId, purpose, subjectId, call }: NewCall): Promise<void> {
  await sql`
    INSERT INTO operator_calls (id, chain_id, target, data, value, purpose, subject_id)
    VALUES (${newId()}, ${chainId}::chain_id, ${call.to}, ${call.data}, ${(call.value ?? 0n).toString()}::numeric, ${purpose}, ${subjectId})
    ON CONFLICT (purpose, subject_id) DO UPDATE SET
      target = excluded.target, data = excluded.data, value = excluded.value, status = 'queued', attempts = 0, next_attempt_at = now(), error_message = NULL
    WHERE operator_calls.status = 'failed' OR (operator_calls.status = 'queued' AND (operator_calls.data, operator_calls.value) IS DISTINCT FROM (excluded.data, excluded.value))`;
  hintOperations(chainId);
}

/** How far a call is; null when it was never asked for. */
export async function operatorCallOf(purpose: CallPurpose, subjectId: string): Promise<{ status: CallStatus; txHash: string | null; error: string | null } | null> {
  const [row] = await sql<{ status: CallStatus; tx_hash: string | null; error_message: string | null }[]>`
    SELECT status, tx_hash, error_message FROM operator_calls WHERE purpose = ${purpose} AND subject_id = ${subjectId}`;
  return row ? { status: row.status, txHash: row.tx_hash, error: row.error_message } : null;
}

/** Asks for a call again whose effect the chain does not have although it was mined: a reorg took it back and nothing brought it again. */
export async function requeueMinedCall(purpose: CallPurpose, subjectId: string): Promise<void> {
  await sql`UPDATE operator_calls SET status = 'queued', attempts = 0, tx_hash = NULL, next_attempt_at = now() WHERE purpose = ${purpose} AND subject_id = ${subjectId} AND status = 'mined'`;
}

/** True while a call of this purpose to the same contract is on its way for somebody else. */
export async function hasOpenCall(purpose: CallPurpose, { chainId, target, exceptFor }: { chainId: ChainId; target: string; exceptFor: string }): Promise<boolean> {
  const [row] = await sql`
    SELECT 1 FROM operator_calls WHERE purpose = ${purpose} AND chain_id = ${chainId}::chain_id AND target = ${target} AND status IN ('queued', 'sent') AND subject_id <> ${exceptFor} LIMIT 1`;
  return row !== undefined;
}
