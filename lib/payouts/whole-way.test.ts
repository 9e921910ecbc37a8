import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address } from "@/lib/chain/addresses";
import type { DepositReader } from "@/lib/dev/avenia/world";
import { chainDeposits } from "@/lib/dev/chain/read-deposits";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { confirm, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { approve } from "@/lib/test/payout-worlds";
import { addDestination, confirmDestination } from "./add-destination";
import { advancePayout } from "./advance-payout";
import { lookUpDestination } from "./look-up-destination";
import { potValueUsdMicros } from "./plan-funding";
import { priceDollars } from "./price-dollars";
import { providerAccount } from "./provider-account";
import { getPayout } from "./queries";
import { quotePayout } from "./quote-payout";
import { requestPayout } from "./request-payout";
import { storePots } from "./store-pots";

/** The real client over HTTP, the provider's stand-in that watches the real chain, and payouts as the worker carries them. Only the clock is moved. */
process.env.CHAIN_IDS = "84532";
const KEPT = 95_000_000n;
let read: DepositReader = ({ fromBlock }) => Promise.resolve({ deposits: [], nextBlock: fromBlock });
let avenia: AveniaWorld;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
beforeAll(async () => {
  // First, because a process reads its environment once.
  avenia = await startAveniaWorld({ deposits: (input) => read(input), depositPollMs: 50 });
  world = await startChainWorld();
  read = chainDeposits("84532", world.chain.rpcUrl);
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore(world);
  const person = await makePayer(world, 0n);
  owner = { ...person, name: "Bia", phone: "", locale: "pt-BR" };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, 'owner', now() - interval '9 days')`;
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${person.sessionId}`;
  await confirm(await makePayer(world, 100_000_000n), store, 100_000_000n);
  await world.settle();
  await approve(must((await providerAccount("avenia", store.storeId)).identityUrl));
  // The provider judges in its own time.
  for (let look = 0; look < 200 && (await providerAccount("avenia", store.storeId)).identity !== "confirmed"; look += 1) continue;
});
afterAll(async () => {
  await avenia.stop();
  await world.stop();
});

async function usableKey(key: string): Promise<string> {
  const { destinationId } = await addDestination(owner, { storeId: store.storeId, label: "", type: "pix", keyType: "email", key });
  await lookUpDestination(destinationId);
  await confirmDestination(owner, { storeId: store.storeId, destinationId });
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${destinationId}`;
  return destinationId;
}
async function request(destinationId: string, amount: string): Promise<string> {
  const { quote, signed } = await quotePayout(owner, { storeId: store.storeId, to: { kind: "saved", destinationId }, way: "cash_out", amount: { currency: "USD", text: amount }, chainId: null });
  await priceDollars(must(quote.priceId));
  return (await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed })).payoutId;
}
const stateOf = async (id: string) => must((await sql<{ state: string }[]>`SELECT state FROM payouts WHERE id = ${id}`)[0]).state;

const STEP_MS = 40_000;
/** As the minute's round would, until each is where it should be; an order that was lost on the way needs its half minute. */
async function until(expected: Record<string, string>) {
  let now = Date.now();
  const round = async () => {
    now += STEP_MS;
    for (const id of Object.keys(expected)) await advancePayout(id, new Date(now));
    return Object.fromEntries(await Promise.all(Object.keys(expected).map(async (id) => [id, await stateOf(id)] as const)));
  };
  await expect.poll(round, { timeout: 30_000, interval: 100 }).toEqual(expected);
}

type Ledger = { isConserved: boolean; payouts: { externalId: string; status: string; inputUsdMicros: string }[]; accounts: { id: string; balanceUsdMicros: string }[] };
/** Chain, provider and rows agree: every dollar is in the store, on its balance at the provider, or paid out once. */
async function expectConserved() {
  const { accountId, depositAddress } = await providerAccount("avenia", store.storeId);
  const ledger = (await (await fetch(`${avenia.sandbox.url}/__sandbox/ledger`)).json()) as Ledger;
  expect(ledger.isConserved).toBe(true);
  const inStore = (await storePots(store.storeId)).reduce((sum, pot) => sum + potValueUsdMicros(pot), 0n);
  const sent = await world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [depositAddress as Address] });
  const rows = await sql<{ submission_id: string; micros: string; state: string }[]>`SELECT submission_id, (funded_usd * 1000000)::bigint::text AS micros, state FROM payouts WHERE store_id = ${store.storeId}`;
  const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
  const orders = ledger.payouts.filter(({ externalId }) => rows.some((row) => row.submission_id === externalId));
  const paid = orders.filter(({ status }) => status === "PAID");
  // One order for each payout, whatever was lost; the provider would have taken a second one.
  expect(orders).toHaveLength(rows.length);
  expect(inStore + sent).toBe(KEPT);
  expect(sum(rows.map(({ micros }) => micros))).toBe(sent);
  expect(sum(rows.filter(({ state }) => state === "completed").map(({ micros }) => micros))).toBe(sum(paid.map(({ inputUsdMicros }) => inputUsdMicros)));
  expect(BigInt(must(ledger.accounts.find(({ id }) => id === accountId)).balanceUsdMicros)).toBe(sent - sum(paid.map(({ inputUsdMicros }) => inputUsdMicros)));
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
}

test("the dollars leave the store on the chain, and the reais arrive: identifier, receipt, sums", async () => {
  const id = await request(await usableKey("bia@padaria.com.br"), "20,00");
  await world.settle();
  await until({ [id]: "completed" });
  // The receipt is fetched by the look after.
  await advancePayout(id);
  const shown = await getPayout(owner, store.storeId, id);
  expect(shown).toMatchObject({ endToEndId: expect.stringMatching(/^E\w{31}$/) as string, hasPartnerReceipt: true });
  await expectConserved();
});

test("every outcome at once, with lost answers, failures and refusals in between: nobody is paid twice and every dollar is somewhere", async () => {
  const ends = { "bia@padaria.com.br": "completed", "falha@pix.test": "failed", "devolvido@pix.test": "returned", "lento@pix.test": "completed", "retido@pix.test": "on_hold" };
  const expected: Record<string, string> = {};
  for (const [key, state] of Object.entries(ends)) expected[await request(await usableKey(key), "6,00")] = state;
  const again = await request((await sql<{ id: string }[]>`SELECT id FROM payout_destinations WHERE store_id = ${store.storeId} ORDER BY id LIMIT 1`)[0]?.id ?? "", "7,00");
  expected[again] = "completed";
  for (const [kind, times] of [["timeout-after-accept", 2], ["500", 2], ["429", 1], ["401", 1]] as const) await avenia.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind, times });
  await avenia.post("/__sandbox/faults", { call: "GET /v2/account/tickets", kind: "500", times: 2 });
  await world.settle();
  // What came back is asked about by the hour; here at once.
  await until(expected);
  await avenia.post("/__sandbox/advance", {});
  await until(Object.fromEntries(Object.entries(expected).map(([id, state]) => [id, state === "on_hold" ? "completed" : state])));
  await expectConserved();
});
