import { encodeFunctionData, maxUint256, type Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi, nftAbi, permissionsAbi } from "@/lib/chain/abis";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { publicClient } from "@/lib/chain/clients";
import { checkCustody } from "@/lib/chain/custody-check";
import { isDeployed } from "@/lib/chain/operator";
import { readResidue } from "@/lib/chain/residue";
import { readSigners } from "@/lib/chain/signers";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { preparedOperations } from "@/lib/operations/queries";
import { submitSignature } from "@/lib/operations/submit-signature";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { makeOwnKey, type OwnKey } from "@/lib/test/own-keys";
import { runJobs } from "@/lib/test/run-jobs";
import { destroyKey } from "./destroy-key";
import { custodyOf } from "./queries";
import { startTakeover } from "./start-takeover";

const CHAINS = ["84532", "11155420"] as const satisfies ChainId[];
const SPENDER: Address = "0x00000000000000000000000000000000000000e1";
const OPERATOR: Address = "0x00000000000000000000000000000000000000e2";

let worlds: ChainWorld[];
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  const first = await startChainWorld("84532");
  worlds = [first, await startChainWorld("11155420", first.chain)];
  store = await makeOpenStore(worlds);
});
afterAll(() => Promise.all(worlds.map((world) => world.stop())));

const actorOf = (payer: Payer): Actor => ({ ...payer, name: "Marina", phone: "+5548999990000", locale: "pt-BR" });
const stepUp = (payer: Payer) => sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${payer.sessionId}`;
const settleAll = async () => {
  await runJobs();
  for (const world of worlds) await world.settle();
  await runJobs();
};
const worldOf = (chainId: ChainId) => must(worlds.find((world) => world.chainId === chainId));

/** Allowances on two tokens, an operator of collectibles and two Juicebox permissions, given by the account itself. */
async function plant(chainId: ChainId, account: Address) {
  const { client } = worldOf(chainId).chain;
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

async function takeOver(payer: Payer, keys: OwnKey[]) {
  await stepUp(payer);
  return startTakeover(actorOf(payer), { owners: keys.map((key) => key.ownerOf(payer.address)) });
}

/** Signs what waits for its owner, as the browser does. */
async function signAll(payer: Payer, subjectId: string, key: OwnKey) {
  for (const prepared of await preparedOperations(payer, { subjectId })) if (prepared.status === "prepared") await submitSignature(actorOf(payer), key.sign(prepared));
}

/** Confirms a payment, has it prepared, signs it as its owner and lets it land. */
async function payAsOwner(payer: Payer, key: OwnKey, chainId: ChainId = "84532") {
  const id = await confirm(payer, store, 1_000_000n, { chainId });
  expect(await worldOf(chainId).sign()).toEqual({ taken: 1, submitted: 0 });
  await signAll(payer, id, key);
  await worldOf(chainId).settle();
  return paymentOf(id);
}

test("a takeover on two chains: owners in, the server's key out, everything ever allowed taken back, and the key destroyed", async () => {
  const payer = await makePayer(worlds, 20_000_000n);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  // Deployed by a payment on one chain, never deployed on the other.
  await confirm(payer, store, 1_000_000n);
  await worldOf("84532").settle();
  for (const chainId of CHAINS) await plant(chainId, payer.address);
  for (const chainId of CHAINS) expect((await readResidue(publicClient(chainId), payer.address, 0n)).length).toBe(5);
  expect((await custodyOf(payer)).state).toBe("managed");

  const { changeId } = await takeOver(payer, [main, second]);
  expect((await custodyOf(payer)).state).toBe("taking_over");
  await settleAll();

  const view = await custodyOf(payer);
  expect(view).toMatchObject({ state: "self_custody", change: null, serverKey: "revoked" });
  for (const { chainId, account, signers, isDeployed } of view.chains) {
    expect(isDeployed).toBe(true);
    expect(account).toBe(payer.address);
    expect(signers.toSorted()).toEqual([main.address, second.address].toSorted());
    expect((await readSigners(publicClient(chainId), payer.address)).toSorted()).toEqual(signers.toSorted());
    expect(await readResidue(publicClient(chainId), payer.address, 0n)).toEqual([]);
    const { rpcUrl } = worldOf(chainId).chain;
    expect(await checkCustody({ chainId, rpcUrl, account: payer.address, owners: [main.address, second.address], refused: view.serverKeys as Address[], fromBlock: 0n })).toMatchObject({ isOk: true, reasons: [] });
  }
  const rows = await sql`SELECT status, completed_at IS NOT NULL AS completed FROM owner_changes WHERE id = ${changeId}`;
  expect(rows[0]).toEqual({ status: "done", completed: true });

  const key = async () => must((await sql<{ encrypted_private_key: string; is_active: boolean; revoked: boolean }[]>`SELECT encrypted_private_key, is_active, revoked_at IS NOT NULL AS revoked FROM signing_keys WHERE user_id = ${payer.userId}`)[0]);
  expect(await key()).toMatchObject({ is_active: false, revoked: true });
  expect((await key()).encrypted_private_key).toMatch(/^v1\./);
  for (const world of worlds) {
    await world.chain.client.mine({ blocks: 12 });
    await world.follow();
  }
  await destroyKey(payer.userId);
  expect((await key()).encrypted_private_key).toBe("destroyed");
  const audits = await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE user_id = ${payer.userId} AND action LIKE 'account.%' ORDER BY id`;
  expect(audits.map(({ action }) => action)).toEqual(["account.provisioned", "account.takeover_requested", "account.taken_over", "account.key_revoked", "account.key_destroyed"]);

  // The person pays as before, with one signature, by either owner and on either chain.
  expect(await payAsOwner(payer, main)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });
  expect(await payAsOwner(payer, second, "11155420")).toMatchObject({ status: "confirmed", reserved: "0" });
  expect((await dollarsOf(payer.userId)).settled).toBe(18_000_000n);
});
