import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { transferTokensCall } from "@/lib/chain/wallet-calls";
import { sendAs } from "@/lib/dev/chain/anvil-client";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { makeWallet, payByWallet } from "@/lib/test/guest-world";
import { walletRewardsOf } from "./wallet-rewards";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
beforeAll(async () => {
  world = await startChainWorld();
  await refreshRate();
});
afterAll(() => world.stop());

test("a linked wallet's rewards are named, move by the wallet's own transfer, and arrive in the balance", async () => {
  const store = await makeOpenStore(world);
  const person = await makePayer(world, 0n);
  const [wallet, idle] = [await makeWallet(world), await makeWallet(world)];
  for (const address of [wallet, idle]) await sql`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (gen_random_uuid(), ${person.userId}, ${address}, '84532', FALSE)`;
  expect(await walletRewardsOf(person)).toMatchObject([{ address: wallet, tokens: [] }, { address: idle, tokens: [] }]);
  await payByWallet(world, wallet, { store, amountUsdMicros: 10_000_000n });
  await payByWallet(world, wallet, { store, amountUsdMicros: 4_000_000n });
  await world.follow();
  const [mine] = await walletRewardsOf(person);
  expect(must(mine).tokens).toMatchObject([{ chainId: "84532", storeName: "Café da Praia", accountAddress: person.address }]);

  const token = must(must(mine).tokens[0]);
  const units = 14n * 50n * 10n ** 18n;
  await sendAs(world.chain.client, wallet, transferTokensCall(token.tokenAddress, token.accountAddress, units));
  await world.follow();
  const [row] = await sql<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${person.userId} AND store_id = ${store.storeId}`;
  expect(row).toEqual({ balance: units.toString() });
  expect(await walletRewardsOf({ userId: (await makePayer(world, 0n)).userId })).toEqual([]);
});
