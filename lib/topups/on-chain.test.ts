import { afterAll, beforeAll, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { identityChecks, topUps } from "@/db/schema";
import { createSubAccount } from "@/lib/avenia/accounts";
import { pay } from "@/lib/dev/avenia/payments";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { dollarsOf, makePayer, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { linkTopUp } from "./link-top-up";
import { openTicket } from "./open-ticket";
import { syncTopUp } from "./sync-top-up";
import { watchTopUps } from "./watch-top-ups";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let avenia: AveniaWorld;
beforeAll(async () => {
  avenia = await startAveniaWorld({ mint: ({ to, amountUsdMicros }) => usdcFaucet({ client: world.chain.client, chainId: "84532", to: to as `0x${string}`, amountUsdMicros }) });
  // The environment is read once: the provider stands in it before the chain's side asks.
  world = await startChainWorld();
});
afterAll(() => Promise.all([world.stop(), avenia.stop()]));

/** A code that waits to be paid, of a person with a real account. */
async function waiting(payer: Payer): Promise<string> {
  const subAccountId = await createSubAccount(avenia.access, { accountType: "INDIVIDUAL", name: `Marina ${payer.userId}` });
  const account = avenia.sandbox.world.state.subAccounts.find(({ id }) => id === subAccountId);
  if (account) account.isIdentified = true;
  await db.insert(identityChecks).values({ id: newId(), userId: payer.userId, provider: "sandbox", status: "approved", subAccountId });
  const id = newId();
  await db.insert(topUps).values({
    id, userId: payer.userId, provider: "sandbox", idempotencyKey: id, requestFingerprint: "f", amountBrlCentavos: 10_000n, chainId: "84532", status: "quoted", quotedUsdMicros: 17_859_712n, minimumUsdMicros: 17_000_000n, confirmedAt: new Date(),
  });
  await openTicket(id);
  return id;
}

const payIt = async (topUpId: string) => {
  const ticket = avenia.sandbox.world.state.tickets.find(({ externalId }) => externalId === topUpId);
  if (ticket) pay(avenia.sandbox.world, ticket, "exact");
  await Promise.all(avenia.sandbox.world.pending);
};

const stateOf = async (topUpId: string) => {
  const [row] = await sql<{ status: string; arrived_usd: string | null; purpose: string | null; transaction: string | null }[]>`
    SELECT p.status, p.arrived_usd::text, t.purpose, t.status AS transaction FROM top_ups p LEFT JOIN transactions t ON t.id = p.transaction_id WHERE p.id = ${topUpId}`;
  return row;
};
const DONE = { status: "done", arrived_usd: "17.859712", purpose: "top_up", transaction: "confirmed" };

test("the provider's word first, then the block", async () => {
  const payer = await makePayer(world, 0n);
  const id = await waiting(payer);
  await payIt(id);
  await syncTopUp(id);
  await linkTopUp(id);
  expect(await stateOf(id)).toMatchObject({ status: "paid", arrived_usd: null });
  await world.follow();
  await linkTopUp(id);
  expect(await stateOf(id)).toEqual(DONE);
  expect((await dollarsOf(payer.userId)).settled).toBe(17_859_712n);
});

test("the block first, then the provider's word; a reorg takes the dollars away and brings them back", async () => {
  const payer = await makePayer(world, 0n);
  const id = await waiting(payer);
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  await payIt(id);
  await world.follow();
  expect(await stateOf(id)).toMatchObject({ status: "waiting" });
  await syncTopUp(id);
  await linkTopUp(id);
  expect(await stateOf(id)).toEqual(DONE);
  const { tx_hash: txHash } = (await sql<{ tx_hash: string }[]>`SELECT tx_hash FROM top_ups WHERE id = ${id}`)[0]!;

  const raw = await client.getTransaction({ hash: txHash as `0x${string}` });
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  await watchTopUps();
  expect(await stateOf(id)).toMatchObject({ status: "paid", arrived_usd: null });
  expect((await dollarsOf(payer.userId)).settled).toBe(0n);

  // The same transaction is mined again in another block.
  await client.impersonateAccount({ address: raw.from });
  const again = await client.sendTransaction({ account: raw.from, to: raw.to, data: raw.input, nonce: raw.nonce, gas: raw.gas, maxFeePerGas: raw.maxFeePerGas ?? 0n, maxPriorityFeePerGas: raw.maxPriorityFeePerGas ?? 0n });
  expect(again).toBe(txHash);
  await client.waitForTransactionReceipt({ hash: again });
  await world.follow();
  await watchTopUps();
  expect(await stateOf(id)).toEqual(DONE);
  expect((await dollarsOf(payer.userId)).settled).toBe(17_859_712n);
});
