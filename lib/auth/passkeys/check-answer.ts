import "server-only";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { and, eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { passkeys, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { notify } from "@/lib/notifications/notify";
import { consumeChallenge } from "../challenges";
import type { ChallengePurpose } from "../rules";
import { readClientData } from "./client-data";
import { relyingParty, userHandleOf } from "./relying-party";
import type { PasskeyAnswer } from "./rules";

export type Asked = {
  purpose: Extract<ChallengePurpose, "passkey_sign_in" | "passkey_step_up" | "derived_key">;
  /** The session that was asked; null for a sign-in, where the passkey says who it is. */
  holder: { userId: string; sessionId: string } | null;
  ip: string | null;
  userAgent: string | null;
};

export type CheckedPasskey = { passkeyId: string; userId: string; challenge: string; derivedAddress: string | null; signCount: bigint; newSignCount: bigint; isBackedUp: boolean };

/**
 * Checks a passkey's signature: our challenge, given for this and to this session, used up first; our origin and domain; the person
 * present and verified; the key that we stored; a counter that went on.
 * Fails with: challenge_expired, passkey_unknown, passkey_refused.
 */
export async function checkPasskeyAnswer(answer: PasskeyAnswer, asked: Asked): Promise<CheckedPasskey> {
  const { challenge } = readClientData(answer.clientDataJson);
  await consumeChallenge(db, asked.purpose, asked.holder, challenge);
  const known = await findPasskey(answer.credentialId);
  if (!known || (asked.holder && known.userId !== asked.holder.userId)) throw new DomainError("passkey_unknown");

  // A passkey that was found without being named says whose it is. Both must be the same person.
  const handle = answer.userHandle ?? (asked.holder ? userHandleOf(known.userId) : null);
  const verified = handle === userHandleOf(known.userId) ? await verify(answer, challenge, known) : null;
  if (!verified) {
    await refuse(known, asked, "signature");
    throw new DomainError("passkey_refused");
  }
  const newSignCount = BigInt(verified.newCounter);
  if (!goesOn(known.signCount, newSignCount)) {
    await refuse(known, asked, "counter");
    throw new DomainError("passkey_refused");
  }
  return { passkeyId: known.id, userId: known.userId, challenge, derivedAddress: known.derivedAddress, signCount: known.signCount, newSignCount, isBackedUp: verified.credentialBackedUp };
}

/**
 * Notes the use of a passkey in the transaction of what it was used for. Two answers at once can't both move the counter.
 * Fails with: passkey_refused (another answer was faster, or the passkey was removed meanwhile).
 */
export async function recordPasskeyUse(tx: Tx, checked: CheckedPasskey): Promise<void> {
  const [used] = await tx
    .update(passkeys)
    .set({ signCount: checked.newSignCount, lastUsedAt: sql`now()`, isBackedUp: checked.isBackedUp })
    .where(and(eq(passkeys.id, checked.passkeyId), eq(passkeys.signCount, checked.signCount)))
    .returning({ id: passkeys.id });
  if (!used) throw new DomainError("passkey_refused");
}

type Known = { id: string; userId: string; credentialId: string; publicKey: Uint8Array; signCount: bigint; derivedAddress: string | null };

async function findPasskey(credentialId: string): Promise<Known | undefined> {
  const [known] = await db
    .select({ id: passkeys.id, userId: passkeys.userId, credentialId: passkeys.credentialId, publicKey: passkeys.publicKey, signCount: passkeys.signCount, derivedAddress: passkeys.derivedAddress })
    .from(passkeys)
    .innerJoin(users, and(eq(users.id, passkeys.userId), isNull(users.deletedAt)))
    .where(eq(passkeys.credentialId, credentialId));
  return known;
}

/** Null for every answer that does not hold, whatever is wrong with it. */
async function verify(answer: PasskeyAnswer, challenge: string, known: Known) {
  const { id, origin } = relyingParty();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: answer.credentialId,
        rawId: answer.credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response: { clientDataJSON: answer.clientDataJson, authenticatorData: answer.authenticatorData, signature: answer.signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      expectedType: "webauthn.get",
      requireUserVerification: true,
      // The counter is judged by us, because a step back has to be told from a wrong signature.
      credential: { id: known.credentialId, publicKey: Uint8Array.from(known.publicKey), counter: 0 },
    });
    return verified ? authenticationInfo : null;
  } catch {
    return null;
  }
}

/** Passkeys that are synced count nothing: zero stays zero. Any other counter has to grow, else there are two of the one. */
const goesOn = (stored: bigint, next: bigint): boolean => (stored === 0n && next === 0n) || next > stored;

/** Committed by itself: the refusal must stay when the caller's work does not happen. A copy of a passkey is told to its person. */
async function refuse(known: Known, { holder, ip, userAgent, purpose }: Asked, reason: "signature" | "counter") {
  await db.transaction(async (tx) => {
    await recordAudit(tx, { action: "passkey.refused", userId: known.userId, resourceType: "passkey", resourceId: known.id, ip, userAgent, newValues: { purpose, reason } });
    if (reason === "counter") await notify(tx, { userId: known.userId, kind: "passkey_refused", sessionId: holder?.sessionId ?? null });
  });
}
