import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { tillPix } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { shownPhone } from "@/lib/auth/phone";
import { DomainError } from "@/lib/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { phoneHashOf } from "@/lib/transfers/payee";
import { PIX_SECRET } from "./rules";
import { hashPixSecret } from "./secret";

/**
 * Takes a sale's reward with the secret of its receipt: whoever signed in with the phone that was written down, or the first to come when none was. Of two
 * at once one gets it, and both taps of one person are one. Fails with not_found, pix_reward_gone, too_many_requests.
 */
export async function claimTillReward(actor: Actor, secret: string): Promise<void> {
  await consumeLimit(db, "request_account", actor.userId);
  if (!PIX_SECRET.test(secret)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [row] = await tx.select({ id: tillPix.id, status: tillPix.status }).from(tillPix).where(eq(tillPix.secretHash, hashPixSecret(secret)));
    if (!row || (row.status !== "paid" && row.status !== "converting")) throw new DomainError("not_found");
    const [answer] = await tx.execute<{ result: string }>(sql`SELECT till_pix_claim(${actor.userId}, ${row.id}, ${phoneHashOf(actor.phone)}, ${shownPhone(actor.phone)}) AS result`);
    if (answer?.result === "taken" || answer?.result === "not_theirs") throw new DomainError("pix_reward_gone");
    if (answer?.result !== "claimed" && answer?.result !== "again") throw new DomainError("not_found");
    await enqueue(tx, "tillpix.reward", { pixId: row.id }, { key: `tillpix.reward:${row.id}` });
  });
}
