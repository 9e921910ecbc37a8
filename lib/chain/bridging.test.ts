import fc from "fast-check";
import { encodeFunctionData, keccak256, parseAbi, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startIris, type Iris } from "@/lib/dev/bridges/iris";
import { relayOnce } from "@/lib/dev/bridges/relay";
import { sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import { erc20Abi, suckerAbi } from "./abis";
import { USDC } from "./addresses";
import { cctpContracts } from "./bridges";
import { burnCalls, CCTP_FINALITY, parseBurnMessage, parseMintEvents, receiveMessageCall } from "./cctp";
import type { ChainId } from "./chains";
import { leafHash, treeProof, treeRoot } from "./merkle";
import { payCalls } from "./pay";
import { deployRevnetCalls } from "./revnet";
import { chainTime, nextProjectId, readRevnetState } from "./revnet-state";
import { proofFor, readBridgeFee, readInboxRoot, readOutbox, readOutboxLeaves, readSucker } from "./sucker-state";
import { claimCall, deploySuckersCalls, parseClaimedEvents, prepareCalls, toRemoteCall } from "./suckers";

const A: ChainId = "84532";
const B: ChainId = "11155420";
let a: TestChain;
let b: TestChain;
let iris: Iris;
beforeAll(async () => {
  const paymasterSignerKey = generatePrivateKey();
  [a, b] = await Promise.all([startTestChain({ chainId: A, paymasterSignerKey }), startTestChain({ chainId: B, paymasterSignerKey })]);
  iris = await startIris({ chains: [a, b] });
});
afterAll(async () => {
  await iris.stop();
  await Promise.all([a.stop(), b.stop()]);
});

const newHolder = async () => {
  const address = privateKeyToAddress(generatePrivateKey()).toLowerCase() as Address;
  for (const { client } of [a, b]) await client.setBalance({ address, value: 10n ** 20n });
  return address;
};
const balance = ({ client }: TestChain, token: Address, holder: Address) => client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [holder] });
const supply = ({ client, chainId }: TestChain) => client.readContract({ address: USDC[chainId], abi: parseAbi(["function totalSupply() view returns (uint256)"]), functionName: "totalSupply" });
const dollars = (chain: TestChain, holder: Address) => balance(chain, USDC[chain.chainId], holder);

async function attestation(hash: Hex): Promise<{ message: Hex; attestation: Hex; statuses: (string | number)[] }> {
  const statuses: (string | number)[] = [];
  for (;;) {
    const answer = await fetch(`${iris.url}/v2/messages/6?transactionHash=${hash}`);
    if (answer.status !== 200) {
      statuses.push(answer.status);
      continue;
    }
    const { messages } = (await answer.json()) as { messages: [{ message: Hex; attestation: Hex; status: string }] };
    statuses.push(messages[0].status);
    if (messages[0].status === "complete") return { ...messages[0], statuses };
  }
}

describe("dollars by CCTP", () => {
  async function burn(finality: number, maxFeeUsdMicros: bigint, amountUsdMicros = 5_000_000n) {
    const holder = await newHolder();
    await usdcFaucet({ client: a.client, chainId: A, to: holder, amountUsdMicros });
    let hash: Hex = "0x";
    for (const call of burnCalls({ from: A, to: B, recipient: holder, amountUsdMicros, maxFeeUsdMicros, finality })) hash = (await sendAs(a.client, holder, call)).transactionHash;
    return { holder, hash };
  }

  test("burned here, attested after 404 and waiting, minted there once; supply is conserved", async () => {
    const before = [await supply(a), await supply(b)];
    const { holder, hash } = await burn(CCTP_FINALITY.standard, 0n);
    expect(await dollars(a, holder)).toBe(0n);
    const attested = await attestation(hash);
    expect(attested.statuses).toEqual([404, 404, "pending_confirmations", "complete"]);
    expect(parseBurnMessage(attested.message)).toMatchObject({ sourceDomain: 6, destinationDomain: 2, mintRecipient: holder, messageSender: holder, amountUsdMicros: 5_000_000n, feeUsdMicros: 0n });
    const call = receiveMessageCall(B, attested);
    const anybody = await newHolder();
    const { logs } = await sendAs(b.client, anybody, call);
    expect(parseMintEvents(B, logs)).toMatchObject([{ mintRecipient: holder, amountUsdMicros: 5_000_000n, feeUsdMicros: 0n }]);
    expect(await dollars(b, holder)).toBe(5_000_000n);
    expect([await supply(a), await supply(b)]).toEqual([before[0], (before[1] ?? 0n) + 5_000_000n]);
    await expect(sendAs(b.client, anybody, { ...call, gas: 500_000n })).rejects.toThrow("reverted");
    expect(await dollars(b, holder)).toBe(5_000_000n);
  });

  test("a fast transfer costs its fee, and one that offers less becomes standard", async () => {
    const fast = await burn(CCTP_FINALITY.fast, 1_000n);
    await sendAs(b.client, await newHolder(), receiveMessageCall(B, await attestation(fast.hash)));
    expect(await dollars(b, fast.holder)).toBe(4_999_500n);
    const slow = await burn(CCTP_FINALITY.fast, 499n);
    await sendAs(b.client, await newHolder(), receiveMessageCall(B, await attestation(slow.hash)));
    expect(await dollars(b, slow.holder)).toBe(5_000_000n);
  });

  test("a wrong attestation, another chain's message, and a message with another recipient are refused", async () => {
    iris.knobs.isWrong = true;
    const { hash, holder } = await burn(CCTP_FINALITY.standard, 0n);
    const wrong = await attestation(hash);
    const send = async (chain: TestChain, signed: { message: Hex; attestation: Hex }) => chain.client.call({ account: holder, to: cctpContracts(chain.chainId).messageTransmitter, data: receiveMessageCall(chain.chainId, signed).data });
    await expect(send(b, wrong)).rejects.toThrow("Invalid signature");
    iris.knobs.isWrong = false;
    const right = await attestation(hash);
    await expect(send(a, right)).rejects.toThrow("Invalid destination domain");
    const thief = (await newHolder()).slice(2);
    await expect(send(b, { ...right, message: right.message.replaceAll(holder.slice(2), thief) as Hex })).rejects.toThrow("Invalid signature");
    await sendAs(b.client, holder, receiveMessageCall(B, right));
    expect(await dollars(b, holder)).toBe(5_000_000n);
  });
});

describe("store tokens by suckers", () => {
  async function openRevnets(chainIds: readonly ChainId[]) {
    const storeId = newId();
    const owner = await newHolder();
    const startsAt = Math.max(await chainTime(A), await chainTime(B)) + 30;
    const opened = [];
    for (const chain of [a, b]) {
      const projectId = await nextProjectId(chain.chainId);
      for (const call of deployRevnetCalls({ chainId: chain.chainId, storeId, name: "Café", symbol: "CAFE", rewardRateBps: 500, storeAccount: owner, startsAt, nextProjectId: projectId, chainIds })) await sendAs(chain.client, owner, call);
      await warpTo(chain.client, startsAt + 1);
      opened.push({ chain, projectId, token: (await readRevnetState(chain.chainId, projectId)).tokenAddress });
    }
    return { storeId, owner, opened: opened as [(typeof opened)[number], (typeof opened)[number]] };
  }
  type Opened = Awaited<ReturnType<typeof openRevnets>>["opened"][number];
  async function buy({ chain, projectId }: Opened, holder: Address, amountUsdMicros: bigint) {
    await usdcFaucet({ client: chain.client, chainId: chain.chainId, to: holder, amountUsdMicros });
    for (const call of payCalls({ chainId: chain.chainId, projectId, amountUsdMicros, beneficiary: holder, memo: "", minReturnedUnits: 0n })) await sendAs(chain.client, holder, call);
  }

  test("40 leaves of four people go over in two roots; each proof holds, none holds twice, dollars and tokens are conserved", async () => {
    const { opened: [from, to] } = await openRevnets([A, B]);
    const sucker = (await readSucker(A, from.projectId, B)) as Address;
    expect(sucker).toMatch(/^0x/);
    expect(await readSucker(B, to.projectId, A)).toBe(sucker);
    expect(from.token).toBe(to.token);
    const holders = await Promise.all([newHolder(), newHolder(), newHolder(), newHolder()]);
    for (const holder of holders) await buy(from, holder, 10_000_000n);
    await buy(to, await newHolder(), 4_000_000n);
    const surplus = async () => (await readRevnetState(A, from.projectId)).surplusUsdMicros + (await readRevnetState(B, to.projectId)).surplusUsdMicros;
    const tokens = async () => (await Promise.all(holders.flatMap((holder) => [balance(from.chain, from.token, holder), balance(to.chain, to.token, holder)]))).reduce((sum, one) => sum + one, 0n);
    const before = { surplus: await surplus(), tokens: await tokens() };

    const units = fc.sample(fc.bigInt(1n, 40n * 10n ** 18n), { numRuns: 40, seed: 3 });
    for (const [index, amount] of units.entries()) {
      const holder = holders[index % 4] as Address;
      for (const call of prepareCalls({ chainId: A, sucker, token: from.token, units: amount, beneficiary: holder, minUsdMicros: 0n })) await sendAs(a.client, holder, call);
      if (index === 16) await bridge(sucker);
    }
    const leaves = await readOutboxLeaves(A, sucker, 0n);
    expect(leaves).toHaveLength(40);
    // Our tree and the contract's, after every single leaf.
    const inserted = await a.client.getLogs({ address: sucker, event: suckerAbi.find((item) => item.type === "event" && item.name === "InsertToOutboxTree") as never, fromBlock: 0n });
    const hashes = leaves.map((leaf) => leafHash(leaf));
    inserted.forEach((log, index) => expect((log as unknown as { args: { root: Hex } }).args.root).toBe(treeRoot(hashes.slice(0, index + 1))));

    const first = await readInboxRoot(B, sucker);
    expect(proofFor(leaves, 16, first)).toHaveLength(32);
    expect(proofFor(leaves, 17, first)).toBeNull();
    expect(await readOutbox(A, sucker)).toMatchObject({ leaves: 40, sentLeaves: 17 });
    const anybody = await newHolder();
    await sendAs(b.client, anybody, { ...claimCall(B, sucker, leaves[3]!, proofFor(leaves, 3, first)!), gas: 1_000_000n });
    await bridge(sucker);
    const root = await readInboxRoot(B, sucker);
    for (const leaf of leaves.filter(({ index }) => index !== 3)) {
      const call = claimCall(B, sucker, leaf, proofFor(leaves, leaf.index, root)!);
      // A node's estimate is too close for a call that gets gas back.
      const { logs } = await sendAs(b.client, anybody, { ...call, gas: 1_000_000n });
      expect(parseClaimedEvents(logs, [sucker])).toMatchObject([{ index: leaf.index, beneficiary: leaf.beneficiary, projectTokenUnits: leaf.projectTokenUnits }]);
    }
    await expect(b.client.call({ account: anybody, ...claimCall(B, sucker, leaves[3]!, proofFor(leaves, 3, root)!) })).rejects.toThrow();
    await expect(b.client.call({ account: anybody, ...claimCall(B, sucker, { ...leaves[5]!, beneficiary: anybody }, proofFor(leaves, 5, root)!) })).rejects.toThrow();
    expect({ surplus: await surplus(), tokens: await tokens() }).toEqual(before);
  });

  async function bridge(sucker: Address) {
    const sender = await newHolder();
    await sendAs(a.client, sender, toRemoteCall(A, sucker, await readBridgeFee(A, B, sucker)));
    await relayOnce(a, [a, b], 0n);
  }

  test("a store that was opened without suckers is linked later by its own account, at equal addresses", async () => {
    const { owner, storeId, opened: [from, to] } = await openRevnets([]);
    expect(await readSucker(A, from.projectId, B)).toBeNull();
    for (const { chain, projectId } of [from, to]) for (const call of deploySuckersCalls(chain.chainId, { projectId, storeId, remotes: [A, B] })) await sendAs(chain.client, owner, call);
    const sucker = await readSucker(A, from.projectId, B);
    expect(sucker).not.toBeNull();
    expect(await readSucker(B, to.projectId, A)).toBe(sucker);
    await expect(sendAs(a.client, await newHolder(), { ...deploySuckersCalls(A, { projectId: from.projectId, storeId: newId(), remotes: [B] })[0]!, gas: 2_000_000n })).rejects.toThrow("reverted");
  });
});

describe("trees", () => {
  test("every proof leads to the root, for any number of leaves", () => {
    const hash = fc.bigInt(0n, 2n ** 256n - 1n).map((value) => keccak256(`0x${value.toString(16).padStart(64, "0")}`));
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 70 }), fc.nat(), (leaves, seed) => {
        const index = seed % leaves.length;
        let node = leaves[index] as Hex;
        treeProof(leaves, index).forEach((other, height) => {
          node = keccak256(Math.floor(index / 2 ** height) % 2 === 0 ? (`${node}${other.slice(2)}` as Hex) : (`${other}${node.slice(2)}` as Hex));
        });
        expect(node).toBe(treeRoot(leaves));
      }),
      { numRuns: 200 },
    );
  });

  test("an empty tree has MerkleLib's own root", () => {
    // Z_32 of MerkleLib.sol.
    expect(treeRoot([])).toBe("0x27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757");
  });
});

test("call data of a burn names Circle's function", () => {
  const [, call] = burnCalls({ from: A, to: B, recipient: "0x00000000000000000000000000000000000000aa", amountUsdMicros: 1n, maxFeeUsdMicros: 0n, finality: 2_000 });
  // depositForBurn(uint256,uint32,bytes32,address,bytes32,uint256,uint32) as Circle documents it.
  expect(call?.data.slice(0, 10)).toBe("0x8e0250ee");
  expect(encodeFunctionData({ abi: parseAbi(["function receiveMessage(bytes,bytes)"]), args: ["0x", "0x"] }).slice(0, 10)).toBe(receiveMessageCall(B, { message: "0x", attestation: "0x" }).data.slice(0, 10));
});
