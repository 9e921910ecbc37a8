import { parseEther, type Address, type Hex } from "viem";
import type { AnvilClient } from "./anvil-client";

/** Sends every deployment: an address without a key, impersonated. CREATE2 makes the sender irrelevant to the addresses. */
export const LOCAL_DEPLOYER: Address = "0x00000000000000000000000000000000000c0c01";

export type LocalTransaction = { label: string; from: Address; to?: Address; data: Hex; value?: bigint; gas?: bigint };

/** Room for the largest contract's creation (5.4 million gas). */
const GAS = 12_000_000n;
/** Every transaction asks for 12 million of a block's 100 million gas, so the last ones wait for the next block. */
const BLOCKS_MAX = 20;

/**
 * Sends transactions as anybody, in this order, and mines them in as few blocks as they fit in. Senders must not repeat
 * across an order that matters between them: call twice instead. Throws with the label of the first that reverted.
 */
export async function sendAll(client: AnvilClient, transactions: LocalTransaction[]): Promise<void> {
  const senders = [...new Set(transactions.map(({ from }) => from))];
  await Promise.all(senders.flatMap((address) => [client.impersonateAccount({ address }), client.setBalance({ address, value: parseEther("10000") })]));
  await client.setAutomine(false);
  const sent: { label: string; hash: Hex }[] = [];
  for (const { label, from, gas = GAS, ...transaction } of transactions) {
    sent.push({ label, hash: await client.sendTransaction({ account: from, gas, ...transaction }) });
  }
  for (let block = 0; block < BLOCKS_MAX; block++) {
    await client.mine({ blocks: 1 });
    const { pending, queued } = await client.getTxpoolStatus();
    if (pending + queued === 0) break;
  }
  await client.setAutomine(true);
  const receipts = await Promise.all(sent.map(({ hash }) => client.getTransactionReceipt({ hash })));
  receipts.forEach(({ status }, index) => {
    if (status !== "success") throw new Error(`Local deployment: ${sent[index]?.label} reverted`);
  });
}
