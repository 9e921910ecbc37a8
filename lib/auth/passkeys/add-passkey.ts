import "server-only";
import { generateRegistrationOptions, verifyRegistrationResponse, type PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { and, count, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { passkeys, sessions, users, wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "../actor";
import { consumeChallenge, newChallenge } from "../challenges";
import { findStepUp, requireStepUp } from "../step-up";
import { readClientData } from "./client-data";
import { passkeyNameOf } from "./device-name";
import { isProofOfKey } from "./derived-address";
import { listPasskeys, passkeyHandles } from "./queries";
import { relyingParty, userHandleOf } from "./relying-party";
import { PASSKEY_ALGORITHMS, PASSKEYS_MAX, type DerivedProof, type NewPasskey } from "./rules";

/**
 * What the page asks the browser to make. The permission is asked for now, before the person touches anything, and again with the answer.
 * Fails with: passkey_limit, account_frozen, and what requireStepUp fails with.
 */
export async function newPasskeyOptions(actor: Actor): Promise<PublicKeyCredentialCreationOptionsJSON> {
  await db.transaction((tx) => mayAddPasskey(tx, actor, findStepUp));
  const { id, name } = relyingParty();
  const own = await passkeyHandles(actor);
  return generateRegistrationOptions({
    rpID: id,
    rpName: name,
    userID: Uint8Array.from(Buffer.from(userHandleOf(actor.userId), "base64url")),
    userName: actor.phone,
    userDisplayName: actor.name ?? "",
    challenge: Uint8Array.from(Buffer.from(await newChallenge("passkey_registration", actor), "base64url")),
    attestationType: "none",
    excludeCredentials: own.map(({ credentialId, transports }) => ({ id: credentialId, transports: transports as never })),
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

/**
 * Adds a passkey that signs this person in, and the address of the key that it derives when it derives one. The person's other devices
 * and phone are told.
 * Fails with: challenge_expired, passkey_refused, passkey_exists, and what newPasskeyOptions fails with.
 */
export async function addPasskey(actor: Actor, { passkey, derived }: { passkey: NewPasskey; derived: DerivedProof | null }): Promise<{ passkeyId: string; name: string }> {
  const { challenge } = readClientData(passkey.clientDataJson);
  await consumeChallenge(db, "passkey_registration", actor, challenge);
  const made = await verify(passkey, challenge);
  if (!made || (derived && !(await isProofOfKey(derived, challenge)))) throw new DomainError("passkey_refused");

  return db.transaction(async (tx) => {
    await mayAddPasskey(tx, actor, requireStepUp);
    const taken = (await listPasskeys(actor, tx)).map(({ name }) => name);
    const id = newId();
    const name = passkeyNameOf({ aaguid: made.aaguid, userAgent: actor.userAgent, taken });
    const [added] = await tx
      .insert(passkeys)
      .values({
        id,
        userId: actor.userId,
        credentialId: made.credential.id,
        publicKey: made.credential.publicKey,
        signCount: BigInt(made.credential.counter),
        deviceName: name,
        transports: passkey.transports,
        isBackedUp: made.credentialBackedUp,
        derivedAddress: derived?.address ?? null,
        derivedSaltVersion: derived?.saltVersion ?? null,
      })
      .onConflictDoNothing({ target: passkeys.credentialId })
      .returning({ id: passkeys.id });
    if (!added) throw new DomainError("passkey_exists");
    await recordAudit(tx, {
      action: "passkey.added",
      userId: actor.userId,
      resourceType: "passkey",
      resourceId: id,
      ip: actor.ip,
      userAgent: actor.userAgent,
      newValues: { name, aaguid: made.aaguid, isBackedUp: made.credentialBackedUp, derivedAddress: derived?.address ?? null },
    });
    await warnPerson(tx, { userId: actor.userId, kind: "passkey_added", sessionId: actor.sessionId, data: { name } });
    return { passkeyId: id, name };
  });
}

/**
 * Who may add a passkey: with a passkey or wallet in the account, whoever confirms with one; the very first needs no confirmation where the
 * person has been before, and waits on a new device, because a stolen phone number must not become a key.
 */
async function mayAddPasskey(tx: Tx, actor: Actor, confirm: (tx: Tx, actor: Actor, purpose: "passkeys") => Promise<unknown>): Promise<void> {
  // One addition at a time for a person, so that two at once can't pass the limit.
  const [person] = await tx.select({ frozenAt: users.frozenAt }).from(users).where(eq(users.id, actor.userId)).for("no key update");
  if (person?.frozenAt) throw new DomainError("account_frozen");
  const [own] = await tx.select({ count: count() }).from(passkeys).where(eq(passkeys.userId, actor.userId));
  const [linked] = await tx.select({ count: count() }).from(wallets).where(eq(wallets.userId, actor.userId));
  const [session] = await tx
    .select({ isLimited: sql<boolean>`coalesce(${sessions.limitedUntil} > now(), false)` })
    .from(sessions)
    .where(and(eq(sessions.id, actor.sessionId), eq(sessions.userId, actor.userId)));
  invariant(own && linked, "a count has a row");
  if (own.count >= PASSKEYS_MAX) throw new DomainError("passkey_limit");
  if (own.count + linked.count > 0 || session?.isLimited !== false) await confirm(tx, actor, "passkeys");
}

/** Null for every answer that does not hold, whatever is wrong with it. */
async function verify(passkey: NewPasskey, challenge: string) {
  const { id, origin } = relyingParty();
  try {
    if (!isPlainAttestation(passkey.attestationObject)) return null;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: passkey.credentialId,
        rawId: passkey.credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response: { clientDataJSON: passkey.clientDataJson, attestationObject: passkey.attestationObject, transports: passkey.transports },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      expectedType: "webauthn.create",
      requireUserVerification: true,
      supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
    });
    return registrationInfo?.credential.id === passkey.credentialId ? registrationInfo : null;
  } catch {
    return null;
  }
}

/**
 * We ask for no attestation. Browsers then send "none", or the passkey's own signature without certificates ("packed"); certificates
 * are refused, because checking them would make our server ask addresses that stand in them.
 */
function isPlainAttestation(attestationObject: string): boolean {
  const attestation = decodeAttestationObject(Uint8Array.from(Buffer.from(attestationObject, "base64url")));
  const format: string = attestation.get("fmt");
  return format === "none" || (format === "packed" && attestation.get("attStmt").get("x5c") === undefined);
}
