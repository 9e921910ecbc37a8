import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { hintOperations } from "@/lib/operations/hint";
import { plainFirstName } from "@/lib/recovery/rules";
import { notifyLive } from "@/lib/follower/notify";
import { phoneHashOf } from "./payee";
import { textPersonIn } from "./tell";

type Answer = "accepted" | "waits_for_sender" | "again" | "over" | "own" | "frozen" | "not_now" | "account_not_ready" | "not_found";

const REFUSALS: Partial<Record<Answer, ErrorCode>> = {
  over: "send_over",
  own: "payee_self",
  frozen: "account_frozen",
  not_now: "sender_not_ready",
  account_not_ready: "account_not_ready",
  not_found: "not_found",
};

/**
 * Takes a send that waits for the very phone that this person signed in with. Of two tries at once one takes it, and both get the same answer. The
 * sender's server key goes on by itself; a sender who alone signs is asked to confirm.
 * Fails with not_found (no such send, or for another phone), send_over (taken back, returned, too old), payee_self, account_frozen,
 * sender_not_ready, account_not_ready.
 */
export async function claimSend(actor: Actor, sendId: string): Promise<{ transactionId: string; isWaitingForSender: boolean }> {
  if (!isId(sendId)) throw new DomainError("not_found");
  const { result, chainId, senderId } = await sql.begin(async (tx) => {
    const [answer] = await tx<{ result: Answer; on_chain: ChainId | null }[]>`
      SELECT result, on_chain FROM accept_phone_send(${actor.userId}, ${sendId}, ${phoneHashOf(actor.phone)}, ${actor.sessionId}, ${actor.ip}, ${actor.userAgent?.slice(0, 500) ?? null})`;
    const [send] = await tx<{ sender_id: string }[]>`SELECT sender_id FROM phone_sends WHERE id = ${sendId}`;
    if (answer?.result === "waits_for_sender" && send) await textPersonIn(tx, send.sender_id, (words) => words.confirmYours({ name: plainFirstName(actor.name) }));
    return { result: answer?.result ?? "not_found", chainId: answer?.on_chain ?? null, senderId: send?.sender_id ?? null };
  });
  const refusal = REFUSALS[result];
  if (refusal) throw new DomainError(refusal);
  if (result === "accepted" && chainId) hintOperations(chainId);
  if (senderId) await notifyLive({ userIds: new Set([senderId, actor.userId]), storeIds: new Set() });
  return { transactionId: sendId, isWaitingForSender: result === "waits_for_sender" };
}
