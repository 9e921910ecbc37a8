import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { hintOperations } from "@/lib/operations/hint";

/**
 * A sender who alone signs for the account lets a send go that somebody took: it is prepared, and waits for the touch. Not signed in time it is
 * held again. Safe to repeat. Fails with not_found, send_over.
 */
export async function releaseSend(actor: Actor, sendId: string): Promise<void> {
  if (!isId(sendId)) throw new DomainError("not_found");
  const [answer] = await sql<{ result: "queued" | "again" | "over" | "not_found"; on_chain: ChainId | null }[]>`
    SELECT result, on_chain FROM release_phone_send(${actor.userId}, ${sendId}, ${actor.ip}, ${actor.userAgent?.slice(0, 500) ?? null})`;
  if (!answer || answer.result === "not_found") throw new DomainError("not_found");
  if (answer.result === "over") throw new DomainError("send_over");
  if (answer.on_chain) hintOperations(answer.on_chain);
}
