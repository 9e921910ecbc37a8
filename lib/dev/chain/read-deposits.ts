import { parseAbiItem, type Address } from "viem";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { DepositReader } from "../avenia/world";
import { anvilClient } from "./anvil-client";

const TRANSFER = parseAbiItem("event Transfer(address indexed from, address indexed to, uint256 value)");
const BLOCKS_MAX = 2_000n;

/** Reads the dollars that came to some addresses of a local chain. A chain that lost blocks is read again from its present head. */
export function chainDeposits(chainId: ChainId, rpcUrl: string): DepositReader {
  const client = anvilClient(chainId, rpcUrl);
  return async ({ wallets, fromBlock }) => {
    const head = await client.getBlockNumber();
    if (fromBlock > head) return { deposits: [], nextBlock: fromBlock > head + 1n ? head + 1n : fromBlock };
    const toBlock = head < fromBlock + BLOCKS_MAX ? head : fromBlock + BLOCKS_MAX;
    const logs = wallets.length === 0 ? [] : await client.getLogs({ address: USDC[chainId], event: TRANSFER, args: { to: wallets as Address[] }, fromBlock, toBlock, strict: true });
    return {
      deposits: logs.map(({ args, transactionHash, logIndex }) => ({ to: args.to.toLowerCase(), from: args.from.toLowerCase(), txHash: transactionHash, logIndex, amountUsdMicros: args.value })),
      nextBlock: toBlock + 1n,
    };
  };
}
