import "server-only";
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signInAttempts, users, wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "../actor";
import { hasSignatureFactor } from "../request-step-up-wait";
import { requireStepUp } from "../step-up";
import { askWalletSignature } from "./ask-signature";
import { checkWalletAnswer, type ProvenWallet } from "./check-answer";
import { announcedName, WALLETS_MAX, type WalletAnswer, type WalletAsked } from "./rules";
import { hashAttemptToken } from "./sign-in-by-wallet";

type Who = Pick<Actor, "userId" | "sessionId" | "ip" | "userAgent">;

/**
 * The message that links a wallet. Asks for the step-up already here, so that nobody signs in vain; it uses nothing up.
 * Fails with: step_up_required, step_up_waiting, wallet_refused.
 */
export async function walletLinkRequest(actor: Actor, asked: WalletAsked): Promise<string> {
  await db.transaction(async (tx) => {
    await requireFactor(tx, actor);
    throw new Undone();
  }).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return askWalletSignature("wallet_link", actor, actor.locale, asked);
}

/** Ends a transaction that only wanted to know. */
class Undone extends Error {}

/**
 * Links a wallet to the account.
 * Fails with: wallet_refused, wallet_taken, wallet_limit, step_up_required, step_up_waiting.
 */
export async function linkWallet(actor: Who, { name, ...answer }: WalletAnswer & { name?: string }): Promise<{ walletId: string }> {
  const proven = await checkWalletAnswer("wallet_link", actor, answer);
  return db.transaction(async (tx) => {
    await requireFactor(tx, actor);
    return { walletId: await insertWallet(tx, actor, proven, announcedName(name)) };
  });
}

/** Whoever has a passkey or wallet confirms with it. The first one is linked without, and waits before it counts (rules.ts). */
async function requireFactor(tx: Tx, actor: Who) {
  if (await hasSignatureFactor(tx, actor.userId)) await requireStepUp(tx, actor, "wallets");
}

/** What became of a wallet whose person verified a phone. `not_linked`: the account has a factor, and that one decides. */
export type WaitingOutcome = "linked" | "not_linked";

/**
 * Links the wallet that waited for this sign-in by phone. The code proved the phone and the signature the wallet; an account with a
 * passkey or wallet wants that one's word too, or a stolen phone number would bring in a key of its own. Then nothing is linked here, and
 * Security links it after a step-up.
 * Fails with: wallet_refused (it waited too long, or was linked meanwhile).
 */
export async function linkWaitingWallet(actor: Who, { token, name }: { token: string; name?: string }): Promise<WaitingOutcome> {
  return db.transaction(async (tx) => {
    const [waiting] = await tx
      .update(signInAttempts)
      .set({ consumedAt: sql`now()` })
      .where(and(eq(signInAttempts.tokenHash, hashAttemptToken(token)), isNull(signInAttempts.consumedAt), sql`${signInAttempts.expiresAt} > now()`))
      .returning({ address: signInAttempts.address, chainId: signInAttempts.chainId, isContract: signInAttempts.isContract });
    if (!waiting) throw new DomainError("wallet_refused");
    if (await hasSignatureFactor(tx, actor.userId)) return "not_linked";
    await insertWallet(tx, actor, waiting, announcedName(name));
    return "linked";
  });
}

async function insertWallet(tx: Tx, actor: Who, { address, chainId, isContract }: ProvenWallet, name: string | null): Promise<string> {
  // One at a time for a person, so that the limit holds and the first wallet is one.
  await tx.select({ id: users.id }).from(users).where(eq(users.id, actor.userId)).for("no key update");
  const [own] = await tx.select({ count: count() }).from(wallets).where(eq(wallets.userId, actor.userId));
  if (own && own.count >= WALLETS_MAX) throw new DomainError("wallet_limit");
  const id = newId();
  const [linked] = await tx.insert(wallets).values({ id, userId: actor.userId, address, chainId, isContract, name, lastUsedAt: sql`now()` }).onConflictDoNothing({ target: wallets.address }).returning({ id: wallets.id });
  if (!linked) throw new DomainError("wallet_taken");
  await recordAudit(tx, {
    action: "wallet.linked",
    userId: actor.userId,
    resourceType: "wallet",
    resourceId: id,
    ip: actor.ip,
    userAgent: actor.userAgent,
    newValues: { address, chainId, isContract, name },
  });
  // What it paid as a guest joins its person's payments.
  await enqueue(tx, "guests.join_wallet", { walletId: id }, { key: `guests.join_wallet:${id}` });
  await warnPerson(tx, { userId: actor.userId, kind: "wallet_linked", sessionId: actor.sessionId });
  // What it paid as a guest joins the person's activity.
  await enqueue(tx, "guests.join_wallet", { walletId: id }, { key: `guests.join_wallet:${id}` });
  return id;
}
