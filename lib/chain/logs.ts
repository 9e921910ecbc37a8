import "server-only";
import { decodeEventLog, encodeEventTopics, numberToHex, pad, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { accountAbi, controllerAbi, erc20Abi, messageTransmitterAbi, multiTerminalAbi, revDeployerAbi, revLoansAbi, suckerAbi } from "./abis";
import { ENTRY_POINT, JUICEBOX, USDC } from "./addresses";
import { cctpContracts } from "./bridges";
import { parseMintEvents, type MintEvent } from "./cctp";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";
import { parseLoanEvents, type LoanEvent } from "./loans";
import { parseClaimedEvents, type ClaimedEvent } from "./suckers";
import { parsePayEvents, type PayEvent } from "./pay";
import { parseOperationEvents, parseRevertReasons, type OperationEvent } from "./user-operation";
import { parseTransferEvents, type TransferEvent } from "./usdc";

/** Nodes accept some thousand topic values in a filter; this many accounts go into one. */
const ACCOUNTS_PER_FILTER = 500;

/** Where an event stands. An event of a block that is no longer on the chain was never true: keep the hash. */
export type EventPlace = { chainId: ChainId; blockNumber: bigint; blockHash: Hex; transactionHash: Hex; logIndex: number };

export type ChainEvent = EventPlace &
  (
    | ({ kind: "transfer" } & TransferEvent)
    | ({ kind: "pay" } & PayEvent)
    /** An operation that our paymaster paid for. `revertReason` is there when its calls reverted with data. */
    | ({ kind: "operation"; revertReason: string | null } & OperationEvent)
    | { kind: "revnetDeployed"; projectId: number; caller: Address; startsAt: number }
    | { kind: "reservedDistributed"; projectId: number; tokenUnits: bigint }
    /** Signers of one of our accounts changed; which they are now, the account says. */
    | { kind: "signersChanged"; account: Address }
    /** What became of a loan from one of our stores' revnets; whose it is, the account says. */
    | { kind: "loan"; loan: LoanEvent }
    /** Dollars of another chain, minted here from a message that we wait for. */
    | ({ kind: "minted" } & MintEvent)
    /** Store tokens of another chain, paid out here by a sucker that we wait for. */
    | ({ kind: "claimed" } & ClaimedEvent)
  );

export type ReadLogsInput = {
  chainId: ChainId;
  fromBlock: bigint;
  /** Inclusive. */
  toBlock: bigint;
  /** Our accounts: dollars to or from them are followed. */
  accounts: readonly Address[];
  /** Our stores' revnets. */
  projectIds: readonly number[];
  /** Our stores' tokens: every transfer of them is followed. */
  tokens: readonly Address[];
  paymaster: Address;
  /** What is on its way here from other chains: numbers of CCTP messages, and suckers with leaves of ours. */
  expected?: { nonces: readonly Hex[]; suckers: readonly Address[] };
};

type Filter = { address?: Address | readonly Address[]; topics: (Hex | Hex[] | null)[] };

/**
 * Everything of ours that a range of blocks holds, in chain order. All filters travel together; a reorg between them shows
 * as a block hash that differs from the header's, so compare with `readBlocks` of the same range before applying.
 */
export async function readLogs(input: ReadLogsInput): Promise<ChainEvent[]> {
  const { chainId, fromBlock, toBlock } = input;
  const client = publicClient(chainId);
  const read = (filter: Filter): Promise<Log[]> =>
    client.request({ method: "eth_getLogs", params: [{ topics: filter.topics, ...(filter.address && { address: filter.address as Address | Address[] }), fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }] })
      .then((logs) => logs.map((log) => ({ ...log, blockNumber: BigInt(log.blockNumber ?? 0), logIndex: Number(log.logIndex), transactionIndex: Number(log.transactionIndex) }) as Log));

  const answers = await Promise.all(filtersOf(input).map(read));
  const places = new Map<string, Log>();
  // A transfer between two of our accounts answers two filters.
  for (const log of answers.flat()) places.set(`${log.blockHash} ${log.logIndex}`, log);
  const logs = [...places.values()].sort((a, b) => Number((a.blockNumber ?? 0n) - (b.blockNumber ?? 0n)) || (a.logIndex ?? 0) - (b.logIndex ?? 0));

  const failed = parseOperationEvents(logs).filter(({ success }) => !success).map(({ userOpHash }) => userOpHash);
  const reasons = failed.length === 0 ? new Map<Hex, string>() : parseRevertReasons(await read({ address: ENTRY_POINT, topics: [topicOf(entryPoint08Abi, "UserOperationRevertReason"), failed] }));
  return logs.flatMap((log) => decode(log, input, reasons));
}

export type BlockHeader = { number: bigint; hash: Hex; parentHash: Hex; timestamp: number };

/** Headers of a range of blocks (both inclusive), in order. */
export async function readBlocks({ chainId, fromBlock, toBlock }: { chainId: ChainId; fromBlock: bigint; toBlock: bigint }): Promise<BlockHeader[]> {
  const client = publicClient(chainId);
  const numbers = Array.from({ length: Number(toBlock - fromBlock) + 1 }, (_, index) => fromBlock + BigInt(index));
  const blocks = await Promise.all(numbers.map((blockNumber) => client.getBlock({ blockNumber })));
  return blocks.map(({ number, hash, parentHash, timestamp }) => ({ number, hash, parentHash, timestamp: Number(timestamp) }));
}

/** The latest block's header. */
export async function readHead(chainId: ChainId): Promise<BlockHeader> {
  const { number, hash, parentHash, timestamp } = await publicClient(chainId).getBlock({ blockTag: "latest" });
  return { number, hash, parentHash, timestamp: Number(timestamp) };
}

const SIGNER_TOPICS: Hex[] = (["ERC7913SignerAdded", "ERC7913SignerRemoved"] as const).map((eventName) => encodeEventTopics({ abi: accountAbi, eventName })[0]);

const LOAN_TOPICS: Hex[] = (["Borrow", "RepayLoan", "ReallocateCollateral", "Liquidate"] as const).map((eventName) => encodeEventTopics({ abi: revLoansAbi, eventName })[0]);

function topicOf(abi: typeof entryPoint08Abi, eventName: "UserOperationEvent" | "UserOperationRevertReason"): Hex {
  const [topic] = encodeEventTopics({ abi, eventName });
  return topic;
}

function filtersOf({ chainId, accounts, projectIds, tokens, paymaster, expected }: ReadLogsInput): Filter[] {
  const [transfer] = encodeEventTopics({ abi: erc20Abi, eventName: "Transfer" });
  const [pay] = encodeEventTopics({ abi: multiTerminalAbi, eventName: "Pay" });
  const [distributed] = encodeEventTopics({ abi: controllerAbi, eventName: "SendReservedTokensToSplits" });
  const [deployed] = encodeEventTopics({ abi: revDeployerAbi, eventName: "DeployRevnet" });
  const projects = projectIds.map((id) => numberToHex(id, { size: 32 }));
  const filters: Filter[] = [
    { address: ENTRY_POINT, topics: [topicOf(entryPoint08Abi, "UserOperationEvent"), null, null, pad(paymaster)] },
    { address: JUICEBOX.revDeployer, topics: [deployed] },
    // Of any account: such events are rare on a chain, and a filter for each of ours would not be.
    { topics: [SIGNER_TOPICS] },
  ];
  for (let start = 0; start < accounts.length; start += ACCOUNTS_PER_FILTER) {
    const chunk = accounts.slice(start, start + ACCOUNTS_PER_FILTER).map((account) => pad(account));
    filters.push({ address: USDC[chainId], topics: [transfer, chunk] }, { address: USDC[chainId], topics: [transfer, null, chunk] });
    // Loans are tokens too; who gives one away has it no longer.
    filters.push({ address: JUICEBOX.revLoans, topics: [transfer, chunk] });
  }
  if (expected && expected.nonces.length > 0) {
    const [received] = encodeEventTopics({ abi: messageTransmitterAbi, eventName: "MessageReceived" });
    filters.push({ address: cctpContracts(chainId).messageTransmitter, topics: [received, null, [...expected.nonces]] });
  }
  if (expected && expected.suckers.length > 0) {
    const [claimed] = encodeEventTopics({ abi: suckerAbi, eventName: "Claimed" });
    filters.push({ address: expected.suckers, topics: [claimed] });
  }
  if (tokens.length > 0) filters.push({ address: tokens, topics: [transfer] });
  if (projects.length > 0) {
    filters.push({ address: JUICEBOX.multiTerminal, topics: [pay, null, null, projects] }, { address: JUICEBOX.controller, topics: [distributed, null, null, projects] });
    filters.push({ address: JUICEBOX.revLoans, topics: [LOAN_TOPICS, null, projects] });
  }
  return filters;
}

/** One log as our event; nothing for what is not ours (another project's revnet, opened by somebody else). */
function decode(log: Log, { chainId, accounts, tokens, expected }: ReadLogsInput, reasons: Map<Hex, string>): ChainEvent[] {
  if (log.blockNumber === null || log.blockHash === null || log.transactionHash === null || log.logIndex === null) return [];
  const [topic] = log.topics;
  const place: EventPlace = { chainId, blockNumber: log.blockNumber, blockHash: log.blockHash, transactionHash: log.transactionHash, logIndex: log.logIndex };
  if (topic && SIGNER_TOPICS.includes(topic)) {
    const account = log.address.toLowerCase() as Address;
    return accounts.includes(account) ? [{ kind: "signersChanged", account, ...place }] : [];
  }
  if (expected?.suckers.includes(log.address.toLowerCase() as Address)) return parseClaimedEvents([log], expected.suckers).map((event) => ({ kind: "claimed", ...event, ...place }));
  switch (log.address.toLowerCase()) {
    case cctpContracts(chainId).messageTransmitter:
      return parseMintEvents(chainId, [log]).map((event) => ({ kind: "minted", ...event, ...place }));
    case ENTRY_POINT:
      return parseOperationEvents([log]).map((event) => ({ kind: "operation", ...event, revertReason: reasons.get(event.userOpHash) ?? null, ...place }));
    case JUICEBOX.multiTerminal:
      return parsePayEvents([log]).map((event) => ({ kind: "pay", ...event, ...place }));
    case JUICEBOX.controller:
      return parseEventLogs({ abi: controllerAbi, eventName: "SendReservedTokensToSplits", logs: [log] }).map(({ args }) => ({
        kind: "reservedDistributed", projectId: Number(args.projectId), tokenUnits: args.tokenCount, ...place,
      }));
    case JUICEBOX.revLoans:
      return parseLoanEvents([log]).map((loan) => ({ kind: "loan", loan, ...place }));
    case JUICEBOX.revDeployer: {
      const { args } = decodeEventLog({ abi: revDeployerAbi, eventName: "DeployRevnet", topics: log.topics, data: log.data });
      const caller = args.caller.toLowerCase() as Address;
      if (!accounts.includes(caller)) return [];
      return [{ kind: "revnetDeployed", projectId: Number(args.revnetId), caller, startsAt: args.configuration.stageConfigurations[0]?.startsAtOrAfter ?? 0, ...place }];
    }
    default:
      return parseTransferEvents([log], [USDC[chainId], ...tokens]).map((event) => ({ kind: "transfer", ...event, ...place }));
  }
}
