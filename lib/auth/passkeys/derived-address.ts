import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { passkeys } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { isSignedBy } from "@/lib/chain/message-signer";
import { DomainError } from "@/lib/errors";
import type { Actor } from "../actor";
import { newChallenge } from "../challenges";
import { checkPasskeyAnswer, recordPasskeyUse, type CheckedPasskey } from "./check-answer";
import { listPasskeys } from "./queries";
import { relyingParty } from "./relying-party";
import { derivedKeyMessage, type DerivedProof, type PasskeyAnswer, type PasskeyRequest } from "./rules";

/** Whether the key behind the address signed this very challenge. */
export const isProofOfKey = ({ address, signature }: DerivedProof, challenge: string): Promise<boolean> => isSignedBy({ address, signature, message: derivedKeyMessage({ address, challenge }) });

/**
 * What the page asks for to make up for an address that a passkey did not give when it was made.
 * Fails with: passkey_unknown.
 */
export async function derivedKeyRequest(actor: Actor, { passkeyId }: { passkeyId: string }): Promise<PasskeyRequest> {
  const passkey = (await listPasskeys(actor)).find((own) => own.passkeyId === passkeyId);
  if (!passkey) throw new DomainError("passkey_unknown");
  const { credentialId, transports } = passkey;
  return { challenge: await newChallenge("derived_key", actor), rpId: relyingParty().id, credentials: [{ credentialId, transports }] };
}

/**
 * Learns the address of the key that a passkey derives: the passkey and the key both sign the same challenge, so that whoever has only the
 * session can't plant an own address.
 * Fails with: challenge_expired, passkey_unknown, passkey_refused (also for an address that differs from the one we know).
 */
export async function proveDerivedAddress(actor: Actor, { answer, derived }: { answer: PasskeyAnswer; derived: DerivedProof }): Promise<{ address: string }> {
  const checked = await checkPasskeyAnswer(answer, { purpose: "derived_key", holder: actor, ip: actor.ip, userAgent: actor.userAgent });
  await db.transaction(async (tx) => {
    await recordPasskeyUse(tx, checked);
    await learnAddress(tx, actor, checked, derived);
  });
  return { address: derived.address };
}

/**
 * Stores the first address of a passkey; afterwards it only ever confirms it. One passkey derives one key: another address comes from a page
 * that was tampered with.
 * Fails with: passkey_refused.
 */
export async function learnAddress(tx: Tx, who: Pick<Actor, "userId" | "ip" | "userAgent">, checked: CheckedPasskey, derived: DerivedProof): Promise<void> {
  if (!(await isProofOfKey(derived, checked.challenge))) throw new DomainError("passkey_refused");
  const line = { userId: who.userId, resourceType: "passkey", resourceId: checked.passkeyId, ip: who.ip, userAgent: who.userAgent } as const;
  if (checked.derivedAddress === derived.address) return;
  if (checked.derivedAddress === null) {
    const [learned] = await tx
      .update(passkeys)
      .set({ derivedAddress: derived.address, derivedSaltVersion: derived.saltVersion })
      .where(and(eq(passkeys.id, checked.passkeyId), isNull(passkeys.derivedAddress)))
      .returning({ id: passkeys.id });
    if (learned) return recordAudit(tx, { ...line, action: "passkey.address_derived", newValues: { address: derived.address, saltVersion: derived.saltVersion } });
  }
  // The refusal is noted although the caller's work is undone.
  await db.transaction((own) => recordAudit(own, { ...line, action: "passkey.refused", newValues: { reason: "address" } }));
  throw new DomainError("passkey_refused");
}
