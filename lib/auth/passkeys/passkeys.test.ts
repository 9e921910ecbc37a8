import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { makePerson, makeSession } from "@/lib/test/factories";
import { SoftwarePasskey, type Algorithm } from "@/lib/test/software-authenticator";
import type { Actor, Visitor } from "../actor";
import { requestStepUpWait } from "../request-step-up-wait";
import { findStepUp } from "../step-up";
import { stepUpWays } from "../step-up-ways";
import { addPasskey, newPasskeyOptions } from "./add-passkey";
import { derivedKeyRequest, proveDerivedAddress } from "./derived-address";
import { passkeyNameOf } from "./device-name";
import { listPasskeys, passkeySignal } from "./queries";
import { userHandleOf } from "./relying-party";
import { removePasskey } from "./remove-passkey";
import { renamePasskey } from "./rename-passkey";
import { PASSKEYS_MAX } from "./rules";
import { passkeySignInRequest, signInByPasskey } from "./sign-in-by-passkey";
import { passkeyStepUpRequest, stepUpByPasskey } from "./step-up-by-passkey";

const PIXEL = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
const visitor: Visitor = { ip: "203.0.113.7", userAgent: PIXEL, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" };
let actor: Actor;
beforeEach(async () => {
  actor = { ...(await makeSession((await makePerson()).actor)), userAgent: PIXEL };
});

const newPasskey = (algorithm: Algorithm = "ES256") => new SoftwarePasskey(userHandleOf(actor.userId), algorithm);
async function add(passkey = newPasskey(), { hasPrf = true, who = actor }: { hasPrf?: boolean; who?: Actor } = {}) {
  const { challenge } = await newPasskeyOptions(who);
  const { passkeyId } = await addPasskey(who, { passkey: passkey.create(challenge), derived: hasPrf ? passkey.derived(challenge) : null });
  return { passkey, passkeyId };
}
async function confirmWith(passkey: SoftwarePasskey, who = actor) {
  const { challenge } = await passkeyStepUpRequest(who);
  await stepUpByPasskey(who, passkey.get(challenge));
}
const refused = (code: string) => expect.objectContaining({ code });
const noticesOf = async () => (await sql<{ kind: string }[]>`SELECT kind FROM notices WHERE user_id = ${actor.userId} ORDER BY id`).map(({ kind }) => kind);
const trailOf = async () => (await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE user_id = ${actor.userId} ORDER BY id`).map(({ action }) => action);

test("the options pin who we are, want a passkey that finds its person, and leave out what the account has", async () => {
  const { passkey } = await add();
  await confirmWith(passkey);
  const options = await newPasskeyOptions(actor);
  expect(options.rp).toEqual({ id: "localhost", name: "CocoPay" });
  expect(options.user.id).toBe(userHandleOf(actor.userId));
  expect(Buffer.from(options.user.id, "base64url").toString("hex")).toBe(actor.userId.replaceAll("-", ""));
  expect(options.authenticatorSelection).toMatchObject({ residentKey: "required", userVerification: "required" });
  expect(options.attestation).toBe("none");
  expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-8, -7, -257]);
  expect(options.excludeCredentials).toEqual([{ id: passkey.credentialId, type: "public-key", transports: ["internal"] }]);
});

test.each<Algorithm>(["ES256", "RS256", "EdDSA"])("a passkey by %s is added, told, noted, and signs in with one touch that also confirms", async (algorithm) => {
  const { passkey, passkeyId } = await add(newPasskey(algorithm));
  const [shown] = await listPasskeys(actor);
  expect(shown).toMatchObject({ passkeyId, name: "Chrome (Android)", isBackedUp: true, lastUsedAt: null, derivedAddress: passkey.derived("x").address, transports: ["internal"] });
  expect(await noticesOf()).toEqual(["passkey_added"]);
  expect(await trailOf()).toContain("passkey.added");

  const { challenge, credentials } = await passkeySignInRequest();
  expect(credentials).toEqual([]);
  const signedIn = await signInByPasskey(visitor, { answer: passkey.get(challenge, { signCount: 1 }), derived: passkey.derived(challenge) });
  expect(signedIn).toMatchObject({ userId: actor.userId, name: "Marina", isNew: false });
  const [session] = await sql`SELECT auth_method, step_up_method, limited_until FROM sessions WHERE id = ${signedIn.sessionId}`;
  expect(session).toEqual({ auth_method: "passkey", step_up_method: "passkey", limited_until: null });
  expect((await listPasskeys(actor))[0]?.lastUsedAt).toBeInstanceOf(Date);
});

test("a passkey without a derived key signs in, and its address is learned when it can", async () => {
  const { passkey, passkeyId } = await add(newPasskey(), { hasPrf: false });
  expect((await listPasskeys(actor))[0]?.derivedAddress).toBeNull();
  const first = await passkeySignInRequest();
  await signInByPasskey(visitor, { answer: passkey.get(first.challenge), derived: null });
  const request = await derivedKeyRequest(actor, { passkeyId });
  expect(request.credentials).toEqual([{ credentialId: passkey.credentialId, transports: ["internal"] }]);
  const { address } = passkey.derived("x");
  await proveDerivedAddress(actor, { answer: passkey.get(request.challenge), derived: passkey.derived(request.challenge) });
  expect(await sql`SELECT derived_address, derived_salt_version FROM passkeys WHERE id = ${passkeyId}`).toEqual([{ derived_address: address, derived_salt_version: 1 }]);
  expect(await trailOf()).toContain("passkey.address_derived");
  // The same again changes nothing and is no failure.
  const again = await derivedKeyRequest(actor, { passkeyId });
  await proveDerivedAddress(actor, { answer: passkey.get(again.challenge), derived: passkey.derived(again.challenge) });
  expect((await trailOf()).filter((action) => action === "passkey.address_derived")).toHaveLength(1);
});

test("a sign-in learns the address of a passkey that gave none when it was made", async () => {
  const { passkey } = await add(newPasskey(), { hasPrf: false });
  const { challenge } = await passkeySignInRequest();
  await signInByPasskey(visitor, { answer: passkey.get(challenge), derived: passkey.derived(challenge) });
  expect((await listPasskeys(actor))[0]?.derivedAddress).toBe(passkey.derived("x").address);
});

test("the second passkey needs a confirmation by the first", async () => {
  const { passkey } = await add();
  await expect(add()).rejects.toEqual(refused("step_up_required"));
  await confirmWith(passkey);
  await add();
  expect((await listPasskeys(actor)).map(({ name }) => name)).toEqual(["Chrome (Android)", "Chrome (Android) 2"]);
});

test("a confirmation that ended between the question and the answer does not count", async () => {
  const { passkey } = await add();
  await confirmWith(passkey);
  const { challenge } = await newPasskeyOptions(actor);
  await sql`UPDATE sessions SET stepped_up_at = now() - interval '6 minutes' WHERE id = ${actor.sessionId}`;
  await expect(addPasskey(actor, { passkey: newPasskey().create(challenge), derived: null })).rejects.toEqual(refused("step_up_required"));
});

test("with a wallet in the account the first passkey needs its confirmation", async () => {
  await sql`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (${newId()}, ${actor.userId}, ${`0x${randomBytes(20).toString("hex")}`}, '84532', false)`;
  await expect(newPasskeyOptions(actor)).rejects.toEqual(refused("step_up_required"));
  expect(await stepUpWays(actor, { purpose: "passkeys" })).toEqual({ hasPasskey: false, hasWallet: true, waitHours: 72, waitingUntil: null });
});

test("on a new device that is held back the first passkey waits until it is not held back any more", async () => {
  actor = { ...(await makeSession(actor, { limitedHours: 24 })), userAgent: PIXEL };
  await expect(newPasskeyOptions(actor)).rejects.toEqual(refused("step_up_required"));
  await requestStepUpWait(actor, { purpose: "passkeys" });
  await expect(newPasskeyOptions(actor)).rejects.toEqual(refused("step_up_waiting"));
  await sql`UPDATE step_up_waits SET ready_at = now() - interval '1 second' WHERE user_id = ${actor.userId}`;
  await expect(newPasskeyOptions(actor)).rejects.toEqual(refused("step_up_waiting"));
  await sql`UPDATE sessions SET limited_until = now() WHERE id = ${actor.sessionId}`;
  await add();
});

test("whoever lost the passkey waits, and the right is used by the addition, not by the question", async () => {
  await add();
  await requestStepUpWait(actor, { purpose: "passkeys" });
  await sql`UPDATE step_up_waits SET ready_at = now() - interval '1 second' WHERE user_id = ${actor.userId}`;
  await newPasskeyOptions(actor);
  await add();
  await expect(add()).rejects.toEqual(refused("step_up_required"));
});

test("a frozen account takes no passkey", async () => {
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
  await expect(newPasskeyOptions(actor)).rejects.toEqual(refused("account_frozen"));
});

test("there is an end to passkeys", async () => {
  const { passkey } = await add();
  await confirmWith(passkey);
  for (let count = 1; count < PASSKEYS_MAX; count += 1) await add();
  await expect(add()).rejects.toEqual(refused("passkey_limit"));
});

test("a step-up by passkey stands for five minutes in this session, and frees one that was held back", async () => {
  const { passkey } = await add();
  const held = await makeSession(actor, { limitedHours: 24 });
  const isFree = (who: Actor) => findStepUpOf(who);
  expect(await isFree(held)).toBe("step_up_required");
  await confirmWith(passkey, held);
  expect(await isFree(held)).toBe("free");
  expect(await isFree(actor)).toBe("step_up_required");
  expect(await sql`SELECT limited_until FROM sessions WHERE id = ${held.sessionId}`).toEqual([{ limited_until: null }]);
  await sql`UPDATE sessions SET stepped_up_at = now() - interval '301 seconds' WHERE id = ${held.sessionId}`;
  expect(await isFree(held)).toBe("step_up_required");
});

async function findStepUpOf(who: Actor): Promise<string> {
  const { db } = await import("@/db/client");
  return db.transaction((tx) => findStepUp(tx, who, "custody")).then(
    () => "free",
    (error: { code: string }) => error.code,
  );
}

test("a passkey is renamed by its person alone, to a name that is one", async () => {
  const { passkeyId } = await add();
  await renamePasskey(actor, { passkeyId, name: "  Celular  do Zé " });
  expect((await listPasskeys(actor))[0]?.name).toBe("Celular do Zé");
  const stranger = (await makePerson()).actor;
  await expect(renamePasskey(stranger, { passkeyId, name: "Meu" })).rejects.toEqual(refused("passkey_unknown"));
  for (const name of ["", " ", "<b>x</b>", "a".repeat(61), "a\u202eb"]) await expect(renamePasskey(actor, { passkeyId, name })).rejects.toEqual(refused("name_invalid"));
  expect((await trailOf()).filter((action) => action === "passkey.renamed")).toHaveLength(1);
});

test("a passkey is removed with a confirmation, told, and then unknown; the browser is told what still counts", async () => {
  const { passkey, passkeyId } = await add();
  await expect(removePasskey(actor, { passkeyId })).rejects.toEqual(refused("step_up_required"));
  await confirmWith(passkey);
  const second = await add();
  const stranger = await makeSession((await makePerson()).actor);
  await expect(removePasskey(stranger, { passkeyId })).rejects.toEqual(refused("passkey_unknown"));
  await removePasskey(actor, { passkeyId });
  const { challenge } = await passkeySignInRequest();
  await expect(signInByPasskey(visitor, { answer: passkey.get(challenge), derived: null })).rejects.toEqual(refused("passkey_unknown"));
  expect(await passkeySignal(actor.userId)).toEqual({ rpId: "localhost", userHandle: userHandleOf(actor.userId), credentialIds: [second.passkey.credentialId], userName: actor.phone, displayName: "Marina" });
  expect(await noticesOf()).toEqual(["passkey_added", "passkey_added", "passkey_removed"]);
});

test("the last way in stays", async () => {
  const { passkey, passkeyId } = await add();
  await confirmWith(passkey);
  await sql`UPDATE users SET phone_verified_at = NULL WHERE id = ${actor.userId}`;
  await expect(removePasskey(actor, { passkeyId })).rejects.toEqual(refused("last_way_in"));
  await add();
  await removePasskey(actor, { passkeyId });
});

test("a passkey whose key is the account's only owner that can still sign stays; with another owner it goes and the owner stays on record", async () => {
  const { passkey, passkeyId } = await add();
  await confirmWith(passkey);
  const { address } = passkey.derived("x");
  const words = `0x${randomBytes(20).toString("hex")}`;
  await sql`INSERT INTO account_owners (id, user_id, kind, address, passkey_id, proof) VALUES (${newId()}, ${actor.userId}, 'passkey', ${address}, ${passkeyId}, 'x')`;
  await sql`INSERT INTO account_signers (user_id, chain_id, address) VALUES (${actor.userId}, '84532', ${address}), (${actor.userId}, '11155420', ${address}), (${actor.userId}, '84532', ${words})`;
  await expect(removePasskey(actor, { passkeyId })).rejects.toEqual(refused("owner_last"));
  await sql`INSERT INTO account_owners (id, user_id, kind, address, proof) VALUES (${newId()}, ${actor.userId}, 'recovery_key', ${words}, 'x')`;
  // On the second chain the words own nothing yet.
  await expect(removePasskey(actor, { passkeyId })).rejects.toEqual(refused("owner_last"));
  await sql`INSERT INTO account_signers (user_id, chain_id, address) VALUES (${actor.userId}, '11155420', ${words})`;
  const [change] = await sql<{ id: string }[]>`INSERT INTO owner_changes (id, user_id, kind, added, removed, session_id) VALUES (${newId()}, ${actor.userId}, 'add', ${[address]}, '{}', ${actor.sessionId}) RETURNING id`;
  await expect(removePasskey(actor, { passkeyId })).rejects.toEqual(refused("owner_change_pending"));
  await sql`UPDATE owner_changes SET status = 'done' WHERE id = ${change!.id}`;
  await removePasskey(actor, { passkeyId });
  expect(await sql`SELECT address, passkey_id FROM account_owners WHERE user_id = ${actor.userId} AND kind = 'passkey'`).toEqual([{ address, passkey_id: null }]);
});

test.each([
  ["ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", PIXEL, [], "Google (Android)"],
  ["08987058-cadc-4b81-b6e1-30de50dcbe96", "Mozilla/5.0 (Windows NT 10.0)", [], "Windows Hello"],
  ["00000000-0000-0000-0000-000000000000", PIXEL, ["Chrome (Android)", "Chrome (Android) 2"], "Chrome (Android) 3"],
  ["00000000-0000-0000-0000-000000000000", null, [], "Passkey"],
])("%s is called by a name that people know", (aaguid, userAgent, taken, name) => {
  expect(passkeyNameOf({ aaguid, userAgent, taken })).toBe(name);
});
