import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users, wallets } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import type { Actor } from "../actor";
import { markSteppedUp } from "../step-up";
import { askWalletSignature } from "./ask-signature";
import { checkWalletAnswer } from "./check-answer";
import { ownerOfWallet, secondsUntilFactor } from "./factor";
import { isSameWallet } from "./sign-in-by-wallet";
import type { WalletAnswer, WalletAsked } from "./rules";

/** The message by which a linked wallet confirms its person. Fails with: wallet_unknown (not this person's), step_up_waiting {seconds}, wallet_refused. */
export async function walletStepUpRequest(actor: Actor, asked: WalletAsked): Promise<string> {
  await findFactor(actor, asked.address.toLowerCase());
  return askWalletSignature("wallet_step_up", actor, actor.locale, asked);
}

/**
 * Confirms the person in this session for five minutes.
 * Fails with: wallet_refused, wallet_unknown, step_up_waiting {seconds} for a wallet that was linked a short while ago.
 */
export async function stepUpByWallet(actor: Actor, answer: WalletAnswer): Promise<void> {
  const proven = await checkWalletAnswer("wallet_step_up", actor, answer);
  const wallet = await findFactor(actor, proven.address);
  if (!isSameWallet(wallet, proven)) throw new DomainError("wallet_refused");
  await db.transaction(async (tx) => {
    const [used] = await tx.update(wallets).set({ lastUsedAt: sql`now()` }).where(eq(wallets.id, wallet.id)).returning({ id: wallets.id });
    // Unlinked while it signed.
    if (!used) throw new DomainError("wallet_refused");
    await markSteppedUp(tx, actor, "wallet");
  });
}

async function findFactor(actor: Pick<Actor, "userId">, address: string) {
  const [wallet] = await db
    .select({ id: wallets.id, chainId: wallets.chainId, isContract: wallets.isContract, secondsLeft: secondsUntilFactor })
    .from(wallets)
    .innerJoin(users, ownerOfWallet)
    .where(and(eq(wallets.userId, actor.userId), eq(wallets.address, address)));
  if (!wallet) throw new DomainError("wallet_unknown");
  if (wallet.secondsLeft > 0) throw new DomainError("step_up_waiting", { seconds: wallet.secondsLeft });
  return wallet;
}
