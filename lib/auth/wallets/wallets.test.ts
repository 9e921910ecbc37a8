import { concatHex, getAddress, getCreate2Address, zeroHash, type Address } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomBytes } from "node:crypto";
import { db, sql } from "@/db/client";
import { CREATE2_PROXY } from "@/lib/chain/addresses";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { deployWallet, walletCode, wrap6492, type ContractWallet } from "@/lib/test/contract-wallets";
import { makePerson, makeSession } from "@/lib/test/factories";
import { answer, CHAIN, fieldsOf, newKey, newVisitor, refused, request, signIn, withWallet } from "@/lib/test/wallet-answers";
import type { Actor } from "../actor";
import { markSteppedUp } from "../step-up";
import { askWalletSignature } from "./ask-signature";
import { linkWaitingWallet, linkWallet, walletLinkRequest } from "./link-wallet";
import { listWallets } from "./queries";
import { renameWallet } from "./rename-wallet";
import { signInByWallet, waitingWallet, walletSignInRequest } from "./sign-in-by-wallet";
import { stepUpByWallet, walletStepUpRequest } from "./step-up-by-wallet";
import { unlinkWallet } from "./unlink-wallet";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain({ chainId: CHAIN });
  // The second chain in use has no node here: what only it could say stays unsaid.
  process.env["RPC_URL_11155420"] = "http://127.0.0.1:9";
});
afterAll(() => chain.stop());

const stepUp = (actor: Actor) => db.transaction((tx) => markSteppedUp(tx, actor, "wallet"));
const noticesOf = async (userId: string) => (await sql<{ kind: string }[]>`SELECT kind FROM notices WHERE user_id = ${userId} ORDER BY id`).map(({ kind }) => kind);

describe("signing in", () => {
  test("the message is ours to the letter", async () => {
    const account = newKey();
    const message = await request(newVisitor(), account);
    const { nonce, requestId, issuedAt, expirationTime } = fieldsOf(message);
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(expirationTime.getTime() - issuedAt.getTime()).toBe(300_000);
    expect(message).toBe(
      `localhost:3000 wants you to sign in with your Ethereum account:\n${account.address}\n\nEntrar na CocoPay com esta carteira.\n\nURI: http://localhost:3000\nVersion: 1\nChain ID: 84532\nNonce: ${nonce}\nIssued At: ${issuedAt.toISOString()}\nExpiration Time: ${expirationTime.toISOString()}\nRequest ID: ${requestId}`,
    );
  });

  test("a linked wallet signs its person in, in any spelling of its address, and a stranger's waits for a phone", async () => {
    const { actor, account } = await withWallet();
    const visitor = newVisitor();
    for (const address of [account.address.toLowerCase(), `0x${account.address.slice(2).toUpperCase()}`, account.address]) {
      const message = await walletSignInRequest(visitor, { address, chainId: CHAIN });
      expect(await signInByWallet(visitor, await answer(account, message))).toMatchObject({ kind: "signed_in", userId: actor.userId });
    }
    const [session] = await sql`SELECT auth_method, limited_until FROM sessions WHERE user_id = ${actor.userId} ORDER BY created_at DESC LIMIT 1`;
    expect(session).toEqual({ auth_method: "wallet", limited_until: null });

    const stranger = await signIn(newKey());
    expect(stranger.kind).toBe("phone_needed");
    expect(await sql`SELECT count(*)::int AS n FROM users WHERE created_at > now() - interval '1 second' AND phone = ''`).toEqual([{ n: 0 }]);
  });

  test("a key signs in while its chain does not answer", async () => {
    const { actor, account } = await withWallet();
    const visitor = newVisitor();
    expect(await signInByWallet(visitor, await answer(account, await request(visitor, account, "11155420")))).toMatchObject({ kind: "signed_in", userId: actor.userId });
  });

  test("a deleted person is nobody", async () => {
    const { actor, account } = await withWallet();
    await sql`UPDATE users SET deleted_at = now() WHERE id = ${actor.userId}`;
    await expect(signIn(account)).rejects.toMatchObject(refused);
  });

  test("a wallet that was linked by code a moment ago is held back on a new device as that code was", async () => {
    const { actor, account, walletId } = await withWallet({ hoursAgo: 1 });
    await signIn(account);
    expect(await sql`SELECT limited_until > now() + interval '23 hours' AS held FROM sessions WHERE user_id = ${actor.userId} AND auth_method = 'wallet'`).toEqual([{ held: true }]);
    await sql`UPDATE wallets SET created_at = now() - interval '25 hours' WHERE id = ${walletId}`;
    await signIn(account);
    expect(await sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${actor.userId} AND auth_method = 'wallet' AND limited_until IS NULL`).toEqual([{ n: 1 }]);
  });

  test("one signature makes one session, however many requests bring it at once", async () => {
    const { account } = await withWallet();
    const visitor = newVisitor();
    const once = await answer(account, await request(visitor, account));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => signInByWallet(visitor, once)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("wrong answers run out by device, right ones do not", async () => {
    const visitor = newVisitor();
    const account = newKey();
    for (let round = 0; round < 30; round += 1) await expect(signInByWallet(visitor, { message: "x", signature: "0x00" })).rejects.toMatchObject(refused);
    await expect(signInByWallet(visitor, await answer(account, await request(visitor, account)))).rejects.toMatchObject({ code: "too_many_requests" });
  });
});

describe("contract wallets", () => {
  async function proveContract(kind: ContractWallet, { signer }: { signer?: PrivateKeyAccount } = {}) {
    const owner = newKey();
    const address = await deployWallet(chain.client, kind, owner.address);
    const visitor = newVisitor();
    const message = await walletSignInRequest(visitor, { address, chainId: CHAIN });
    return { address, owner, result: signInByWallet(visitor, { message, signature: await (signer ?? owner).signMessage({ message }) }) };
  }

  test("one that says yes is a wallet (ERC-1271)", async () => {
    const { address, result } = await proveContract("OwnedWallet");
    expect((await result).kind).toBe("phone_needed");
    expect(await sql`SELECT is_contract FROM sign_in_attempts WHERE address = ${address.toLowerCase()}`).toEqual([{ is_contract: true }]);
  });

  test.each(["OldMagicWallet", "TrueWallet", "RevertingWallet", "EndlessWallet", "SilentWallet"] as const)("%s is none", async (kind) => {
    await expect((await proveContract(kind)).result).rejects.toMatchObject(refused);
  });

  test("one whose owner did not sign is none", async () => {
    await expect((await proveContract("OwnedWallet", { signer: newKey() })).result).rejects.toMatchObject(refused);
  });

  test("one that is not deployed yet signs by what deploys it (ERC-6492), and by nobody else's", async () => {
    const owner = newKey();
    const code = walletCode("OwnedWallet", owner.address);
    const address = getCreate2Address({ from: CREATE2_PROXY, salt: zeroHash, bytecode: code });
    const visitor = newVisitor();
    const sign = async (account: PrivateKeyAccount, at: Address) => {
      const message = await walletSignInRequest(visitor, { address: at, chainId: CHAIN });
      return { message, signature: wrap6492({ factory: CREATE2_PROXY, factoryData: concatHex([zeroHash, code]), signature: await account.signMessage({ message }) }) };
    };
    expect((await signInByWallet(visitor, await sign(owner, address))).kind).toBe("phone_needed");
    await expect(signInByWallet(visitor, await sign(newKey(), address))).rejects.toMatchObject(refused);
    // The deployment is real, and of another address than the message names.
    await expect(signInByWallet(visitor, await sign(owner, newKey().address))).rejects.toMatchObject(refused);
  });

  test("a linked contract signs in on its own chain only, and a key's address not by code that was put there", async () => {
    const owner = newKey();
    const address = await deployWallet(chain.client, "OwnedWallet", owner.address);
    const { actor: person } = await makePerson();
    const actor = await makeSession(person);
    const link = await walletLinkRequest(actor, { address, chainId: CHAIN });
    await linkWallet(actor, { message: link, signature: await owner.signMessage({ message: link }) });
    const visitor = newVisitor();
    const enter = async () => {
      const message = await walletSignInRequest(visitor, { address, chainId: CHAIN });
      return signInByWallet(visitor, { message, signature: await owner.signMessage({ message }) });
    };
    expect(await enter()).toMatchObject({ kind: "signed_in", userId: actor.userId });
    await sql`UPDATE wallets SET chain_id = '11155420' WHERE address = ${address.toLowerCase()}`;
    await expect(enter()).rejects.toMatchObject(refused);
    await sql`UPDATE wallets SET chain_id = '84532', is_contract = false WHERE address = ${address.toLowerCase()}`;
    await expect(enter()).rejects.toMatchObject(refused);
  });
});

describe("linking", () => {
  test("the first wallet is linked with notice, and counts for confirmations after a day", async () => {
    const { actor, account, walletId } = await withWallet({ hoursAgo: 0 });
    expect(await noticesOf(actor.userId)).toEqual(["wallet_linked"]);
    expect(await listWallets(actor)).toMatchObject([{ walletId, name: "MetaMask", address: account.address.toLowerCase(), isContract: false, isOwner: false }]);
    await expect(walletStepUpRequest(actor, { address: account.address, chainId: CHAIN })).rejects.toMatchObject({ code: "step_up_waiting", details: { seconds: expect.any(Number) } });
    await sql`UPDATE wallets SET created_at = now() - interval '25 hours' WHERE id = ${walletId}`;
    const message = await walletStepUpRequest(actor, { address: account.address, chainId: CHAIN });
    await stepUpByWallet(actor, await answer(account, message));
    expect(await sql`SELECT step_up_method FROM sessions WHERE id = ${actor.sessionId}`).toEqual([{ step_up_method: "wallet" }]);
  });

  test("the wallet that opened the account counts at once", async () => {
    const { actor, account } = await withWallet({ hoursAgo: 0, personHoursAgo: 0 });
    await stepUpByWallet(actor, await answer(account, await walletStepUpRequest(actor, { address: account.address, chainId: CHAIN })));
  });

  test("the second wants the first one's word, before it is asked to sign and when it is linked", async () => {
    const { actor } = await withWallet();
    const second = newKey();
    await expect(walletLinkRequest(actor, { address: second.address, chainId: CHAIN })).rejects.toMatchObject({ code: "step_up_required" });
    const message = await askWalletSignature("wallet_link", actor, "pt-BR", { address: second.address, chainId: CHAIN });
    await expect(linkWallet(actor, await answer(second, message))).rejects.toMatchObject({ code: "step_up_required" });
    await stepUp(actor);
    await linkWallet(actor, await answer(second, await walletLinkRequest(actor, { address: second.address, chainId: CHAIN })));
    expect(await listWallets(actor)).toHaveLength(2);
  });

  test("asking uses up no right that was waited for", async () => {
    const { actor } = await withWallet();
    await sql`INSERT INTO step_up_waits (id, user_id, session_id, purpose, ready_at, expires_at) VALUES (gen_random_uuid(), ${actor.userId}, ${actor.sessionId}, 'wallets', now(), now() + interval '1 hour')`;
    const second = newKey();
    const message = await walletLinkRequest(actor, { address: second.address, chainId: CHAIN });
    expect(await sql`SELECT used_at FROM step_up_waits WHERE user_id = ${actor.userId}`).toEqual([{ used_at: null }]);
    await linkWallet(actor, await answer(second, message));
    expect(await sql`SELECT used_at IS NOT NULL AS used FROM step_up_waits WHERE user_id = ${actor.userId}`).toEqual([{ used: true }]);
  });

  test("another person's wallet is taken, another session's message refused", async () => {
    const { account } = await withWallet();
    const { actor: person } = await makePerson();
    const actor = await makeSession(person);
    await expect(linkWallet(actor, await answer(account, await walletLinkRequest(actor, { address: account.address, chainId: CHAIN })))).rejects.toMatchObject({ code: "wallet_taken" });
    const mine = newKey();
    const message = await walletLinkRequest(actor, { address: mine.address, chainId: CHAIN });
    const elsewhere = await makeSession(person);
    await expect(linkWallet(elsewhere, await answer(mine, message))).rejects.toMatchObject(refused);
    const { actor: other } = await makePerson();
    await expect(linkWallet(other, await answer(mine, message))).rejects.toMatchObject(refused);
  });

  test("a name is plain words; what a wallet announces is no name when it is not", async () => {
    const { actor, walletId } = await withWallet();
    await renameWallet(actor, { walletId, name: "  Minha   Ledger " });
    expect(await listWallets(actor)).toMatchObject([{ name: "Minha Ledger" }]);
    for (const name of ["", "<b>x</b>", "a\u202Eb", "x".repeat(61)]) await expect(renameWallet(actor, { walletId, name })).rejects.toMatchObject({ code: "name_invalid" });
    const { actor: stranger } = await makePerson();
    await expect(renameWallet(stranger, { walletId, name: "Meu" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a wallet that waits for a phone", () => {
  async function waiting() {
    const account = newKey();
    const outcome = await signIn(account);
    if (outcome.kind !== "phone_needed") throw new Error("expected to wait");
    return { account, token: outcome.token };
  }

  test("is linked to the person who verifies a phone, once", async () => {
    const { account, token } = await waiting();
    expect(await waitingWallet(token)).toEqual({ address: account.address.toLowerCase() });
    const { actor } = await makePerson();
    expect(await linkWaitingWallet(actor, { token, name: "MetaMask" })).toBe("linked");
    expect(await signIn(account)).toMatchObject({ kind: "signed_in", userId: actor.userId });
    const { actor: other } = await makePerson();
    await expect(linkWaitingWallet(other, { token })).rejects.toMatchObject(refused);
    expect(await waitingWallet(token)).toBeNull();
  });

  test("is not linked by a code alone where the account has a wallet already", async () => {
    const { actor } = await withWallet();
    const { account, token } = await waiting();
    expect(await linkWaitingWallet(actor, { token })).toBe("not_linked");
    expect((await listWallets(actor)).map(({ address }) => address)).not.toContain(account.address.toLowerCase());
  });

  test("waits a quarter of an hour; a token that was made up finds nothing", async () => {
    const { token } = await waiting();
    const { actor } = await makePerson();
    await expect(linkWaitingWallet(actor, { token: randomBytes(16).toString("base64url") })).rejects.toMatchObject(refused);
    await sql`UPDATE sign_in_attempts SET expires_at = now() - interval '1 second'`;
    await expect(linkWaitingWallet(actor, { token })).rejects.toMatchObject(refused);
  });

  test("two of one wallet: the first phone has it", async () => {
    const { account, token } = await waiting();
    const again = await signIn(account);
    if (again.kind !== "phone_needed") throw new Error("expected to wait");
    const { actor } = await makePerson();
    const { actor: other } = await makePerson();
    await linkWaitingWallet(actor, { token });
    await expect(linkWaitingWallet(other, { token: again.token })).rejects.toMatchObject({ code: "wallet_taken" });
  });
});

describe("confirming and unlinking", () => {
  test("only a wallet of the person confirms, by a message for confirming", async () => {
    const { actor, account } = await withWallet();
    await expect(walletStepUpRequest(actor, { address: newKey().address, chainId: CHAIN })).rejects.toMatchObject({ code: "wallet_unknown" });
    const foreign = await withWallet();
    const message = await askWalletSignature("wallet_step_up", actor, "pt-BR", { address: foreign.account.address, chainId: CHAIN });
    await expect(stepUpByWallet(actor, await answer(foreign.account, message))).rejects.toMatchObject({ code: "wallet_unknown" });
    const link = await askWalletSignature("wallet_link", actor, "pt-BR", { address: account.address, chainId: CHAIN });
    await expect(stepUpByWallet(actor, await answer(account, link))).rejects.toMatchObject(refused);
    const once = await answer(account, await walletStepUpRequest(actor, { address: account.address, chainId: CHAIN }));
    await stepUpByWallet(actor, once);
    await expect(stepUpByWallet(actor, once)).rejects.toMatchObject(refused);
    expect(await sql`SELECT stepped_up_at IS NOT NULL AS stepped FROM sessions WHERE id = ${foreign.actor.sessionId}`).toEqual([{ stepped: false }]);
  });

  test("unlinking wants a confirmation, tells the other devices, and ends the wallet's sign-in", async () => {
    const { actor, account, walletId } = await withWallet();
    await expect(unlinkWallet(actor, { walletId })).rejects.toMatchObject({ code: "step_up_required" });
    const { actor: stranger } = await makePerson();
    await expect(unlinkWallet(stranger, { walletId })).rejects.toMatchObject({ code: "not_found" });
    await stepUp(actor);
    await unlinkWallet(actor, { walletId });
    expect(await noticesOf(actor.userId)).toEqual(["wallet_linked", "wallet_unlinked"]);
    expect((await signIn(account)).kind).toBe("phone_needed");
    const trail = await sql`SELECT action FROM audit_logs WHERE user_id = ${actor.userId} AND resource_type = 'wallet' ORDER BY created_at`;
    expect(trail.map(({ action }) => action)).toEqual(["wallet.linked", "wallet.unlinked"]);
  });

  test("the only wallet that can still move the person's money stays", async () => {
    const { actor, account, walletId } = await withWallet();
    const address = account.address.toLowerCase();
    const passkeyKey = getAddress(newKey().address).toLowerCase();
    await sql`UPDATE smart_accounts SET custody_status = 'self_custody' WHERE user_id = ${actor.userId}`;
    for (const owner of [address, passkeyKey]) await sql`INSERT INTO account_signers (user_id, chain_id, address) VALUES (${actor.userId}, ${CHAIN}, ${owner})`;
    await stepUp(actor);
    // The other owner's passkey was deleted: its key is gone.
    await sql`INSERT INTO account_owners (id, user_id, kind, address, proof) VALUES (gen_random_uuid(), ${actor.userId}, 'passkey', ${passkeyKey}, '0x')`;
    expect(await listWallets(actor)).toMatchObject([{ isOwner: true }]);
    await expect(unlinkWallet(actor, { walletId })).rejects.toMatchObject({ code: "last_way_in" });
    await sql`UPDATE account_owners SET kind = 'recovery_key' WHERE address = ${passkeyKey}`;
    await unlinkWallet(actor, { walletId });
  });
});
