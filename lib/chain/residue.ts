import { AbiDecodingDataSizeTooSmallError, BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, encodeEventTopics, encodeFunctionData, ExecutionRevertedError, numberToHex, pad, toEventSelector, type Address, type Hex, type PublicClient } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { erc20Abi, nftAbi, permissionsAbi, permit2Abi } from "./abis";
import type { Call } from "./account";
import { ENTRY_POINT, JUICEBOX, PERMIT2 } from "./addresses";

/** What an account once allowed somebody else and still stands. Pure of server and browser: the worker clears it, the browser checks it. */
export type Residue =
  | { kind: "allowance"; token: Address; spender: Address; amountUnits: bigint }
  | { kind: "permit2"; token: Address; spender: Address; amountUnits: bigint }
  | { kind: "nft"; token: Address; spender: Address; tokenId: bigint }
  | { kind: "operator"; token: Address; spender: Address }
  | { kind: "permission"; spender: Address; projectId: bigint; packed: bigint };

type Given = { kind: Residue["kind"]; token: Address; spender: Address; id: bigint; transactionHash: Hex };
type RawLog = { address: Address; topics: Hex[]; transactionHash: Hex };
type Filter = { address?: Address; topics: (Hex | Hex[] | null)[] };

/** Below this a node that still refuses a range has another reason. */
const RANGE_MIN = 100n;
/** Anybody can emit events that name an account; transactions that are not its own are looked at up to so many. */
const FOREIGN_MAX = 100;

const [approvalTopic] = encodeEventTopics({ abi: erc20Abi, eventName: "Approval" });
const [forAllTopic] = encodeEventTopics({ abi: nftAbi, eventName: "ApprovalForAll" });
const [permissionTopic] = encodeEventTopics({ abi: permissionsAbi, eventName: "OperatorPermissionsSet" });
const permit2Topics = permit2Abi.filter((item) => item.type === "event").map((item) => toEventSelector(item));
const [operationTopic] = encodeEventTopics({ abi: entryPoint08Abi, eventName: "UserOperationEvent" });

/**
 * Everything that an account ever allowed (ERC-20, Permit2, ERC-721, ERC-1155, Juicebox permissions) and that still stands at the
 * latest block, found by its events. Only what the account itself did counts: such an event in a transaction without an operation of the
 * account is somebody else's word. Throws when the node is out of reach.
 */
export async function readResidue(client: PublicClient, account: Address, fromBlock: bigint): Promise<Residue[]> {
  const head = await client.getBlockNumber();
  const owner = pad(account);
  const read = (filter: Filter) => readAll(client, filter, fromBlock, head);
  const [approvals, permissions, permits, operations] = await Promise.all([
    read({ topics: [[approvalTopic, forAllTopic], owner] }),
    read({ address: JUICEBOX.permissions, topics: [permissionTopic, null, owner] }),
    read({ address: PERMIT2, topics: [permit2Topics, owner] }),
    read({ address: ENTRY_POINT, topics: [operationTopic, null, owner] }),
  ]);
  const given = [...approvals.flatMap(approvalOf), ...permissions.flatMap(permissionOf), ...permits.flatMap(permitOf)];
  const own = await onlyOwn(client, account, given, new Set(operations.map(({ transactionHash }) => transactionHash)));
  const places = new Map(own.map((item) => [`${item.kind} ${item.token} ${item.spender} ${item.id}`, item]));
  const standing = await Promise.all([...places.values()].map((item) => presentValue(client, account, item)));
  return standing.flatMap((item) => item ?? []);
}

/** The call by which the account takes it back. */
export function clearCall(account: Address, residue: Residue): Call {
  switch (residue.kind) {
    case "allowance":
      return { to: residue.token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [residue.spender, 0n] }) };
    case "permit2":
      return { to: PERMIT2, data: encodeFunctionData({ abi: permit2Abi, functionName: "approve", args: [residue.token, residue.spender, 0n, 0] }) };
    case "nft":
      return { to: residue.token, data: encodeFunctionData({ abi: nftAbi, functionName: "approve", args: [NOBODY, residue.tokenId] }) };
    case "operator":
      return { to: residue.token, data: encodeFunctionData({ abi: nftAbi, functionName: "setApprovalForAll", args: [residue.spender, false] }) };
    case "permission":
      return {
        to: JUICEBOX.permissions,
        data: encodeFunctionData({ abi: permissionsAbi, functionName: "setPermissionsFor", args: [account, { operator: residue.spender, projectId: residue.projectId, permissionIds: [] }] }),
      };
  }
}

/** Those of the calls that pass when the account makes them now. A token that refuses (paused, broken) must not hold up a takeover. */
export async function passingCalls(client: PublicClient, account: Address, calls: readonly Call[]): Promise<Call[]> {
  const passes = await Promise.all(
    calls.map(({ to, data }) =>
      client.call({ account, to, data, gas: CLEARING_GAS_MAX }).then(
        () => true,
        (error: unknown) => {
          if (isContractsFault(error)) return false;
          throw error;
        },
      ),
    ),
  );
  return calls.filter((_call, index) => passes[index]);
}

const NOBODY: Address = `0x${"00".repeat(20)}`;
/** Real tokens take some 30,000. */
const CLEARING_GAS_MAX = 200_000n;

/** Logs of a range, all at once where the node answers that; a node that finds a range too long is asked for shorter ones from there on. */
async function readAll(client: PublicClient, filter: Filter, first: bigint, last: bigint): Promise<RawLog[]> {
  const found: RawLog[] = [];
  let length = last - first + 1n;
  for (let from = first; from <= last; ) {
    const to = from + length - 1n < last ? from + length - 1n : last;
    try {
      const logs = await client.request({ method: "eth_getLogs", params: [{ ...filter, fromBlock: numberToHex(from), toBlock: numberToHex(to) }] });
      for (const { address, topics, transactionHash } of logs) if (transactionHash) found.push({ address: lower(address), topics: [...topics], transactionHash });
      from = to + 1n;
    } catch (error) {
      if (length <= RANGE_MIN) throw error;
      length = length / 2n;
    }
  }
  return found;
}

const lower = (address: string) => address.toLowerCase() as Address;
const addressOfTopic = (topic: Hex | undefined) => lower(`0x${(topic ?? "0x").slice(-40)}`);

function approvalOf({ address, topics, transactionHash }: RawLog): Given[] {
  const [kind, , spender, id] = topics;
  const item = { token: address, spender: addressOfTopic(spender), transactionHash };
  if (kind === forAllTopic) return [{ ...item, kind: "operator", id: 0n }];
  return [id === undefined ? { ...item, kind: "allowance", id: 0n } : { ...item, kind: "nft", id: BigInt(id) }];
}

const permissionOf = ({ topics: [, operator, , project], transactionHash }: RawLog): Given[] =>
  [{ kind: "permission", token: JUICEBOX.permissions, spender: addressOfTopic(operator), id: BigInt(project ?? 0), transactionHash }];

const permitOf = ({ topics: [, , token, spender], transactionHash }: RawLog): Given[] =>
  [{ kind: "permit2", token: addressOfTopic(token), spender: addressOfTopic(spender), id: 0n, transactionHash }];

async function onlyOwn(client: PublicClient, account: Address, given: readonly Given[], ownTransactions: Set<Hex>): Promise<Given[]> {
  const foreign = [...new Set(given.map(({ transactionHash }) => transactionHash).filter((hash) => !ownTransactions.has(hash)))].slice(0, FOREIGN_MAX);
  const senders = await Promise.all(foreign.map(async (hash) => lower((await client.getTransaction({ hash })).from)));
  const own = new Set([...ownTransactions, ...foreign.filter((_hash, index) => senders[index] === lower(account))]);
  return given.filter(({ transactionHash }) => own.has(transactionHash));
}

/** The node answered that a contract refuses, or the contract answered with something else than asked. Any other fault says nothing about it. */
const isContractsFault = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk(
    (inner) =>
      inner instanceof ContractFunctionRevertedError || inner instanceof ContractFunctionZeroDataError || inner instanceof ExecutionRevertedError ||
      inner instanceof AbiDecodingDataSizeTooSmallError || /out of gas/i.test((inner as Error).message),
  ) !== null;

/** What stands now; null when nothing does, or when what emitted the event answers no such question. */
async function presentValue(client: PublicClient, account: Address, { kind, token, spender, id }: Given): Promise<Residue | null> {
  try {
    switch (kind) {
      case "allowance": {
        const amountUnits = await client.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args: [account, spender] });
        return amountUnits > 0n ? { kind, token, spender, amountUnits } : null;
      }
      case "permit2": {
        const [amountUnits] = await client.readContract({ address: PERMIT2, abi: permit2Abi, functionName: "allowance", args: [account, token, spender] });
        return amountUnits > 0n ? { kind, token, spender, amountUnits } : null;
      }
      case "nft": {
        const approved = lower(await client.readContract({ address: token, abi: nftAbi, functionName: "getApproved", args: [id] }));
        return approved === spender && approved !== NOBODY ? { kind, token, spender, tokenId: id } : null;
      }
      case "operator":
        return (await client.readContract({ address: token, abi: nftAbi, functionName: "isApprovedForAll", args: [account, spender] })) ? { kind, token, spender } : null;
      case "permission": {
        const packed = await client.readContract({ address: JUICEBOX.permissions, abi: permissionsAbi, functionName: "permissionsOf", args: [spender, account, id] });
        return packed > 0n ? { kind, spender, projectId: id, packed } : null;
      }
    }
  } catch (error) {
    if (isContractsFault(error)) return null;
    throw error;
  }
}
