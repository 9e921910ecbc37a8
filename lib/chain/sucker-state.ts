import "server-only";
import { encodeAbiParameters, encodeEventTopics, numberToHex, pad, type Address, type Hex, type Log } from "viem";
import { invariant } from "@/lib/errors";
import { ccipRouterAbi, suckerAbi, suckerRegistryAbi } from "./abis";
import { JUICEBOX, USDC } from "./addresses";
import { CCIP } from "./bridges";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";
import { leafHash, treeProof, treeRoot } from "./merkle";
import { encodeMessageRoot, parseOutboxLeaves, type OutboxLeaf } from "./suckers";

/** What suckers hold at the latest block. Every function throws when the node is out of reach. */

/** A store's sucker to another chain, in lower case; null for a revnet that has none. Its peer has the same address. */
export async function readSucker(chainId: ChainId, projectId: number, remote: ChainId): Promise<Address | null> {
  const pairs = await publicClient(chainId).readContract({ address: JUICEBOX.suckerRegistry, abi: suckerRegistryAbi, functionName: "suckerPairsOf", args: [BigInt(projectId)] });
  const pair = pairs.find(({ remoteChainId }) => remoteChainId === BigInt(remote));
  return pair ? (pair.local.toLowerCase() as Address) : null;
}

/**
 * A store's sucker between two chains, when it is there at both ends with one address. A store may lack one end: what was sent there would wait
 * for a contract that nobody made yet. Null then.
 */
export async function readSuckerPair({ from, to }: { from: { chainId: ChainId; projectId: number }; to: { chainId: ChainId; projectId: number } }): Promise<Address | null> {
  const [here, there] = await Promise.all([readSucker(from.chainId, from.projectId, to.chainId), readSucker(to.chainId, to.projectId, from.chainId)]);
  return here !== null && here === there ? here : null;
}

/** How many leaves a sucker's outbox has, and how many of them are in a root that was sent. */
export async function readOutbox(chainId: ChainId, sucker: Address) {
  const { nonce, balance, tree, numberOfClaimsSent } = await publicClient(chainId).readContract({ address: sucker, abi: suckerAbi, functionName: "outboxOf", args: [USDC[chainId]] });
  return { nonce, balanceUsdMicros: balance, leaves: Number(tree.count), sentLeaves: Number(numberOfClaimsSent) };
}

/** The root that arrived from the other chain last; zero before the first. */
export const readInboxRoot = async (chainId: ChainId, sucker: Address): Promise<Hex> =>
  (await publicClient(chainId).readContract({ address: sucker, abi: suckerAbi, functionName: "inboxOf", args: [USDC[chainId]] })).root;

const INSERTED = encodeEventTopics({ abi: suckerAbi, eventName: "InsertToOutboxTree" })[0];

/** Every leaf of a sucker's outbox, from its first block on, in order. */
export async function readOutboxLeaves(chainId: ChainId, sucker: Address, fromBlock: bigint): Promise<OutboxLeaf[]> {
  const logs = await publicClient(chainId).request({
    method: "eth_getLogs", params: [{ address: sucker, topics: [INSERTED, null, pad(USDC[chainId])], fromBlock: numberToHex(fromBlock), toBlock: "latest" }],
  });
  const leaves = parseOutboxLeaves(logs as unknown as Log[], sucker);
  leaves.forEach((leaf, place) => invariant(leaf.index === place, "a sucker's leaves are all there"));
  return leaves;
}

/**
 * The proof of a leaf against the root that the other chain has: the tree is built again from the leaves up to where it gives that root, for any
 * number of leaves. Null while the root does not cover the leaf.
 */
export function proofFor(leaves: readonly OutboxLeaf[], index: number, inboxRoot: Hex): Hex[] | null {
  const hashes = leaves.map((leaf) => leafHash({ projectTokenUnits: leaf.projectTokenUnits, terminalTokenUnits: leaf.terminalTokenUnits, beneficiary: leaf.beneficiary }));
  // Roots travel one by one, so the newest is the likeliest.
  for (let count = hashes.length; count > index; count -= 1) {
    const known = hashes.slice(0, count);
    if (treeRoot(known) === inboxRoot) return treeProof(known, index);
  }
  return null;
}

/** CCIP's extraArgs of version 1: a tag and the gas that the receiver may use (Client._argsToBytes). */
const EXTRA_ARGS_TAG: Hex = "0x97a657c9";
/** MESSENGER_BASE_GAS_LIMIT and the least gas of a mapped token. */
const RECEIVER_GAS = 500_000n;

/** What the bridge asks now for a message of this sucker, in wei of its chain. */
export async function readBridgeFee(from: ChainId, to: ChainId, sucker: Address): Promise<bigint> {
  const outbox = await readOutbox(from, sucker);
  const data = encodeMessageRoot({ token: USDC[to], amount: outbox.balanceUsdMicros, nonce: outbox.nonce + 1n, root: `0x${"00".repeat(32)}` });
  const gasLimit = encodeAbiParameters([{ type: "uint256" }], [RECEIVER_GAS]);
  return publicClient(from).readContract({
    address: CCIP[from].router,
    abi: ccipRouterAbi,
    functionName: "getFee",
    args: [CCIP[to].selector, { receiver: pad(sucker), data, tokenAmounts: outbox.balanceUsdMicros > 0n ? [{ token: USDC[from], amount: outbox.balanceUsdMicros }] : [], feeToken: `0x${"00".repeat(20)}`, extraArgs: `${EXTRA_ARGS_TAG}${gasLimit.slice(2)}` }],
  });
}
