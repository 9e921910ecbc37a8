import { webcrypto } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { passkeys } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { addressOfOwnerKey, signMessageWithOwnerKey } from "@/lib/chain/owner-key";
import { newId } from "@/lib/ids";
import { makePerson } from "@/lib/test/factories";
import { makeOwnKey, stepUp } from "@/lib/test/own-keys";
import { runJobs } from "@/lib/test/run-jobs";
import { fetchKeyExport, removeOldKeyExports } from "./fetch-key-export";
import { provisionAccount } from "./provision-account";
import { custodyOf } from "./queries";
import { requestKeyExport } from "./request-key-export";
import { requestOwnerChange } from "./request-owner-change";
import { ownerProofMessage, type OwnerInput } from "./rules";
import { startTakeover } from "./start-takeover";
import { withSigningKey } from "./with-signing-key";

// No chain answers here: a key proves itself without one.
beforeAll(() => {
  for (const chainId of ["84532", "11155420"]) process.env[`RPC_URL_${chainId}`] = "http://127.0.0.1:9";
});

/** A person with a real managed key and account. */
async function makeManaged() {
  const { actor } = await makePerson();
  await sql`DELETE FROM smart_accounts WHERE user_id = ${actor.userId}`;
  await provisionAccount(actor.userId);
  const [row] = await sql<{ address: string }[]>`SELECT address FROM smart_accounts WHERE user_id = ${actor.userId} LIMIT 1`;
  return { actor, account: row!.address };
}

test("a takeover is asked for with two proven owners and a step-up, leaves its rows, its notice and its message, and one at a time", async () => {
  const { actor, account } = await makeManaged();
  const owners = [makeOwnKey("passkey").ownerOf(account, "iPhone"), makeOwnKey().ownerOf(account, "Palavras")];
  await expect(startTakeover(actor, { owners })).rejects.toMatchObject({ code: "step_up_required" });
  await stepUp(actor);
  const { changeId } = await startTakeover(actor, { owners });
  expect(await custodyOf(actor)).toMatchObject({ state: "taking_over", proofAccount: account, change: { id: changeId, kind: "takeover" } });
  const [left] = await sql<{ owners: number; notices: number; messages: number; audits: number; jobs: number }[]>`
    SELECT (SELECT count(*)::int FROM account_owners WHERE user_id = ${actor.userId}) AS owners,
           (SELECT count(*)::int FROM notices WHERE user_id = ${actor.userId} AND kind = 'takeover_requested') AS notices,
           (SELECT count(*)::int FROM outgoing_messages WHERE to_phone = ${actor.phone}) AS messages,
           (SELECT count(*)::int FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'account.takeover_requested') AS audits,
           (SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier = 'accounts.apply_owner_change') AS jobs`;
  expect(left).toEqual({ owners: 2, notices: 1, messages: 1, audits: 1, jobs: 1 });
  await expect(startTakeover(actor, { owners })).rejects.toMatchObject({ code: "owner_change_pending" });
  await expect(requestOwnerChange(actor, { add: owners[0] })).rejects.toMatchObject({ code: "custody_not_own" });
});

test("owners that are too few, not proven, doubled, ours or somebody else's are refused, and nothing is written", async () => {
  const { actor, account } = await makeManaged();
  const { account: stranger, actor: strangersActor } = await makeManaged();
  await stepUp(actor);
  const [good, second] = [makeOwnKey().ownerOf(account), makeOwnKey().ownerOf(account)];
  const [serverKey] = await sql<{ address: string }[]>`SELECT address FROM signing_keys WHERE user_id = ${actor.userId}`;
  const serverOwner = await withSigningKey({ userId: actor.userId }, (key): OwnerInput => ({ kind: "wallet", name: "x", address: addressOfOwnerKey(key), proof: signMessageWithOwnerKey(ownerProofMessage({ account, owner: addressOfOwnerKey(key) }), key) }));
  expect(serverOwner.address).toBe(serverKey?.address);
  const passkeyId = newId();
  await db.insert(passkeys).values({ id: passkeyId, userId: strangersActor.userId, credentialId: passkeyId, publicKey: new Uint8Array([1]) });
  const ownPasskeyId = newId();
  await db.insert(passkeys).values({ id: ownPasskeyId, userId: actor.userId, credentialId: ownPasskeyId, publicKey: new Uint8Array([1]), derivedAddress: makeOwnKey().address });
  const vectors: [string, OwnerInput[], string][] = [
    ["none", [], "owners_too_few"],
    ["one", [good], "owners_too_few"],
    ["the same twice", [good, good], "owner_proof_invalid"],
    ["the same twice, in another spelling", [good, { ...good, address: good.address.toUpperCase().replace("0X", "0x") }], "owner_proof_invalid"],
    ["nine", Array.from({ length: 9 }, () => makeOwnKey().ownerOf(account)), "owners_too_few"],
    ["a proof for another account", [good, makeOwnKey().ownerOf(stranger)], "owner_proof_invalid"],
    ["another owner's proof", [good, { ...second, proof: good.proof }], "owner_proof_invalid"],
    ["no proof", [good, { ...second, proof: "0x" }], "owner_proof_invalid"],
    ["a proof that is no hex", [good, { ...second, proof: "yes" }], "owner_proof_invalid"],
    ["a huge proof", [good, { ...second, proof: `0x${"11".repeat(5_000)}` }], "owner_proof_invalid"],
    ["no address", [good, { ...second, address: "me" }], "owner_proof_invalid"],
    ["nobody's address", [good, { ...second, address: `0x${"00".repeat(20)}` }], "owner_proof_invalid"],
    ["a precompile", [good, { ...second, address: `0x${"00".repeat(19)}01` }], "owner_proof_invalid"],
    ["the server's own key", [good, serverOwner], "owner_proof_invalid"],
    ["the account itself", [good, { ...second, address: account }], "owner_proof_invalid"],
    ["another person's account", [good, { ...second, address: stranger }], "owner_proof_invalid"],
    ["another person's passkey", [good, { ...second, kind: "passkey", passkeyId }], "not_found"],
    ["a passkey with another key", [good, { ...second, kind: "passkey", passkeyId: ownPasskeyId }], "owner_proof_invalid"],
    ["another person's wallet", [good, { ...second, kind: "wallet", walletId: newId() }], "not_found"],
  ];
  for (const [name, owners, code] of vectors) await expect(startTakeover(actor, { owners }), name).rejects.toMatchObject({ code });
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
  await expect(startTakeover(actor, { owners: [good, second] }), "frozen").rejects.toMatchObject({ code: "account_frozen" });
  const rows = await sql`SELECT id FROM account_owners WHERE user_id = ${actor.userId} UNION ALL SELECT id FROM owner_changes WHERE user_id = ${actor.userId}`;
  expect(rows.length).toBe(0);
  await expect(startTakeover((await makePerson()).actor, { owners: [good, second] }), "proofs of somebody else's account").rejects.toMatchObject({ code: "owner_proof_invalid" });
});

const { subtle } = webcrypto;
const fromBase64url = (text: string) => Buffer.from(text, "base64url");

/** What the browser does: makes a key pair of its own, and opens what comes sealed to it. */
async function makeRecipient() {
  const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const recipientKey = Buffer.from(await subtle.exportKey("raw", pair.publicKey)).toString("base64url");
  const open = async (exportId: string, sealed: string) => {
    const [version, ephemeral = "", nonce = "", ciphertext = ""] = sealed.split(".");
    expect(version).toBe("v1");
    const from = await subtle.importKey("raw", fromBase64url(ephemeral), { name: "ECDH", namedCurve: "P-256" }, false, []);
    const shared = await subtle.importKey("raw", await subtle.deriveBits({ name: "ECDH", public: from }, pair.privateKey, 256), "HKDF", false, ["deriveKey"]);
    const key = await subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: Buffer.from(exportId), info: Buffer.from("cocopay/key-export/v1") }, shared, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: fromBase64url(nonce) }, key, fromBase64url(ciphertext)));
  };
  return { recipientKey, open };
}

test("a managed key is exported to the browser that asked, once, and opens there alone", async () => {
  const { actor } = await makeManaged();
  const recipient = await makeRecipient();
  await expect(requestKeyExport(actor, { recipientKey: recipient.recipientKey })).rejects.toMatchObject({ code: "step_up_required" });
  await stepUp(actor);
  for (const bad of ["", "AAAA", recipient.recipientKey.replace("B", "A"), `${recipient.recipientKey}A`]) await expect(requestKeyExport(actor, { recipientKey: bad })).rejects.toMatchObject({ code: "invalid_input" });
  const { exportId } = await requestKeyExport(actor, { recipientKey: recipient.recipientKey });
  expect(await fetchKeyExport(actor, { exportId })).toBeNull();
  await sql`DELETE FROM graphile_worker._private_jobs WHERE task_id IN (SELECT id FROM graphile_worker._private_tasks WHERE identifier <> 'accounts.export_key')`;
  await runJobs();

  const otherSession: Actor = { ...actor, sessionId: newId() };
  await expect(fetchKeyExport(otherSession, { exportId })).rejects.toMatchObject({ code: "not_found" });
  const { sealed } = (await fetchKeyExport(actor, { exportId }))!;
  await expect(fetchKeyExport(actor, { exportId })).rejects.toMatchObject({ code: "not_found" });
  const key = await recipient.open(exportId, sealed);
  const [row] = await sql<{ address: string }[]>`SELECT address FROM signing_keys WHERE user_id = ${actor.userId}`;
  expect(addressOfOwnerKey(key)).toBe(row?.address);
  await expect(recipient.open(newId(), sealed)).rejects.toThrow();
  await expect((await makeRecipient()).open(exportId, sealed)).rejects.toThrow();
  const [kept] = await sql<{ sealed: string | null; fetched: boolean }[]>`SELECT sealed, fetched_at IS NOT NULL AS fetched FROM key_exports WHERE id = ${exportId}`;
  expect(kept).toEqual({ sealed: null, fetched: true });
  const [told] = await sql<{ notices: number; audits: number }[]>`
    SELECT (SELECT count(*)::int FROM notices WHERE user_id = ${actor.userId} AND kind = 'key_exported') AS notices,
           (SELECT count(*)::int FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'account.key_exported') AS audits`;
  expect(told).toEqual({ notices: 1, audits: 1 });
});

test("an export that nobody fetched in time is gone, and a person who took over has nothing to export", async () => {
  const { actor } = await makeManaged();
  await stepUp(actor);
  const { recipientKey } = await makeRecipient();
  const { exportId } = await requestKeyExport(actor, { recipientKey });
  await sql`UPDATE key_exports SET expires_at = now() - INTERVAL '1 second', sealed = 'v1.a.b.c' WHERE id = ${exportId}`;
  await expect(fetchKeyExport(actor, { exportId })).rejects.toMatchObject({ code: "not_found" });
  await removeOldKeyExports();
  expect(await sql`SELECT 1 FROM key_exports WHERE id = ${exportId}`).toHaveLength(0);
  await sql`UPDATE smart_accounts SET custody_status = 'self_custody' WHERE user_id = ${actor.userId}`;
  await expect(requestKeyExport(actor, { recipientKey })).rejects.toMatchObject({ code: "custody_not_managed" });
  await expect(startTakeover(actor, { owners: [] })).rejects.toMatchObject({ code: "custody_not_managed" });
});
