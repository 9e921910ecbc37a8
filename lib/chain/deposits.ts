import "server-only";
import { TransactionReceiptNotFoundError, type Address, type Hex } from "viem";
import { USDC } from "./addresses";
import { CHAINS, type ChainId } from "./chains";
import { publicClient } from "./clients";
import { parseTransferEvents } from "./usdc";

/** A minute of Base: what lies below is not taken back in practice. Test networks are believed at once. */
const CONFIRMATIONS = { mainnet: 30n, testnet: 1n } as const;

/** Whether a mined transaction brought exactly so many dollars to an address, deep enough to pay reais for them. Throws when the node is out of reach. */
export async function isUsdcDeposited(chainId: ChainId, { txHash, to, amountUsdMicros }: { txHash: string; to: string; amountUsdMicros: bigint }): Promise<boolean> {
  const client = publicClient(chainId);
  const receipt = await client.getTransactionReceipt({ hash: txHash as Hex }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) return null;
    throw error;
  });
  if (receipt?.status !== "success") return false;
  const head = await client.getBlockNumber({ cacheTime: 0 });
  const token = USDC[chainId].toLowerCase() as Address;
  const isThere = parseTransferEvents(receipt.logs, [token]).some((transfer) => transfer.to === to.toLowerCase() && transfer.amountUnits === amountUsdMicros);
  return isThere && head - receipt.blockNumber + 1n >= CONFIRMATIONS[CHAINS[chainId].kind];
}
