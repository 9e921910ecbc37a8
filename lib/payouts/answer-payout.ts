import "server-only";
import { sql as raw } from "drizzle-orm";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { DomainError, invariant, type ErrorCode } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";
import { findDestination } from "./find-destination";
import { payoutChain } from "./offered";
import { guaranteedOf } from "./rules";

type Word = "done" | "forbidden" | "signed_out" | "frozen" | "not_found" | "moved" | "over" | "waits" | "destination";
const CODES: Record<Exclude<Word, "done" | "waits">, ErrorCode> = {
  forbidden: "forbidden", signed_out: "signed_out", frozen: "account_frozen", not_found: "not_found", moved: "payout_moved", over: "payout_over", destination: "not_found",
};

/**
 * Says yes to exactly the amount that the partner offers now for a payout that would bring less than promised. Safe to repeat: one that goes on already
 * is over. Fails with not_found, forbidden, payout_moved, payout_over, step_up_required, step_up_waiting, account_frozen, signed_out.
 */
export const acceptOffer = (actor: Actor, { storeId, payoutId, offeredBrlCentavos }: { storeId: string; payoutId: string; offeredBrlCentavos: bigint }) =>
  answer(actor, { storeId, payoutId, word: "accept", offeredBrlCentavos, destinationId: null });

/**
 * Orders once more with the dollars that lie at the partner after a payout failed or came back, to the same destination or another of the store's. Nothing
 * leaves the store again. Fails like acceptOffer, and with payout_destination_waits.
 */
export const retryPayout = (actor: Actor, { storeId, payoutId, destinationId }: { storeId: string; payoutId: string; destinationId: string | null }) =>
  answer(actor, { storeId, payoutId, word: "retry", offeredBrlCentavos: null, destinationId });

type Answer = { storeId: string; payoutId: string; word: "accept" | "retry"; offeredBrlCentavos: bigint | null; destinationId: string | null };

async function answer(actor: Actor, { storeId, payoutId, word, offeredBrlCentavos, destinationId }: Answer): Promise<void> {
  if (!isId(payoutId) || (destinationId !== null && !isId(destinationId))) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "payouts.manage");
    await requireStepUp(tx, actor, "payout");
    const chainId = payoutChain();
    const stored = destinationId && chainId ? (await findDestination(tx, { userId: actor.userId, storeId, to: { kind: "saved", destinationId }, chainId })).stored : null;
    const [row] = await tx.execute<{ result: Word; left_amount: string | null }>(raw`
      SELECT result, left_amount::text FROM payout_answer(
        ${payoutId}::uuid, ${storeId}::uuid, ${actor.userId}::uuid, ${actor.sessionId}::uuid, ${word}, ${offeredBrlCentavos?.toString() ?? null}::bigint,
        ${offeredBrlCentavos === null ? null : guaranteedOf(offeredBrlCentavos).toString()}::bigint, ${destinationId}::uuid, ${stored ? JSON.stringify(stored) : null}::text::jsonb, ${actor.ip}::inet, ${actor.userAgent?.slice(0, 500) ?? null})`);
    invariant(row, "payout_answer answers a row");
    if (row.result === "done") return;
    if (row.result === "waits") throw new DomainError("payout_destination_waits", { seconds: Number(row.left_amount ?? 0) });
    throw new DomainError(CODES[row.result]);
  });
}
