import { encodeAbiParameters, encodeFunctionData, keccak256, parseEventLogs, stringToHex, type Address, type Hex, type Log } from "viem";
import { invariant } from "@/lib/errors";
import { erc20Abi, revDeployerAbi, suckerAbi } from "./abis";
import type { Call } from "./account";
import { JUICEBOX, USDC } from "./addresses";
import { areLinked, suckerDeployer } from "./bridges";
import type { ChainId } from "./chains";
import { leafHash } from "./merkle";

/** Store tokens from chain to chain by Juicebox's suckers: burned here with their dollars taken along, minted there. */

/** Gas that the other chain may use for the tokens that travel along (JBSucker.MESSENGER_ERC20_MIN_GAS_LIMIT). */
const MIN_GAS = 200_000;

/** One sucker to each other chain of ours, with dollars mapped to that chain's dollars. Caller and salt fix their addresses, equal at both ends. */
export const suckerConfiguration = (chainId: ChainId, storeId: string, chainIds: readonly ChainId[]) => ({
  deployerConfigurations: chainIds.filter((remote) => areLinked(chainId, remote)).map((remote) => ({
    deployer: suckerDeployer(chainId, remote).address,
    mappings: [{ localToken: USDC[chainId], minGas: MIN_GAS, remoteToken: USDC[remote], minBridgeAmount: 0n }],
  })),
  salt: keccak256(stringToHex(`cocopay/suckers/v1:${storeId.toLowerCase()}`)),
});

/** The call of a store's account, as its revnet's split operator, that links a revnet which was opened without suckers. */
export const deploySuckersCalls = (chainId: ChainId, { projectId, storeId, remotes }: { projectId: number; storeId: string; remotes: readonly ChainId[] }): Call[] => [
  { to: JUICEBOX.revDeployer, data: encodeFunctionData({ abi: revDeployerAbi, functionName: "deploySuckersFor", args: [BigInt(projectId), suckerConfiguration(chainId, storeId, remotes)] }) },
];

export type PrepareInput = { chainId: ChainId; sucker: Address; token: Address; units: bigint; beneficiary: Address; minUsdMicros: bigint };

/** The two calls of a holder that send store tokens on their way: the sucker takes exactly these, burns them and keeps their dollars for the other chain. */
export const prepareCalls = ({ chainId, sucker, token, units, beneficiary, minUsdMicros }: PrepareInput): Call[] => [
  { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [sucker, units] }) },
  { to: sucker, data: encodeFunctionData({ abi: suckerAbi, functionName: "prepare", args: [units, beneficiary, minUsdMicros, USDC[chainId]] }) },
];

/** The call, open to anybody, that sends the root of all prepared leaves to the other chain; the bridge's fee goes along and what is too much comes back. */
export const toRemoteCall = (chainId: ChainId, sucker: Address, feeWei: bigint): Call => ({
  to: sucker, value: feeWei, data: encodeFunctionData({ abi: suckerAbi, functionName: "toRemote", args: [USDC[chainId]] }),
});

/** A prepared leaf of a sucker's outbox. */
export type OutboxLeaf = { index: number; beneficiary: Address; projectTokenUnits: bigint; terminalTokenUnits: bigint };

/** The call, open to anybody, that mints a leaf's tokens to its beneficiary. The sucker takes each leaf once. */
export function claimCall(chainId: ChainId, sucker: Address, leaf: OutboxLeaf, proof: readonly Hex[]): Call {
  invariant(proof.length === 32, "a proof has 32 hashes");
  const data = encodeFunctionData({
    abi: suckerAbi,
    functionName: "claim",
    args: [
      {
        token: USDC[chainId],
        leaf: { index: BigInt(leaf.index), beneficiary: leaf.beneficiary, projectTokenCount: leaf.projectTokenUnits, terminalTokenAmount: leaf.terminalTokenUnits },
        // A tuple of 32 to the compiler; counted above.
        proof: proof as unknown as ProofTuple,
      },
    ],
  });
  return { to: sucker, data };
}

type ProofTuple = Parameters<typeof encodeFunctionData<typeof suckerAbi, "claim">>[0]["args"][0]["proof"];

const ownLogs = (logs: readonly Log[], sucker: Address) => logs.filter((log) => log.address.toLowerCase() === sucker);

/** The leaves that a sucker put into its outbox, in the order of these logs. Each event's hash is checked against its values. */
export function parseOutboxLeaves(logs: readonly Log[], sucker: Address): OutboxLeaf[] {
  return parseEventLogs({ abi: suckerAbi, eventName: "InsertToOutboxTree", logs: ownLogs(logs, sucker) }).map(({ args }) => {
    const leaf = { index: Number(args.index), beneficiary: args.beneficiary.toLowerCase() as Address, projectTokenUnits: args.projectTokenCount, terminalTokenUnits: args.terminalTokenAmount };
    invariant(leafHash(leaf) === args.hashed, "a leaf's hash is that of its values");
    return leaf;
  });
}

export type ClaimedEvent = { sucker: Address; index: number; beneficiary: Address; projectTokenUnits: bigint; transactionHash: Hex; logIndex: number };

/** The leaves that these suckers paid out; the same topic from any other address is left out. */
export function parseClaimedEvents(logs: readonly Log[], suckers: readonly Address[]): ClaimedEvent[] {
  const own = logs.filter((log) => suckers.includes(log.address.toLowerCase() as Address));
  return parseEventLogs({ abi: suckerAbi, eventName: "Claimed", logs: own }).map(({ address, args, transactionHash, logIndex }) => ({
    sucker: address.toLowerCase() as Address, index: Number(args.index), beneficiary: args.beneficiary.toLowerCase() as Address, projectTokenUnits: args.projectTokenCount, transactionHash, logIndex,
  }));
}

/** JBMessageRoot, as the sucker hands it to the bridge; what a fee is asked for. */
export const encodeMessageRoot = ({ token, amount, nonce, root }: { token: Address; amount: bigint; nonce: bigint; root: Hex }): Hex =>
  encodeAbiParameters(
    [{ type: "tuple", components: [{ type: "address", name: "token" }, { type: "uint256", name: "amount" }, { type: "tuple", name: "remoteRoot", components: [{ type: "uint64", name: "nonce" }, { type: "bytes32", name: "root" }] }] }],
    [{ token, amount, remoteRoot: { nonce, root } }],
  );
