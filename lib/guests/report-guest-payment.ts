import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { guestPayments } from "@/db/schema";
import { addressGroup } from "@/lib/auth/client-address";
import type { ChainId } from "@/lib/chain/chains";
import { findCharge } from "@/lib/charges/payable-charge";
import { DomainError } from "@/lib/errors";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { isChargeLost } from "./charge-of-page";
import { accountsToReward, readOwnPage } from "./queries";

type Visitor = { ip: string | null };
type Key = { reference: string; secret: string };

/**
 * Said before the wallet is asked: which wallet and chain, so that the page finds them again. Answers who gets the rewards: the wallet itself, or
 * the account of the person who linked it or opened the page.
 * Fails with not_found, guest_payment_not_own, guest_payment_over (paid, or its time is over, or somebody else paid its charge), too_many_requests.
 */
export async function prepareGuestPayment(visitor: Visitor, key: Key, input: { chainId: ChainId; payer: string }, now = new Date()): Promise<{ beneficiary: string }> {
  await consumeLimit(db, "guest_wallet_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  const page = await readOwnPage(key.reference, key.secret);
  if (page.status === "paid" || page.expiresAt <= now) throw new DomainError("guest_payment_over");
  if (page.chargeId !== null && isChargeLost(await findCharge(page.chargeId, now), page)) throw new DomainError("guest_payment_over");
  const payer = input.payer.toLowerCase();
  await db.update(guestPayments).set({ chainId: input.chainId, payer, failure: null }).where(and(eq(guestPayments.id, page.id), inArray(guestPayments.status, ["open", "checking"])));
  return { beneficiary: (await accountsToReward(page.userId, payer, input.chainId)) ?? payer };
}

/**
 * What the browser says that the wallet sent. A hint: it turns the page to "checking, do not pay again" and names a transaction to watch; what was
 * paid comes from the chain's event alone. Safe to repeat; a wallet that sent it again with a higher fee reports the newer one.
 * Fails with not_found, guest_payment_not_own.
 */
export async function reportGuestPayment(key: Key, input: { chainId: ChainId; payer: string; txHash: string }): Promise<void> {
  const page = await readOwnPage(key.reference, key.secret);
  await db
    .update(guestPayments)
    .set({
      status: "checking",
      failure: null,
      chainId: input.chainId,
      payer: input.payer.toLowerCase(),
      reportedTxHash: input.txHash.toLowerCase(),
    })
    .where(and(eq(guestPayments.id, page.id), inArray(guestPayments.status, ["open", "checking", "expired"])));
}
