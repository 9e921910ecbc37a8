import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address } from "@/lib/chain/addresses";
import { ledgerOf } from "@/lib/dev/avenia/ledger";
import { chainDeposits } from "@/lib/dev/chain/read-deposits";
import { chainVariable } from "@/lib/env";
import { newId } from "@/lib/ids";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { confirm, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { addDestination, confirmDestination } from "./add-destination";
import { advancePayout } from "./advance-payout";
import { retryPayout } from "./answer-payout";
import { lookUpDestination } from "./look-up-destination";
import { potValueUsdMicros } from "./plan-funding";
import { priceDollars } from "./price-dollars";
import { getPayoutIdentity } from "./identity";
import { getDestination } from "./queries";
import { quotePayout } from "./quote-payout";
import { requestPayout } from "./request-payout";
import { storePots } from "./store-pots";

process.env.CHAIN_IDS = "84532";
const KEPT = 95_000_000n;
let world: ChainWorld;
let avenia: AveniaWorld;
let isChainUp = false;
let store: { storeId: string; shortCode: string };
let owner: Actor;
beforeAll(async () => {
  // Before anything reads the environment; its look at the chain begins with the chain.
  avenia = await startAveniaWorld({ deposits: (wanted) => (isChainUp ? chainDeposits(world.chainId, chainVariable("RPC_URL", world.chainId))(wanted) : Promise.reject(new Error("no chain yet"))), depositPollMs: 50 });
  world = await startChainWorld();
  isChainUp = true;
  await refreshRate();
  store = await makeOpenStore(world);
  const person = await makePayer(world, 0n);
  owner = { ...person, name: "Bia", phone: "", locale: "pt-BR" };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, 'owner', now() - interval '9 days')`;
  await confirm(await makePayer(world, 100_000_000n), store, 100_000_000n);
  await world.settle();
});
beforeEach(() => sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${owner.sessionId}`);
afterAll(async () => {
  await avenia.stop();
  await world.stop();
});

async function lookedUp(key: string) {
  const { destinationId } = await addDestination(owner, { storeId: store.storeId, label: "", type: "pix", keyType: "email", key });
  await lookUpDestination(destinationId);
  return getDestination(owner, store.storeId, destinationId);
}
async function usable(key: string): Promise<string> {
  const { id } = await lookedUp(key);
  await confirmDestination(owner, { storeId: store.storeId, destinationId: id });
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${id}`;
  await sql`DELETE FROM rate_limits`;
  return id;
}
async function request(destinationId: string, amount = "10,00"): Promise<string> {
  const { quote, signed } = await quotePayout(owner, { storeId: store.storeId, to: { kind: "saved", destinationId }, way: "cash_out", amount: { currency: "USD", text: amount }, chainId: null });
  await priceDollars(must(quote.priceId));
  const { payoutId } = await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed });
  await world.settle();
  return payoutId;
}
const payoutOf = async (id: string) => must((await sql<{ state: string; end_to_end_id: string | null; error_message: string | null }[]>`SELECT state, end_to_end_id, error_message FROM payouts WHERE id = ${id}`)[0]);
async function until(id: string, state: string, now?: () => Date) {
  await expect.poll(async () => {
    await advancePayout(id, now?.());
    return (await payoutOf(id)).state;
  }, { timeout: 20_000, interval: 50 }).toBe(state);
  return payoutOf(id);
}

/** Chain, stand-in and database: every dollar is in one place, and each says the same. */
async function expectConserved() {
  const ledger = ledgerOf(avenia.sandbox.world);
  expect(ledger.isConserved).toBe(true);
  const [account] = await sql<{ address: Address; id: string }[]>`SELECT deposit_address AS address, account_id AS id FROM payout_accounts WHERE store_id = ${store.storeId}`;
  const sent = await world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [must(account).address] });
  const inStore = (await storePots(store.storeId)).reduce((sum, pot) => sum + potValueUsdMicros(pot), 0n);
  expect(inStore + sent).toBe(KEPT);
  expect(sent).toBe(BigInt(ledger.creditedUsdMicros));
  const [row] = await sql<{ paid: string; kept: string }[]>`
    SELECT (COALESCE(sum(funded_usd) FILTER (WHERE state = 'completed'), 0) * 1000000)::bigint::text AS paid, (COALESCE(sum(funded_usd) FILTER (WHERE state IN ('failed', 'returned')), 0) * 1000000)::bigint::text AS kept FROM payouts WHERE store_id = ${store.storeId}`;
  expect(row).toEqual({ paid: ledger.paidOutUsdMicros, kept: ledger.balancesUsdMicros });
}

test("a store is made known once; every outcome of the stand-in is shown, and the sums hold after each", { timeout: 120_000 }, async () => {
  expect(await lookedUp("bia@exemplo.com.br")).toMatchObject({ lookup: "identity" });
  expect(await getPayoutIdentity(owner, store.storeId)).toMatchObject({ status: "open", steps: [{ step: "person", url: expect.stringContaining("/__sandbox/kyc/") }] });
  const attempt = must(avenia.sandbox.world.state.attempts.at(-1));
  await fetch(`${avenia.sandbox.url}/__sandbox/kyc/${attempt.id}`, { method: "POST", body: "verdict=approve", redirect: "manual" });
  expect(await lookedUp("naoexiste@pix.test")).toMatchObject({ lookup: "unknown" });

  const paid = await request(await usable("bia@exemplo.com.br"));
  expect(await until(paid, "completed")).toMatchObject({ end_to_end_id: expect.stringMatching(/^E\w{31}$/) });
  await expectConserved();

  const failing = await request(await usable("falha@pix.test"));
  expect(await until(failing, "failed")).toMatchObject({ error_message: "PIX-KEY-NOT-FOUND" });
  await expectConserved();
  await retryPayout(owner, { storeId: store.storeId, payoutId: failing, destinationId: await usable("certa@exemplo.com.br") });
  await until(failing, "completed");
  await expectConserved();

  const returning = await request(await usable("devolvido@pix.test"));
  await until(returning, "returned");
  await expectConserved();

  const held = await request(await usable("retido@pix.test"));
  await until(held, "on_hold");
  await avenia.post("/__sandbox/advance", { ticketId: must(avenia.sandbox.world.state.payouts.at(-1)).id });
  await until(held, "completed");
  await expectConserved();
});

test("500, 429, and an answer lost after the order was taken: paid once", { timeout: 120_000 }, async () => {
  const key = await usable("bia@exemplo.com.br");
  for (const kind of ["timeout-after-accept", "500", "429"] as const) {
    const before = avenia.sandbox.world.state.payouts.length;
    const id = await request(key, "5,00");
    await avenia.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind, times: 1 });
    // Half a minute passes between two looks: an order that is not there by then can no longer arrive.
    let looks = 0;
    await until(id, "completed", () => new Date(Date.now() + 31_000 * (looks += 1)));
    expect(avenia.sandbox.world.state.payouts).toHaveLength(before + 1);
    await expectConserved();
  }
});
