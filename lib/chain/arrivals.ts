import "server-only";
import { encodeEventTopics, numberToHex, type Address, type Hex, type Log } from "viem";
import { messageTransmitterAbi, suckerAbi } from "./abis";
import { cctpContracts } from "./bridges";
import { parseMintEvents, receiveMessageCall, type MintEvent } from "./cctp";
import type { ChainId } from "./chains";
import { isChainUnreachable, publicClient } from "./clients";
import { decodeRevert, revertDataOf } from "./revert";
import { parseClaimedEvents, type ClaimedEvent } from "./suckers";

/** Whether money of another chain is here. Every function throws when the node is out of reach. */

/** True once the message with this number was received: its dollars are minted, and never again. */
export const isMessageReceived = async (chainId: ChainId, nonce: Hex): Promise<boolean> =>
  (await publicClient(chainId).readContract({ address: cctpContracts(chainId).messageTransmitter, abi: messageTransmitterAbi, functionName: "usedNonces", args: [nonce] })) !== 0n;

/** Runs a call on the latest block as somebody without a name; null when it passes, else why it reverts. */
export async function whyRefused(chainId: ChainId, call: { to: Address; data: Hex }): Promise<string | null> {
  try {
    await publicClient(chainId).call(call);
    return null;
  } catch (error) {
    if (isChainUnreachable(error)) throw error;
    const data = revertDataOf(error);
    return data ? decodeRevert(data) : String((error as { details?: unknown }).details ?? error).slice(0, 300);
  }
}

/** Whether the transmitter takes a message with this attestation: the chain itself judges the signature. */
export const whyMessageRefused = (chainId: ChainId, attested: { message: Hex; attestation: Hex }) => whyRefused(chainId, receiveMessageCall(chainId, attested));

type Placed<T> = T & { blockNumber: bigint; blockHash: Hex };

/** Where the dollars of a message were minted; null when no block from there on holds it. */
export async function findMint(chainId: ChainId, nonce: Hex, fromBlock: bigint): Promise<Placed<MintEvent> | null> {
  const [topic] = encodeEventTopics({ abi: messageTransmitterAbi, eventName: "MessageReceived" });
  const logs = await logsOf(chainId, { address: cctpContracts(chainId).messageTransmitter, topics: [topic, null, nonce], fromBlock });
  return placed(logs, (log) => parseMintEvents(chainId, [log]));
}

/** Where a leaf was claimed; null when no block from there on holds it. */
export async function findClaim(chainId: ChainId, { sucker, index }: { sucker: Address; index: number }, fromBlock: bigint): Promise<Placed<ClaimedEvent> | null> {
  const [topic] = encodeEventTopics({ abi: suckerAbi, eventName: "Claimed" });
  const logs = await logsOf(chainId, { address: sucker, topics: [topic], fromBlock });
  return placed(logs, (log) => parseClaimedEvents([log], [sucker]).filter((event) => event.index === index));
}

const logsOf = async (chainId: ChainId, { address, topics, fromBlock }: { address: Address; topics: (Hex | null)[]; fromBlock: bigint }): Promise<Log[]> =>
  (await publicClient(chainId).request({ method: "eth_getLogs", params: [{ address, topics, fromBlock: numberToHex(fromBlock), toBlock: "latest" }] })) as unknown as Log[];

function placed<T extends { logIndex: number }>(logs: readonly Log[], parse: (log: Log) => T[]): Placed<T> | null {
  for (const log of logs) {
    const [event] = parse(log);
    // A raw answer has its numbers in hex; which log of its block it was, nobody asks here.
    if (event && log.blockHash) return { ...event, blockNumber: BigInt(log.blockNumber ?? 0), blockHash: log.blockHash };
  }
  return null;
}
