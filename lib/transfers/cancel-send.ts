import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";

type Answer = "ended" | "again" | "over" | "not_due" | "not_found";

/**
 * Takes back a send that nobody has taken yet, or whose sender alone would still have to sign. The follower gives the money free. Safe to repeat.
 * Fails with not_found, send_over (somebody took it: it is on its way or there).
 */
export async function cancelSend(actor: Actor, sendId: string): Promise<void> {
  if (!isId(sendId)) throw new DomainError("not_found");
  const [answer] = await sql<{ result: Answer }[]>`SELECT end_phone_send(${actor.userId}, ${sendId}, ${actor.ip}, ${actor.userAgent?.slice(0, 500) ?? null}) AS result`;
  if (answer?.result === "over") throw new DomainError("send_over");
  if (answer?.result !== "ended" && answer?.result !== "again") throw new DomainError("not_found");
}
