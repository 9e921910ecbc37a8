import "server-only";
import { createHash } from "node:crypto";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { decimalFromUsdMicros } from "@/lib/money";
import { reserveMove } from "@/lib/operations/reserve-move";
import { findByKey } from "@/lib/payments/confirm-payment";
import { findMovable } from "./find-movable";
import { CONSOLIDATIONS_A_DAY_MAX } from "./rules";
import { storedTerms } from "./terms";

const DAY_SECONDS = 86_400;

export type StartInput = {
  /** The screen's key: a double tap and a reload start one. */
  key: string;
  /** A store's id for its rewards; null for dollars. */
  storeId: string | null;
  fromChainId: ChainId;
  /** What the screen showed. */
  units: bigint;
  maxFeeUsdMicros: bigint;
};

/**
 * Begins to bring money together, with what the screen showed: the person's operation goes into the outbox, and the money is reserved from this
 * moment on. Time and cost are asked again; another amount or a higher cost is refused, so that nobody confirms what they did not see.
 * Safe to repeat by key.
 * Fails with consolidation_moved, balance_insufficient, account_not_ready, account_frozen, signed_out, idempotency_mismatch, too_many_requests.
 */
export async function startConsolidation(actor: Actor, input: StartInput): Promise<{ consolidationId: string }> {
  // The money of an earlier tap is reserved by now, and would not be found again.
  const earlier = await findByKey(actor.userId, input.key);
  if (earlier) return { consolidationId: earlier.id };
  const [today] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM transactions WHERE from_user_id = ${actor.userId} AND type = 'consolidation' AND created_at > now() - INTERVAL '1 day'`;
  if (today && today.count >= CONSOLIDATIONS_A_DAY_MAX) throw new DomainError("too_many_requests", { seconds: DAY_SECONDS });
  const { movable } = await findMovable(actor.userId);
  const move = movable.find(({ store, fromChainId }) => (store?.id ?? null) === input.storeId && fromChainId === input.fromChainId);
  if (!move || move.units !== input.units || move.maxFeeUsdMicros > input.maxFeeUsdMicros) throw new DomainError("consolidation_moved");
  const terms = storedTerms(move.terms);
  const { transactionId } = await reserveMove(actor, {
    key: input.key,
    fingerprint: createHash("sha256").update(JSON.stringify([move.kind, move.store?.id ?? null, move.fromChainId, move.units.toString()])).digest("hex"),
    chainId: move.fromChainId,
    kind: move.kind === "dollars" ? "dollars_burn" : "rewards_prepare",
    type: "consolidation",
    purpose: move.kind,
    fromUserId: actor.userId,
    toUserId: actor.userId,
    storeId: move.store?.id ?? null,
    amountUsdMicros: move.valueUsdMicros,
    parts: [{ token_address: move.tokenAddress, amount: move.units.toString(), amount_usd: decimalFromUsdMicros(move.valueUsdMicros), store_id: move.store?.id ?? null }],
    terms,
    isSpending: false,
  });
  return { consolidationId: transactionId };
}
