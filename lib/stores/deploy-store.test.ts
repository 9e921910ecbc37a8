import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { readRevnetState } from "@/lib/chain/revnet-state";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { ATTEMPTS_MAX } from "@/lib/operations/rules";
import { DEPLOYMENT_ATTEMPTS_MAX } from "@/lib/follower/settle-deployments";
import { insertStore, must, REWARD_RATE_BPS, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { deployStore } from "./deploy-store";

process.env.CHAIN_IDS = "84532,11155420";
let first: ChainWorld;
let second: ChainWorld | undefined;
beforeAll(async () => {
  first = await startChainWorld("84532");
  process.env.RPC_URL_11155420 = "http://127.0.0.1:9";
});
afterAll(async () => {
  await Promise.all([first.stop(), second?.stop()]);
});

type Deployment = { chain_id: "84532" | "11155420"; status: string; project_id: number | null; token_address: string | null; error_message: string | null; attempts: number };
const deploymentsOf = (storeId: string) => sql<Deployment[]>`SELECT chain_id, status, project_id, token_address, error_message, attempts FROM store_deployments WHERE store_id = ${storeId} ORDER BY chain_id DESC`;
const storeOf = async (storeId: string) => must((await sql<{ deployment_status: string; starts_at: Date | null }[]>`SELECT deployment_status, starts_at FROM stores WHERE id = ${storeId}`)[0]);
const waitingJobs = (storeId: string) => sql<{ run_at: Date }[]>`SELECT run_at FROM graphile_worker.jobs WHERE key = ${`stores.deploy:${storeId}`}`;

test("a store opens on the chain that answers, and later on the one that was down, with one token and everything locked", async () => {
  const { storeId } = await insertStore();
  await deployStore(storeId);
  // A second run of the job changes nothing.
  await deployStore(storeId);
  await first.settle();
  expect(await deploymentsOf(storeId)).toMatchObject([{ chain_id: "84532", status: "deployed", error_message: null, attempts: 1 }, { chain_id: "11155420", status: "pending" }]);
  const opened = await storeOf(storeId);
  expect(opened.deployment_status).toBe("deploying");
  expect(must((await waitingJobs(storeId))[0]).run_at.getTime()).toBeGreaterThan(Date.now());

  second = await startChainWorld("11155420", first.chain);
  await deployStore(storeId);
  await second.settle();
  const [a, b] = await deploymentsOf(storeId);
  expect([a?.status, b?.status]).toEqual(["deployed", "deployed"]);
  expect(b?.token_address).toBe(must(a).token_address);
  expect(await storeOf(storeId)).toEqual({ deployment_status: "deployed", starts_at: opened.starts_at });

  const [account] = await sql<{ address: string }[]>`SELECT DISTINCT address FROM store_accounts WHERE store_id = ${storeId} AND deployed`;
  for (const deployment of [must(a), must(b)]) {
    // Splits and rates are those of the stage that runs, so the start has to be over.
    const { client } = (deployment.chain_id === "84532" ? first : second).chain;
    await warpTo(client, must(opened.starts_at).getTime() / 1000 + 1);
    const state = await readRevnetState(deployment.chain_id, must(deployment.project_id));
    expect(state).toMatchObject({ tokenAddress: deployment.token_address, isHookLocked: true, split: { beneficiary: must(account).address, isLocked: true }, issuance: { rewardRateBps: REWARD_RATE_BPS } });
  }
  const audits = await sql`SELECT new_values FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.deployment_started' ORDER BY created_at`;
  expect(audits.map((row) => row.new_values)).toEqual([{ chainIds: ["84532"] }, { chainIds: ["11155420"] }]);
}, 60_000);

test("two stores at once get projects of their own", async () => {
  const stores = [await insertStore(), await insertStore()];
  await Promise.all(stores.map(({ storeId }) => deployStore(storeId)));
  await first.settle();
  const rows = await Promise.all(stores.map(async ({ storeId }) => must((await deploymentsOf(storeId))[0])));
  expect(rows.map(({ status }) => status)).toEqual(["deployed", "deployed"]);
  expect(new Set(rows.map(({ project_id }) => project_id)).size).toBe(2);
});

test("a deployment that keeps reverting ends as failed, with its reason and money of nobody", async () => {
  const { storeId } = await insertStore();
  // The revnet's ERC-20 refuses an empty symbol.
  await sql`UPDATE stores SET symbol = '' WHERE id = ${storeId}`;
  for (let attempt = 0; attempt < DEPLOYMENT_ATTEMPTS_MAX; attempt += 1) {
    await deployStore(storeId);
    for (let round = 0; round < ATTEMPTS_MAX; round += 1) {
      await first.sign();
      await sql`UPDATE user_operations SET next_attempt_at = now() WHERE status = 'queued'`;
    }
    await first.follow();
  }
  const row = must((await deploymentsOf(storeId))[0]);
  expect(row).toMatchObject({ status: "failed", attempts: DEPLOYMENT_ATTEMPTS_MAX });
  expect(row.error_message).toBeTruthy();
  expect((await storeOf(storeId)).deployment_status).toBe("failed");
}, 60_000);
