import { encodeFunctionData, hexToBigInt, maxUint256, type Address, type Hex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { encodeExecute } from "@/lib/chain/account";
import { erc20Abi, nftAbi, permissionsAbi } from "@/lib/chain/abis";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { publicClient } from "@/lib/chain/clients";
import { checkCustody } from "@/lib/chain/custody-check";
import { addressOfKey } from "@/lib/chain/keys";
import { isDeployed, simulateBundle } from "@/lib/chain/operator";
import { removeOwnersCall } from "@/lib/chain/owner-change";
import { estimateOperationGas } from "@/lib/chain/estimate-operation";
import { readResidue } from "@/lib/chain/residue";
import { readSigners } from "@/lib/chain/signers";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { prepareOperation } from "@/lib/dev/chain/send-operation";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { preparedOperations } from "@/lib/operations/queries";
import { submitSignature } from "@/lib/operations/submit-signature";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { actorOf, makeOwner, makeOwnKey, payAsOwner, preparePayment, settleAll, signAll, stepUp, takeOver, type OwnKey } from "@/lib/test/own-keys";
import { runJobs } from "@/lib/test/run-jobs";
import { destroyKey } from "./destroy-key";
import { provisionAccount } from "./provision-account";
import { custodyOf } from "./queries";
import { requestOwnerChange } from "./request-owner-change";
import { retryOwnerChange } from "./retry-owner-change";
import { startTakeover } from "./start-takeover";
import { withSigningKey } from "./with-signing-key";

const CHAINS = ["84532", "11155420"] as const satisfies ChainId[];
const SPENDER: Address = "0x00000000000000000000000000000000000000e1";
const OPERATOR: Address = "0x00000000000000000000000000000000000000e2";

let worlds: ChainWorld[];
let base: ChainWorld;
let other: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  base = await startChainWorld("84532");
  other = await startChainWorld("11155420", base.chain);
  worlds = [base, other];
  store = await makeOpenStore(worlds);
});
afterAll(() => Promise.all(worlds.map((world) => world.stop())));

/** Allowances on two tokens, an operator of collectibles and two Juicebox permissions, given by the account itself. */
async function plant({ chainId, chain: { client } }: ChainWorld, account: Address) {
  await fundOperator(client, account);
  const [token] = await sql<{ token_address: Address }[]>`SELECT token_address FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = ${chainId}::chain_id`;
  for (const to of [USDC[chainId], must(token).token_address]) await sendAs(client, account, { to, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SPENDER, maxUint256] }) });
  await sendAs(client, account, { to: JUICEBOX.projects, data: encodeFunctionData({ abi: nftAbi, functionName: "setApprovalForAll", args: [OPERATOR, true] }) });
  for (const [operator, projectId] of [[OPERATOR, 0n], [JUICEBOX.revLoans, 4n]] as const) {
    await sendAs(client, account, { to: JUICEBOX.permissions, data: encodeFunctionData({ abi: permissionsAbi, functionName: "setPermissionsFor", args: [account, { operator, projectId, permissionIds: [10] }] }) });
  }
  // Where the account was never deployed, its nonce as a plain sender would be in the way of its creation.
  if (!(await isDeployed(chainId, account))) await client.setNonce({ address: account, nonce: 0 });
}

/** The server's key, as whoever broke in before the takeover has it. */
const stealServerKey = (payer: Payer) => withSigningKey({ userId: payer.userId }, (key) => Uint8Array.from(key));

/** What the entry point says to an operation that this key signs for the account. */
async function tryAs(world: ChainWorld, payer: Payer, key: Uint8Array) {
  const [row] = await sql<{ initial: Address; salt: `0x${string}` }[]>`SELECT initial_owner_address AS initial, salt FROM smart_accounts WHERE user_id = ${payer.userId} AND chain_id = ${world.chainId}::chain_id`;
  const signed = await prepareOperation({
    chainId: world.chainId, origin: { initialOwner: must(row).initial, salt: must(row).salt }, ownerKey: key, calls: [transferUsdcCall(world.chainId, SPENDER, 1n)], paymasterSignerKey: world.chain.paymasterSignerKey,
  });
  return simulateBundle({ chainId: world.chainId, ops: [signed.op], operator: addressOfKey(world.operatorKey) });
}

const keyOf = async (payer: Payer) =>
  must((await sql<{ sealed: string; is_active: boolean; revoked: boolean }[]>`SELECT encrypted_private_key AS sealed, is_active, revoked_at IS NOT NULL AS revoked FROM signing_keys WHERE user_id = ${payer.userId}`)[0]);

const custodies = async (payer: Payer) => Object.fromEntries((await custodyOf(payer)).chains.map(({ chainId, custody }) => [chainId, custody]));

test("a takeover on two chains: owners in, the server's key out, everything ever allowed taken back, and the key destroyed", async () => {
  const payer = await makePayer(worlds, 20_000_000n);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  // Deployed by a payment on one chain, never deployed on the other.
  await confirm(payer, store, 1_000_000n);
  await base.settle();
  for (const world of worlds) {
    await plant(world, payer.address);
    expect((await readResidue(publicClient(world.chainId), payer.address, 0n)).length).toBe(5);
  }
  const stolen = await stealServerKey(payer);
  expect((await custodyOf(payer)).state).toBe("managed");
  for (const world of worlds) expect(await tryAs(world, payer, stolen)).toEqual({ status: "ok" });

  const { changeId } = await takeOver(payer, [main, second]);
  expect((await custodyOf(payer)).state).toBe("taking_over");
  await settleAll(worlds);

  const view = await custodyOf(payer);
  expect(view).toMatchObject({ state: "self_custody", change: null, serverKey: "revoked" });
  for (const { chainId, account, signers, isDeployed: hasCode } of view.chains) {
    expect({ hasCode, account }).toEqual({ hasCode: true, account: payer.address });
    expect(signers.toSorted()).toEqual([main.address, second.address].toSorted());
    expect((await readSigners(publicClient(chainId), payer.address)).toSorted()).toEqual(signers.toSorted());
    expect(await readResidue(publicClient(chainId), payer.address, 0n)).toEqual([]);
  }
  for (const world of worlds) {
    const asked = { chainId: world.chainId, rpcUrl: world.chain.rpcUrl, account: payer.address, owners: [main.address, second.address], refused: view.serverKeys as Address[], fromBlock: 0n };
    expect(await checkCustody(asked)).toMatchObject({ isOk: true, reasons: [] });
    expect((await checkCustody({ ...asked, owners: [main.address] })).reasons).toEqual(["stranger_signs"]);
    // The old key is refused on both chains, also where the account was never deployed before.
    expect(await tryAs(world, payer, stolen)).toMatchObject({ status: "refused", reason: expect.stringContaining("AA24") as string });
  }
  expect((await sql`SELECT status, completed_at IS NOT NULL AS completed FROM owner_changes WHERE id = ${changeId}`)[0]).toEqual({ status: "done", completed: true });

  // Revoked at once; destroyed when no reorg can need it any more.
  await destroyKey(payer.userId);
  expect(await keyOf(payer)).toMatchObject({ is_active: false, revoked: true, sealed: expect.stringMatching(/^v1\./) as string });
  for (const world of worlds) {
    await world.chain.client.mine({ blocks: 12 });
    await world.follow();
  }
  await destroyKey(payer.userId);
  expect((await keyOf(payer)).sealed).toBe("destroyed");
  const audits = await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE user_id = ${payer.userId} AND action LIKE 'account.%' ORDER BY id`;
  expect(audits.map(({ action }) => action)).toEqual(["account.provisioned", "account.takeover_requested", "account.taken_over", "account.key_revoked", "account.key_destroyed"]);

  // The person pays as before, with one signature, by either owner and on either chain.
  expect(await payAsOwner(base, payer, store, main)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });
  expect(await payAsOwner(other, payer, store, second)).toMatchObject({ status: "confirmed", reserved: "0" });
  expect((await dollarsOf(payer.userId)).settled).toBe(18_000_000n);
});

test("what is planted is seen by the browser's own check, and an event in somebody else's transaction is not", async () => {
  const payer = await makePayer(worlds, 0n);
  await plant(base, payer.address);
  const asked = { chainId: base.chainId, rpcUrl: base.chain.rpcUrl, account: payer.address, owners: [], refused: [], fromBlock: 0n };
  const check = await checkCustody(asked);
  expect(check).toMatchObject({ isOk: false, reasons: ["not_deployed", "allowance_left", "permission_left"] });
  expect(check.allowances.map(({ kind }) => kind).toSorted()).toEqual(["allowance", "allowance", "operator"]);
  expect(check.permissions.length).toBe(2);
  await expect(checkCustody({ ...asked, chainId: "11155420" })).rejects.toThrow("not of chain");

  // A contract of a stranger: LOG3(Approval, the account, a spender), from a transaction that is not the account's.
  const forger: Address = "0x00000000000000000000000000000000000f0463";
  const topic = "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
  const word = (address: string) => address.slice(2).padStart(64, "0");
  await base.chain.client.setCode({ address: forger, bytecode: `0x7f${word(SPENDER)}7f${word(payer.address)}7f${topic}60205fa300` });
  await fundOperator(base.chain.client, OPERATOR);
  const { logs } = await sendAs(base.chain.client, OPERATOR, { to: forger });
  expect(logs.length).toBe(1);
  expect((await readResidue(publicClient(base.chainId), payer.address, 0n)).length).toBe(5);

  // A node that refuses long ranges is asked for shorter ones.
  const client = publicClient(base.chainId);
  const ranges: bigint[] = [];
  const request = (async (asked: { method: string; params: [{ fromBlock: Hex; toBlock: Hex }] }) => {
    if (asked.method !== "eth_getLogs") return client.request(asked as never);
    const length = hexToBigInt(asked.params[0].toBlock) - hexToBigInt(asked.params[0].fromBlock) + 1n;
    ranges.push(length);
    if (length > 150n) throw new Error("query returned more than 10000 results");
    return client.request(asked as never);
  }) as typeof client.request;
  await base.chain.client.mine({ blocks: 700 });
  expect((await readResidue({ ...client, request }, payer.address, 0n)).length).toBe(5);
  expect(ranges.filter((length) => length <= 150n).length).toBeGreaterThan(16);
});

test("one chain stands still: the takeover is half done, is shown so, and a retry finishes it", async () => {
  const payer = await makePayer(worlds, 5_000_000n);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  const { changeId } = await takeOver(payer, [main, second]);
  await runJobs();
  await base.settle();
  // The other chain took the operation and never landed it.
  await other.sign();
  const { timestamp } = await other.chain.client.getBlock();
  await other.chain.client.setNextBlockTimestamp({ timestamp: timestamp + 200n });
  await other.chain.client.mine({ blocks: 1 });
  await other.follow();
  await runJobs();

  const half = await custodyOf(payer);
  expect(half.state).toBe("half_done");
  expect(half.change?.chains.map(({ chainId, state }) => [chainId, state])).toEqual(half.chains.map(({ chainId }) => [chainId, chainId === "84532" ? "done" : "stopped"]));
  expect(await custodies(payer)).toEqual({ "84532": "self_custody", "11155420": "managed" });
  expect(await keyOf(payer)).toMatchObject({ is_active: true });
  // Each chain pays by whoever owns it there: the person on one, the server on the other.
  expect(await payAsOwner(base, payer, store, main)).toMatchObject({ status: "confirmed" });
  const managed = await confirm(payer, store, 1_000_000n, { chainId: "11155420" });
  await other.settle();
  expect(await paymentOf(managed)).toMatchObject({ status: "confirmed" });
  await expect(takeOver(payer, [main, second])).rejects.toMatchObject({ code: "owner_change_pending" });

  await expect(retryOwnerChange({ ...actorOf(payer), userId: (await makePayer([], 0n)).userId }, { changeId })).rejects.toMatchObject({ code: "not_found" });
  await retryOwnerChange(actorOf(payer), { changeId });
  await retryOwnerChange(actorOf(payer), { changeId });
  await settleAll(worlds);
  expect(await custodyOf(payer)).toMatchObject({ state: "self_custody", change: null, serverKey: "revoked" });
  // The chain that was done had one operation; the other one that ended and one that landed.
  const operations = await sql<{ chain_id: string; status: string }[]>`SELECT chain_id, status FROM user_operations WHERE subject_id = ${changeId} ORDER BY chain_id, id`;
  expect(operations.map(({ chain_id, status }) => [chain_id, status]).toSorted()).toEqual([["11155420", "expired"], ["11155420", "succeeded"], ["84532", "succeeded"]]);
});

test("a payment that the server signed and that a takeover overtakes is prepared for its owner instead", async () => {
  const payer = await makePayer(worlds, 5_000_000n);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  await confirm(payer, store, 1_000_000n);
  await base.settle();
  const id = await confirm(payer, store, 1_000_000n);
  await base.sign();
  // It waits while the takeover lands before it.
  await sql`UPDATE user_operations SET next_attempt_at = now() + INTERVAL '1 hour' WHERE id = ${id}`;
  await takeOver(payer, [main, second]);
  await runJobs();
  await base.sign();
  await base.bundle();
  await base.follow();
  expect(await custodies(payer)).toMatchObject({ "84532": "self_custody" });
  await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
  await base.bundle();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "queued", reserved: "1000000" });
  await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
  await base.sign();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "prepared" });
  await signAll(payer, id, main);
  await settleAll(worlds);
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", reserved: "0" });
});

test("a reorg takes a takeover back: the account is ours for now, the key lives, and the same operation lands again", async () => {
  const payer = await makePayer(worlds, 3_000_000n);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  const snapshot = await base.chain.client.snapshot();
  await takeOver(payer, [main, second]);
  await settleAll(worlds);
  expect(await keyOf(payer)).toMatchObject({ is_active: false });

  await base.chain.client.revert({ id: snapshot });
  await base.chain.client.mine({ blocks: 1 });
  await base.follow();
  await runJobs();
  expect(await custodies(payer)).toEqual({ "84532": "managed", "11155420": "self_custody" });
  expect(await custodyOf(payer)).toMatchObject({ state: "half_done", serverKey: "active" });
  expect(await keyOf(payer)).toMatchObject({ is_active: true, revoked: false });
  await destroyKey(payer.userId);
  expect((await keyOf(payer)).sealed).toMatch(/^v1\./);

  await settleAll(worlds);
  expect(await custodyOf(payer)).toMatchObject({ state: "self_custody", change: null, serverKey: "revoked" });
});

test("an owner comes in and one goes out, each signed by the person; the last one can't go, by us or by the contract", async () => {
  const { payer, main, second } = await makeOwner(worlds, 5_000_000n);
  const third = makeOwnKey("wallet");
  const actor = actorOf(payer);
  await sql`UPDATE sessions SET stepped_up_at = NULL WHERE id = ${payer.sessionId}`;
  await expect(requestOwnerChange(actor, { remove: main.address })).rejects.toMatchObject({ code: "step_up_required" });
  await stepUp(payer);
  await expect(requestOwnerChange(actor, { add: main.ownerOf(payer.address) })).rejects.toMatchObject({ code: "owner_proof_invalid" });
  await expect(requestOwnerChange(actor, { remove: third.address })).rejects.toMatchObject({ code: "not_found" });
  await expect(requestOwnerChange(actor, {})).rejects.toMatchObject({ code: "invalid_input" });

  const change = async (input: Parameters<typeof requestOwnerChange>[1], signer: OwnKey) => {
    const { changeId } = await requestOwnerChange(actor, input);
    await runJobs();
    for (const world of worlds) await world.sign();
    expect((await custodyOf(payer)).change?.chains.map(({ state }) => state)).toEqual(["to_sign", "to_sign"]);
    expect((await preparedOperations(payer, { subjectId: changeId })).map(({ kind, status }) => [kind, status])).toEqual([["owner_change", "prepared"], ["owner_change", "prepared"]]);
    await signAll(payer, changeId, signer);
    await settleAll(worlds);
    return (await custodyOf(payer)).chains.map(({ signers }) => signers.length);
  };
  expect(await change({ add: third.ownerOf(payer.address) }, main)).toEqual([3, 3]);
  expect(await payAsOwner(base, payer, store, third)).toMatchObject({ status: "confirmed" });
  // The first passkey is lost: another owner takes it out and goes on.
  expect(await change({ remove: main.address }, second)).toEqual([2, 2]);
  expect((await custodyOf(payer)).owners.find(({ address }) => address === second.address)).toMatchObject({ isMain: true });
  expect(await tryAs(base, payer, main.key)).toMatchObject({ status: "refused" });
  expect(await payAsOwner(base, payer, store, second)).toMatchObject({ status: "confirmed" });
  expect(await change({ remove: third.address }, second)).toEqual([1, 1]);
  expect((await custodyOf(payer)).owners.map(({ address, chainIds }) => [address, chainIds.length])).toEqual([[second.address, 2]]);
  await expect(requestOwnerChange(actor, { remove: second.address })).rejects.toMatchObject({ code: "owner_last" });
  const last = await estimateOperationGas({ chainId: base.chainId, sender: payer.address, callData: encodeExecute([removeOwnersCall(payer.address, [second.address])]) });
  expect(last).toMatchObject({ status: "reverts" });
});

test("a contract wallet owns the account where it exists, and is refused as an owner where it does not", async () => {
  const payer = await makePayer(worlds, 3_000_000n);
  const second = makeOwnKey();
  const wallet: Address = "0x00000000000000000000000000000000000c0de1";
  // ERC-1271 in ten bytes: whatever is asked, it answers with the magic value.
  const bytecode = "0x631626ba7e60e01b5f5260205ff3";
  await base.chain.client.setCode({ address: wallet, bytecode });
  await stepUp(payer);
  const owners = [{ kind: "wallet" as const, address: wallet, name: "Carteira", proof: "0x1234" }, second.ownerOf(payer.address)];
  await expect(startTakeover(actorOf(payer), { owners })).rejects.toMatchObject({ code: "owner_proof_invalid" });
  await other.chain.client.setCode({ address: wallet, bytecode });
  await startTakeover(actorOf(payer), { owners });
  await settleAll(worlds);
  expect(await custodyOf(payer)).toMatchObject({ state: "self_custody" });
  const { id, prepared } = await preparePayment(base, payer, store);
  await submitSignature(actorOf(payer), { operationId: prepared.operationId, signer: wallet, signature: "0x5678" });
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
});

test("a chain that is enabled after the takeover gives the person an address owned by the own key, and never by ours", async () => {
  const { payer, main } = await makeOwner(worlds, 0n);
  const [old] = await sql<{ address: string }[]>`SELECT address FROM smart_accounts WHERE user_id = ${payer.userId} LIMIT 1`;
  // As if the second chain had not been there.
  await sql`DELETE FROM account_signers WHERE user_id = ${payer.userId} AND chain_id = '11155420'`;
  await sql`DELETE FROM smart_accounts WHERE user_id = ${payer.userId} AND chain_id = '11155420'`;
  await provisionAccount(payer.userId);
  const view = await custodyOf(payer);
  const fresh = must(view.chains.find(({ chainId }) => chainId === "11155420"));
  expect(fresh).toMatchObject({ custody: "self_custody", isDeployed: false, signers: [main.address] });
  expect(fresh.account).not.toBe(must(old).address);
  expect(view).toMatchObject({ state: "self_custody", serverKey: "revoked" });

  await usdcFaucet({ client: other.chain.client, chainId: "11155420", to: fresh.account as Address, amountUsdMicros: 3_000_000n });
  await other.follow();
  expect(await payAsOwner(other, payer, store, main)).toMatchObject({ status: "confirmed" });
  expect(await readSigners(publicClient("11155420"), fresh.account as Address)).toEqual([main.address]);
  for (const chainId of CHAINS) expect((await readSigners(publicClient(chainId), must(view.chains.find((chain) => chain.chainId === chainId)).account as Address)).some((signer) => view.serverKeys.includes(signer))).toBe(false);
});
