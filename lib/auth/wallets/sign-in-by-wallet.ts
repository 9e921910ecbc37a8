import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { signInAttempts, users, wallets } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { consumeLimit, refundLimit } from "@/lib/rate-limit/consume-limit";
import type { Visitor } from "../actor";
import { addressGroup } from "../client-address";
import { startSessionRow } from "../start-session-row";
import { askWalletSignature } from "./ask-signature";
import { checkWalletAnswer, type ProvenWallet } from "./check-answer";
import { ownerOfWallet, secondsUntilFactor } from "./factor";
import { WALLET_ATTEMPT_SECONDS, type WalletAnswer, type WalletAsked } from "./rules";

export type WalletSignIn =
  | { kind: "signed_in"; userId: string; sessionId: string; name: string | null; /** The session cookie's exact value. */ token: string }
  /** Nobody has this wallet: a phone is verified once, because the phone is the account's identity. `token` finds the wallet again. */
  | { kind: "phone_needed"; token: string };

/** The message that signs in. It is the same for wallets that we know and that we don't. Fails with: wallet_refused. */
export const walletSignInRequest = (visitor: Visitor, asked: WalletAsked): Promise<string> => askWalletSignature("wallet_sign_in", visitor, visitor.locale, asked);

/**
 * Signs a person in by the wallet that is linked to the account, or keeps an unknown wallet until its phone is verified.
 * Fails with: wallet_refused, too_many_requests {seconds}.
 */
export async function signInByWallet(visitor: Visitor, answer: WalletAnswer): Promise<WalletSignIn> {
  const address = visitor.ip ? addressGroup(visitor.ip) : "unknown";
  await consumeLimit(db, "wallet_try_device", visitor.deviceId);
  await consumeLimit(db, "wallet_try_address", address);
  const proven = await checkWalletAnswer("wallet_sign_in", visitor, answer);

  return db.transaction(async (tx) => {
    await refundLimit(tx, "wallet_try_device", visitor.deviceId);
    await refundLimit(tx, "wallet_try_address", address);
    const [known] = await tx
      .select({ id: wallets.id, userId: wallets.userId, name: users.name, chainId: wallets.chainId, isContract: wallets.isContract, deletedAt: users.deletedAt, secondsLeft: secondsUntilFactor })
      .from(wallets)
      .innerJoin(users, ownerOfWallet)
      .where(eq(wallets.address, proven.address));
    if (!known) return { kind: "phone_needed", token: await keepAttempt(tx, proven) };
    if (known.deletedAt || !isSameWallet(known, proven)) throw new DomainError("wallet_refused");

    await tx.update(wallets).set({ lastUsedAt: sql`now()` }).where(eq(wallets.id, known.id));
    const session = await startSessionRow(tx, visitor, { userId: known.userId, method: "wallet", isUntried: known.secondsLeft > 0 });
    await recordEvent(tx, { name: "signed_in", userId: known.userId, sessionId: session.id, deviceId: visitor.deviceId, ip: visitor.ip, userAgent: visitor.userAgent });
    return { kind: "signed_in", userId: known.userId, sessionId: session.id, name: known.name, token: session.token };
  });
}

/**
 * An address that is a contract on one chain may be somebody else's on another, and a key's address may be given code that lets others
 * sign: what proves itself must be what was linked.
 */
export const isSameWallet = (linked: { isContract: boolean; chainId: string }, proven: ProvenWallet): boolean =>
  linked.isContract === proven.isContract && (!linked.isContract || linked.chainId === proven.chainId);

export const hashAttemptToken = (token: string): string => createHash("sha256").update(token).digest("hex");

async function keepAttempt(tx: Tx, { address, chainId, isContract }: ProvenWallet): Promise<string> {
  const token = randomBytes(16).toString("base64url");
  await tx.insert(signInAttempts).values({
    id: newId(),
    tokenHash: hashAttemptToken(token),
    address,
    chainId,
    isContract,
    expiresAt: sql`now() + make_interval(secs => ${WALLET_ATTEMPT_SECONDS})`,
  });
  return token;
}

/** The wallet that waits for its person's phone, for the page that asks for it; null when it waited too long. */
export async function waitingWallet(token: string): Promise<{ address: string } | null> {
  const [waiting] = await db
    .select({ address: signInAttempts.address })
    .from(signInAttempts)
    .where(and(eq(signInAttempts.tokenHash, hashAttemptToken(token)), isNull(signInAttempts.consumedAt), sql`${signInAttempts.expiresAt} > now()`));
  return waiting ?? null;
}
