import { encodeFunctionData, decodeFunctionData } from "viem";
import { sql } from "@/db/client";
import { erc20Abi, revDeployerAbi } from "@/lib/chain/abis";
import { JUICEBOX, USDC, type Address } from "@/lib/chain/addresses";
import { payCalls } from "@/lib/chain/pay";
import { cashOutCall, deployRevnetCalls, distributeReservedCalls } from "@/lib/chain/revnet";
import { nextProjectId } from "@/lib/chain/revnet-state";
import { fundOperator, sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import type { Currency } from "@/lib/money";
import { deployStore } from "@/lib/stores/deploy-store";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { quotePayment, type Quoted } from "@/lib/payments/quote-payment";
import { confirm, insertStore, must, REWARD_RATE_BPS, type ChainWorld, type Payer } from "./chain-world";

export type WorldStore = { storeId: string; shortCode: string };

/** What a store is on a chain. */
export async function chainOf(world: ChainWorld, storeId: string) {
  const [row] = await sql<{ project_id: number; token_address: Address; account: Address }[]>`
    SELECT d.project_id, d.token_address, a.address AS account FROM store_deployments d JOIN store_accounts a ON a.store_id = d.store_id AND a.chain_id = d.chain_id
    WHERE d.store_id = ${storeId} AND d.chain_id = ${world.chainId}::chain_id`;
  return must(row);
}

export const tokensOf = (world: ChainWorld, token: Address, holder: Address) => world.chain.client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [holder] });
export const dollarsOnChain = (world: ChainWorld, holder: Address) => tokensOf(world, USDC[world.chainId], holder);

/** Pays with dollars at stores, one after the other, so that the person holds their rewards, the first store's the oldest. */
export async function earnAt(world: ChainWorld, payer: Payer, sales: readonly (readonly [WorldStore, bigint])[]) {
  for (const [store, amountUsdMicros] of sales) {
    await confirm(payer, store, amountUsdMicros, { chainId: world.chainId });
    await world.settle();
  }
}

/** Everything that a payment may move, as the chain itself says it. */
export async function chainBalances(world: ChainWorld, payer: Payer, stores: readonly WorldStore[]) {
  const rows = await Promise.all(stores.map(({ storeId }) => chainOf(world, storeId)));
  return {
    dollars: await dollarsOnChain(world, payer.address),
    rewards: await Promise.all(rows.map(({ token_address }) => tokensOf(world, token_address, payer.address))),
    storeAccounts: await Promise.all(rows.map(({ token_address, account }) => tokensOf(world, token_address, account))),
  };
}

/** The clock of a chain that tests move: stores open by it. */
export async function chainNow(world: ChainWorld): Promise<Date> {
  const { timestamp } = await world.chain.client.getBlock();
  return new Date(Number(timestamp) * 1_000);
}

/** A price as the review shows it, by the chain's clock. */
export const quoteAt = async (world: ChainWorld, payer: Payer, { shortCode }: WorldStore, amountText = "45,00", currency: Currency = "BRL") => quotePayment(payer, { shortCode, currency, amountText }, await chainNow(world));

/** Taps on pay: the quote as it was shown, under a key of its own. */
export const confirmQuoted = async (payer: Payer, { signed, quote }: Quoted, key: string = newId()) => (await confirmPayment(payer, { key, quote: signed }, new Date(quote.expiresAt.getTime() - 1))).transactionId;

/** A store whose revnet has a cash-out tax, as none of ours has: deployed in the store's own name, past the use case. */
export async function makeTaxedStore(world: ChainWorld, cashOutTaxRate: number, { startsInPast = false }: { startsInPast?: boolean } = {}): Promise<WorldStore> {
  const store = await insertStore();
  await deployStore(store.storeId);
  await sql`UPDATE user_operations SET status = 'expired' WHERE subject_id = ${store.storeId} AND kind = 'store_deployment' AND chain_id = ${world.chainId}::chain_id`;
  const [row] = await sql<{ name: string; symbol: string; account: Address }[]>`
    SELECT s.name, s.symbol, a.address AS account FROM stores s JOIN store_accounts a ON a.store_id = s.id AND a.chain_id = ${world.chainId}::chain_id WHERE s.id = ${store.storeId}`;
  const { name, symbol, account } = must(row);
  const { timestamp } = await world.chain.client.getBlock();
  const startsAt = Number(timestamp) + (startsInPast ? -60 : 30);
  const [deploy] = deployRevnetCalls({ chainId: world.chainId, chainIds: [world.chainId], storeId: store.storeId, name, symbol, rewardRateBps: REWARD_RATE_BPS, storeAccount: account, startsAt, nextProjectId: await nextProjectId(world.chainId) });
  const { args } = decodeFunctionData({ abi: revDeployerAbi, data: must(deploy).data });
  const [revnetId, configuration, ...rest] = args as unknown as [bigint, { stageConfigurations: { cashOutTaxRate: number }[] }, ...unknown[]];
  const taxed = { ...configuration, stageConfigurations: configuration.stageConfigurations.map((stage) => ({ ...stage, cashOutTaxRate })) };
  await fundOperator(world.chain.client, account);
  await sendAs(world.chain.client, account, { to: JUICEBOX.revDeployer, data: encodeFunctionData({ abi: revDeployerAbi, functionName: "deployFor", args: [revnetId, taxed, ...rest] as never }) });
  await sql`UPDATE stores SET starts_at = ${new Date(startsAt * 1000)} WHERE id = ${store.storeId}`;
  await warpTo(world.chain.client, startsAt + 1);
  await world.follow();
  return store;
}

/** The node's own estimate is too low for calls that catch failures of others. */
const GAS = 2_000_000n;
const OUTSIDER: Address = "0x00000000000000000000000000000000000000ab";

/** Somebody whom we don't know pays a store past us, without a block that the follower has seen. */
export async function outsiderPays(world: ChainWorld, { storeId }: WorldStore, amountUsdMicros: bigint) {
  const { client } = world.chain;
  const { project_id } = await chainOf(world, storeId);
  await fundOperator(client, OUTSIDER);
  await usdcFaucet({ client, chainId: world.chainId, to: OUTSIDER, amountUsdMicros });
  for (const call of payCalls({ chainId: world.chainId, projectId: project_id, amountUsdMicros, beneficiary: OUTSIDER, memo: "", minReturnedUnits: 0n })) await sendAs(client, OUTSIDER, call);
}

/** A store takes out all that its own tokens bring, past us: with a tax what is left is worth more, until somebody pays again. */
export async function storeCashesOut(world: ChainWorld, { storeId }: WorldStore) {
  const { client } = world.chain;
  const { project_id, token_address, account } = await chainOf(world, storeId);
  await fundOperator(client, account);
  await fundOperator(client, OUTSIDER);
  for (const call of distributeReservedCalls(project_id)) await sendAs(client, OUTSIDER, { ...call, gas: GAS });
  const units = await tokensOf(world, token_address, account);
  await sendAs(client, account, { ...cashOutCall({ chainId: world.chainId, projectId: project_id, holder: account, units, beneficiary: account, minUsdMicros: 0n }), gas: GAS });
}
