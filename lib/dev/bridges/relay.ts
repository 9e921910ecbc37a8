import { encodeFunctionData, parseEventLogs, type Address, type Hex } from "viem";
import { CCIP } from "@/lib/chain/bridges";
import type { ChainId } from "@/lib/chain/chains";
import { fundOperator, sendAs, type AnvilClient } from "../chain/anvil-client";
import { LOCAL_RELAYER } from "../chain/deploy-bridges";
import { usdcFaucet } from "../chain/usdc-faucet";

const abi = [
  { type: "event", name: "Sent", inputs: [{ name: "messageId", type: "bytes32", indexed: true }, { name: "destinationChainSelector", type: "uint64", indexed: true }, { name: "sender", type: "address" }, { name: "receiver", type: "address" }, { name: "data", type: "bytes" }, { name: "amount", type: "uint256" }] },
  { type: "function", name: "isDelivered", stateMutability: "view", inputs: [{ name: "messageId", type: "bytes32" }], outputs: [{ type: "bool" }] },
  { type: "function", name: "deliver", stateMutability: "nonpayable", inputs: [{ name: "messageId", type: "bytes32" }, { name: "sourceChainSelector", type: "uint64" }, { name: "sender", type: "address" }, { name: "receiver", type: "address" }, { name: "data", type: "bytes" }, { name: "amount", type: "uint256" }], outputs: [] },
] as const;

export type LinkedChain = { chainId: ChainId; client: AnvilClient };

/**
 * Brings every message that a chain's router tells of, from a block on, to its destination: the dollars are minted to the other router, then the
 * message is handed over. Each message is delivered once, also after a crash in between. Answers the block to go on from.
 */
export async function relayOnce(source: LinkedChain, chains: readonly LinkedChain[], fromBlock: bigint): Promise<bigint> {
  const toBlock = await source.client.getBlockNumber();
  if (toBlock < fromBlock) return fromBlock;
  const logs = await source.client.getLogs({ address: CCIP[source.chainId].router, fromBlock, toBlock });
  for (const { args } of parseEventLogs({ abi, eventName: "Sent", logs })) {
    const destination = chains.find(({ chainId }) => CCIP[chainId].selector === args.destinationChainSelector);
    if (destination) await deliver(source.chainId, destination, args);
  }
  return toBlock + 1n;
}

type Sent = { messageId: Hex; sender: Address; receiver: Address; data: Hex; amount: bigint };

async function deliver(from: ChainId, { chainId, client }: LinkedChain, { messageId, sender, receiver, data, amount }: Sent) {
  const { router } = CCIP[chainId];
  if (await client.readContract({ address: router, abi, functionName: "isDelivered", args: [messageId] })) return;
  if (amount > 0n) await usdcFaucet({ client, chainId, to: router, amountUsdMicros: amount });
  await fundOperator(client, LOCAL_RELAYER);
  await sendAs(client, LOCAL_RELAYER, { to: router, data: encodeFunctionData({ abi, functionName: "deliver", args: [messageId, CCIP[from].selector, sender, receiver, data, amount] }) });
}
