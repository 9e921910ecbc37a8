import { createTestClient, defineChain, http, parseEther, publicActions, walletActions, type Address, type Hex } from "viem";
import { CHAINS, type ChainId } from "@/lib/chain/chains";

const TIMEOUT_MS = 30_000;
const POLL_MS = 20;

/** A client for everything that only a local chain can do: impersonate, set balances, mine, move time. */
export function anvilClient(chainId: ChainId, rpcUrl: string) {
  const chain = defineChain({
    id: Number(chainId),
    name: `${CHAINS[chainId].name} (local)`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  return createTestClient({ mode: "anvil", chain, transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0 }), pollingInterval: POLL_MS, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions);
}

export type AnvilClient = ReturnType<typeof anvilClient>;

/** Ether for an address out of thin air: operators that pay for bundles, accounts that are impersonated. */
export const fundOperator = (client: AnvilClient, address: Address, wei = parseEther("1000")) => client.setBalance({ address, value: wei });

/** Sends a call as any address and waits until it is mined. Throws when it reverted. */
export async function sendAs(client: AnvilClient, from: Address, call: { to?: Address; data?: Hex; value?: bigint; gas?: bigint }) {
  await client.impersonateAccount({ address: from });
  const hash = await client.sendTransaction({ account: from, ...call });
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`Local transaction ${hash} from ${from} to ${call.to ?? "creation"} reverted`);
  return receipt;
}

/**
 * Mines one block every so many seconds instead of one per transaction, as the real chains do. 0 goes back to a block per
 * transaction. Remembered by the process only: set it again after a start.
 */
export async function setBlockTime(client: AnvilClient, seconds: number): Promise<void> {
  await client.setIntervalMining({ interval: seconds });
  await client.setAutomine(seconds === 0);
}

/** Moves the chain's clock forward to a time (unix seconds) and mines a block there. Earlier than now it does nothing. */
export async function warpTo(client: AnvilClient, time: number): Promise<void> {
  const { timestamp } = await client.getBlock();
  if (BigInt(time) <= timestamp) return;
  await client.setNextBlockTimestamp({ timestamp: BigInt(time) });
  await client.mine({ blocks: 1 });
}

/** Sets the clock of a chain that was woken up to the present, or just after its last block when that lies ahead. A new chain keeps its own. */
export async function goOnFromNow(client: AnvilClient): Promise<void> {
  const head = await client.getBlock();
  if (head.number === 0n) return;
  const time = Math.max(Math.floor(Date.now() / 1000), Number(head.timestamp) + 1);
  await client.request<{ Method: "evm_setTime"; Parameters: [number]; ReturnType: number }>({ method: "evm_setTime", params: [time * 1000] });
}
