import { afterAll, beforeAll, expect, test } from "vitest";
import { isUsdcDeposited } from "@/lib/chain/deposits";
import { newStore, startAveniaPayoutWorld } from "@/lib/test/payout-worlds";
import { chainDeposits } from "./read-deposits";
import { startTestChain, type TestChain } from "./test-chain";
import { usdcFaucet } from "./usdc-faucet";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
});
afterAll(() => chain.stop());

const send = (to: string, amountUsdMicros: bigint) => usdcFaucet({ client: chain.client, chainId: "84532", to: to as `0x${string}`, amountUsdMicros });

test("dollars that come on the chain are the store's at the provider, each transfer once", async () => {
  const world = await startAveniaPayoutWorld({ deposits: chainDeposits("84532", chain.rpcUrl), depositPollMs: 50 });
  // They may come before anybody looks, and for an account that shows who it is later.
  const { accountId, depositAddress } = await world.provider.openAccount(newStore());
  const txHash = await send(depositAddress, 12_345_678n);
  await send("0x00000000000000000000000000000000000000aa", 99_000_000n);
  await expect.poll(() => world.provider.isCredited(accountId, { txHash, amountUsdMicros: 12_345_678n })).toBe(true);
  expect(await world.provider.isCredited(accountId, { txHash, amountUsdMicros: 12_345_679n })).toBe(false);
  const second = await send(depositAddress, 1n);
  await expect.poll(() => world.provider.isCredited(accountId, { txHash: second, amountUsdMicros: 1n })).toBe(true);
  expect(await world.provider.balanceUsdMicros(accountId)).toBe(12_345_679n);
  expect(await world.ledger()).toMatchObject({ isConserved: true });
  await world.stop();
});

test("a transaction to the treasury counts for its address and amount alone", async () => {
  const treasury = "0x0000000000000000000000000000000000c0c07e";
  const txHash = await send(treasury, 5_000_000n);
  const asked = { txHash, to: treasury, amountUsdMicros: 5_000_000n };
  expect(await isUsdcDeposited("84532", asked)).toBe(true);
  expect(await isUsdcDeposited("84532", { ...asked, amountUsdMicros: 5_000_001n })).toBe(false);
  expect(await isUsdcDeposited("84532", { ...asked, to: "0x00000000000000000000000000000000000000aa" })).toBe(false);
  expect(await isUsdcDeposited("84532", { ...asked, txHash: `0x${"1".repeat(64)}` })).toBe(false);
});
