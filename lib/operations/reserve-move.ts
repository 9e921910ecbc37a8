import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { invariant } from "@/lib/errors";
import { newId, nonceKeyOf } from "@/lib/ids";
import { limitsForReserve } from "@/lib/limits/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import type { SqlTx } from "@/lib/worker/lease";
import type { TokenPart, TransactionPurpose, TransactionType } from "@/lib/payments/rules";
import { hintOperations } from "./hint";
import { isUniqueViolation, refusalOf, type Reserved } from "./reserve-refusal";
import type { OperationKind } from "./rules";

export type Mover = { userId: string; sessionId: string; ip: string | null; userAgent: string | null };

export type Move = {
  /** The screen's key: one key is one move of this person. */
  key: string;
  /** SHA-256 of everything that money depends on, lower hex: the same key with other contents is refused. */
  fingerprint: string;
  chainId: ChainId;
  kind: Extract<OperationKind, "transfer" | "cash_out" | "loan_claim" | "loan_reallocation" | "loan_repayment" | "dollars_burn" | "rewards_prepare">;
  type: Exclude<TransactionType, "payment" | "payout">;
  purpose: TransactionPurpose;
  /** Who is shown as giving and as getting: the mover on both sides of a claim, nobody where it leaves our people. */
  fromUserId: string | null;
  toUserId: string | null;
  storeId?: string | null;
  payeeAddress?: string | null;
  note?: string | null;
  amountUsdMicros: bigint;
  price?: { amountBrlCentavos: bigint; brlPerUsdMicros: bigint; rateAt: Date } | null;
  /** What is reserved of the mover's balances: each token once, in base units above zero. */
  parts: TokenPart[];
  /** What the screen promised; the worker reads it again where it builds the calls. JSON: integers as text. */
  terms?: Record<string, string | number | boolean | null | object>;
  /** Whether it counts as spending: always for what leaves to somebody else. */
  isSpending: boolean;
  /** Committed and reserved, but nothing signs it until somebody accepts. */
  isHeld?: boolean;
  /** The transaction's id, where a row of the caller's has to name it before; a new one otherwise. */
  id?: string;
};

/**
 * Commits a move of a person's own money that is no payment at a store (SQL function move_reserve): outbox row, pending transaction, reservation,
 * audit line and event in one transaction. Safe to repeat: one key is one move and answers the same transaction for ever. The
 * worker is hinted after the commit.
 * Fails with idempotency_mismatch, balance_insufficient, account_not_ready, account_frozen, signed_out, and when it is spending with limit_day,
 * limit_new_device, step_up_required, step_up_waiting.
 */
export async function reserveMove(mover: Mover, move: Move): Promise<{ transactionId: string; isNew: boolean }> {
  const reserved = await reserve(mover, move).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    return reserve(mover, move);
  });
  const answer = answerOf(reserved);
  if (answer.isNew && !move.isHeld) hintOperations(move.chainId);
  return answer;
}

/**
 * The same inside a transaction of the caller's, whose own rows commit with the move or not at all. The caller hints after the commit (hintOperations) and tries
 * once more after a unique violation. Fails like reserveMove.
 */
export async function reserveMoveIn(tx: SqlTx, mover: Mover, move: Move): Promise<{ transactionId: string; isNew: boolean }> {
  return answerOf(await reserve(mover, move, tx));
}

function answerOf(reserved: Reserved): { transactionId: string; isNew: boolean } {
  const refusal = refusalOf(reserved);
  if (refusal) throw refusal;
  invariant(reserved.transaction_id, "a reserved move has its transaction");
  return { transactionId: reserved.transaction_id, isNew: reserved.result === "reserved" };
}

async function reserve(mover: Mover, move: Move, runner: SqlTx | typeof sql = sql): Promise<Reserved> {
  const id = move.id ?? newId();
  const { price = null } = move;
  invariant(move.parts.every(({ amount }) => BigInt(amount) > 0n), "only what is more than nothing is reserved");
  const [row] = await runner<Reserved[]>`
    SELECT result, transaction_id, left_usd::text, wait_seconds FROM move_reserve(
      ${id}, ${mover.userId}, ${mover.sessionId}, ${move.chainId}::chain_id, ${move.kind}, ${move.isHeld ? "held" : "queued"}, ${nonceKeyOf(id).toString()}::numeric,
      ${move.type}::transaction_type, ${move.purpose}, ${move.fromUserId}, ${move.toUserId}, ${move.storeId ?? null}, ${move.payeeAddress ?? null}, ${move.note ?? null},
      ${decimalFromUsdMicros(move.amountUsdMicros)}::numeric, ${price?.amountBrlCentavos.toString() ?? null}::bigint,
      ${price ? decimalFromUsdMicros(price.brlPerUsdMicros) : null}::numeric, ${price?.rateAt ?? null},
      ${move.parts.map((part) => part.token_address)}, ${move.parts.map((part) => part.amount)}::numeric[], ${sql.json(move.parts)}, ${move.terms ? sql.json(move.terms as never) : null},
      ${move.key}, ${move.fingerprint}, ${move.isSpending ? sql.json(limitsForReserve()) : null}, ${mover.ip}, ${mover.userAgent?.slice(0, 500) ?? null})`;
  invariant(row, "move_reserve answers a row");
  return row;
}
