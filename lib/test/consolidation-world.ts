import { parseAbi, type Address } from "viem";
import { sql } from "@/db/client";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { advanceDue } from "@/lib/consolidation/advance";
import { findMovable } from "@/lib/consolidation/find-movable";
import { inFlightOf } from "@/lib/consolidation/queries";
import { startConsolidation } from "@/lib/consolidation/start-consolidation";
import { startIris, type Iris } from "@/lib/dev/bridges/iris";
import { relayOnce } from "@/lib/dev/bridges/relay";
import { newId } from "@/lib/ids";
import { must, startChainWorld, type ChainWorld, type Payer } from "./chain-world";
import { actorOf } from "./own-keys";

/** Two chains with their bridges, and a worker whose every wheel is turned by hand. */
export type BridgedWorld = { base: ChainWorld; op: ChainWorld; worlds: ChainWorld[]; iris: Iris; stop: () => Promise<void> };

export async function startBridgedWorld(): Promise<BridgedWorld> {
  const base = await startChainWorld("84532");
  const op = await startChainWorld("11155420", base.chain);
  const iris = await startIris({ chains: [base.chain, op.chain] });
  process.env.IRIS_URL = iris.url;
  return {
    base, op, worlds: [base, op], iris,
    stop: async () => {
      await iris.stop();
      await Promise.all([base.stop(), op.stop()]);
    },
  };
}

/** One turn of a wheel; the names are those of what a worker does. */
export const WHEELS = ["sign", "bundle", "tend", "follow", "advance", "call", "relay"] as const;
export type Wheel = (typeof WHEELS)[number];

export async function turn({ worlds }: BridgedWorld, wheel: Wheel): Promise<void> {
  if (wheel === "advance") {
    await sql`UPDATE consolidations SET next_look_at = now()`;
    await sql`UPDATE operator_calls SET next_attempt_at = now() WHERE status = 'queued'`;
    await advanceDue();
  } else if (wheel === "relay") {
    for (const { chain } of worlds) await relayOnce(chain, worlds.map((world) => world.chain), 0n);
  } else for (const world of worlds) await world[wheel]();
}

/** Far longer than any wait of the outbox: a bundle that a chain forgot is sent again after seconds of the real clock, however fast the wheels turn. */
const FINISH_LIMIT_MS = 45_000;

/** Turns every wheel until nothing is on its way any more. */
export async function finish(world: BridgedWorld): Promise<void> {
  const until = Date.now() + FINISH_LIMIT_MS;
  while (Date.now() < until) {
    for (const wheel of WHEELS) await turn(world, wheel);
    const [row] = await sql<{ open: number }[]>`
      SELECT (SELECT count(*)::int FROM transactions WHERE type = 'consolidation' AND status = 'pending') + (SELECT count(*)::int FROM user_operations WHERE status IN ('queued', 'submitted')) AS open`;
    if (row?.open === 0) return;
  }
  throw new Error(`consolidations stayed open: ${JSON.stringify(await sql`SELECT stage, problem, looks FROM consolidations WHERE stage NOT IN ('arrived', 'failed')`)}`);
}

/** Begins to bring the first (or a store's) movable part together. */
export async function bringTogether(payer: Payer, storeId: string | null = null): Promise<string> {
  const { movable } = await findMovable(payer.userId);
  const move = must(movable.find(({ store }) => (store?.id ?? null) === storeId));
  return (await startConsolidation(actorOf(payer), { key: newId(), storeId, fromChainId: move.fromChainId, units: move.units, maxFeeUsdMicros: move.maxFeeUsdMicros })).consolidationId;
}

export const stateOf = async (id: string) =>
  must((await sql<{ stage: string; problem: string | null; status: string; arrived_units: string | null; units: string; leaf_index: number | null }[]>`
    SELECT c.stage, c.problem, t.status, c.arrived_units::text, c.units::text, c.leaf_index FROM consolidations c JOIN transactions t ON t.id = c.id WHERE c.id = ${id}`)[0]);

/** Everything of a person's by our books: settled on both chains, and on its way. */
export async function booksOf(payer: Payer): Promise<Record<string, bigint>> {
  const rows = await sql<{ token: string; balance: string }[]>`SELECT COALESCE(store_id::text, 'dollars') AS token, sum(balance)::text AS balance FROM token_balances WHERE user_id = ${payer.userId} GROUP BY 1`;
  const books: Record<string, bigint> = Object.fromEntries(rows.map(({ token, balance }) => [token, BigInt(balance)]));
  for (const { store, units } of await inFlightOf(payer.userId)) {
    const token = store?.id ?? "dollars";
    books[token] = (books[token] ?? 0n) + units;
  }
  return books;
}

/** The same by the chains: what the account holds there. */
export async function chainsHold({ worlds }: BridgedWorld, payer: Payer, token: (chainId: ChainId) => Address = (chainId) => USDC[chainId]): Promise<bigint> {
  const held = await Promise.all(worlds.map(({ chain, chainId }) => chain.client.readContract({ address: token(chainId), abi: erc20Abi, functionName: "balanceOf", args: [payer.address] })));
  return held.reduce((sum, one) => sum + one, 0n);
}

export const supplyOf = async ({ worlds }: BridgedWorld): Promise<bigint> => {
  const supplies = await Promise.all(worlds.map(({ chain, chainId }) => chain.client.readContract({ address: USDC[chainId], abi: parseAbi(["function totalSupply() view returns (uint256)"]), functionName: "totalSupply" })));
  return supplies.reduce((sum, one) => sum + one, 0n);
};
