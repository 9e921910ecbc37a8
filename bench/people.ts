import { randomBytes } from "node:crypto";
import { db, sql } from "@/db/client";
import { users } from "@/db/schema";
import { provisionAccount } from "@/lib/accounts/provision-account";
import type { Address } from "@/lib/chain/addresses";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import type { TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import { deployStore } from "@/lib/stores/deploy-store";
import { insertStore, must } from "@/lib/test/chain-world";
import { makeLiveSession } from "@/lib/test/factories";

const POLL_MS = 20;
const OLD_ENOUGH_MS = 30 * 86_400_000;

/** A store that the running worker has deployed, and that has started. */
export async function makeOpenStoreByWorker(chain: TestChain) {
  const store = await insertStore();
  await deployStore(store.storeId);
  for (;;) {
    const [row] = await sql<{ deployment_status: string; starts_at: Date | null }[]>`SELECT deployment_status, starts_at FROM stores WHERE id = ${store.storeId}`;
    if (row?.deployment_status === "failed") throw new Error("The store's deployment failed");
    if (row?.deployment_status === "deployed") {
      await warpTo(chain.client, must(row.starts_at).getTime() / 1_000 + 1);
      return store;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A person with a managed account that was sent these dollars; the running follower will see them. */
export async function makePayerByWorker(chain: TestChain, dollarsUsdMicros: bigint) {
  const userId = newId();
  await db.insert(users).values({ id: userId, phone: `+55${BigInt(`0x${randomBytes(5).toString("hex")}`)}`, name: "Marina", createdAt: new Date(Date.now() - OLD_ENOUGH_MS) });
  await provisionAccount(userId);
  const [account] = await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId} LIMIT 1`;
  const address = must(account).address;
  await usdcFaucet({ client: chain.client, chainId: chain.chainId, to: address, amountUsdMicros: dollarsUsdMicros });
  return { userId, sessionId: await makeLiveSession(userId), ip: null, userAgent: null, address };
}
