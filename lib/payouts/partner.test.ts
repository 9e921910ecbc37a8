import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address } from "@/lib/chain/addresses";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { confirm, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { Crash, payoutPartner, type Method } from "@/lib/test/payout-partner";
import { addDestination, confirmDestination } from "./add-destination";
import { advancePayout } from "./advance-payout";
import { acceptOffer, retryPayout } from "./answer-payout";
import { lookUpDestination } from "./look-up-destination";
import { potValueUsdMicros } from "./plan-funding";
import { priceDollars } from "./price-dollars";
import { getDestination, getPayout } from "./queries";
import { quotePayout } from "./quote-payout";
import { heedPayoutEvent } from "./heed-event";
import { reconcileAccounts } from "./reconcile-accounts";
import { requestPayout } from "./request-payout";
import { storePots } from "./store-pots";

process.env.CHAIN_IDS = "84532";
const partner = payoutPartner();
vi.mock("./providers", () => ({ payoutProvider: () => partner.provider, payoutProviderName: () => "avenia" }));

const KEPT = 95_000_000n;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor;
let destinationId: string;
beforeAll(async () => {
  world = await startChainWorld();
  await refreshRate();
});
beforeEach(async () => {
  partner.reset();
  store = await makeOpenStore(world);
  const person = await makePayer(world, 0n);
  owner = { ...person, name: "Bia", phone: "", locale: "pt-BR" };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, 'owner', now() - interval '9 days')`;
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${person.sessionId}`;
  await confirm(await makePayer(world, 100_000_000n), store, 100_000_000n);
  await world.settle();
  destinationId = await usableKey("bia@example.com");
});
afterAll(() => world.stop());

const accountId = () => `account-${store.storeId}`;
async function newKey(key: string): Promise<string> {
  const added = await addDestination(owner, { storeId: store.storeId, label: "", type: "pix", keyType: "email", key });
  await lookUpDestination(added.destinationId);
  return added.destinationId;
}
async function usableKey(key: string): Promise<string> {
  const id = await newKey(key);
  await confirmDestination(owner, { storeId: store.storeId, destinationId: id });
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${id}`;
  return id;
}
async function request(amount = "20,00"): Promise<string> {
  const { quote, signed } = await quotePayout(owner, { storeId: store.storeId, to: { kind: "saved", destinationId }, way: "cash_out", amount: { currency: "USD", text: amount }, chainId: null });
  await priceDollars(must(quote.priceId));
  return (await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed })).payoutId;
}
async function funded(amount?: string): Promise<string> {
  const id = await request(amount);
  await world.settle();
  return id;
}
type Shown = { state: string; status: string; problem: string | null; error_message: string | null; end_to_end_id: string | null; steps: string[]; paid: string | null };
const payoutOf = async (id: string) =>
  must((await sql<Shown[]>`
    SELECT state, status::text, problem, error_message, end_to_end_id, amount_brl_centavos::text AS paid, (SELECT array_agg(s.state ORDER BY s.at) FROM payout_steps s WHERE s.payout_id = p.id) AS steps FROM payouts p WHERE id = ${id}`)[0]);
async function advance(id: string, now?: Date) {
  await advancePayout(id, now);
  return payoutOf(id);
}
const deposits = async () => {
  const [row] = await sql<{ address: Address }[]>`SELECT deposit_address AS address FROM payout_accounts WHERE store_id = ${store.storeId}`;
  return world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [must(row).address] });
};

/** Every dollar is in one place: in the store, at the partner, or paid out; and our rows say the same. */
async function expectConserved() {
  const inStore = (await storePots(store.storeId)).reduce((sum, pot) => sum + potValueUsdMicros(pot), 0n);
  const paid = partner.paid(accountId()).reduce((sum, { amountUsdMicros }) => sum + amountUsdMicros, 0n);
  const sent = await deposits();
  expect(inStore + sent).toBe(KEPT);
  expect(sent).toBe(partner.balance(accountId()) + paid);
  const [row] = await sql<{ funded: string; done: string }[]>`
    SELECT (COALESCE(sum(funded_usd), 0) * 1000000)::bigint::text AS funded, (COALESCE(sum(funded_usd) FILTER (WHERE state IN ('submitted', 'processing', 'on_hold', 'completed')), 0) * 1000000)::bigint::text AS done FROM payouts WHERE store_id = ${store.storeId}`;
  expect(BigInt(must(row).funded)).toBe(sent);
  expect(BigInt(must(row).done)).toBe(paid);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
}

test("a Pix from request to receipt: price with its least, funding, credit, order, end-to-end id", async () => {
  const id = await request();
  expect(await advance(id)).toMatchObject({ state: "requested", status: "pending" });
  await world.sign();
  expect(await advance(id)).toMatchObject({ state: "funding", status: "processing" });
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "funded" });
  expect(await advance(id)).toMatchObject({ state: "processing" });
  partner.end("paid");
  const done = await advance(id);
  // 20.00 at 5.40, less 50 centavos.
  expect(done).toMatchObject({ state: "completed", status: "completed", paid: "10750", end_to_end_id: expect.stringMatching(/^E/), steps: ["requested", "funding", "funded", "submitted", "processing", "completed"] });
  await advance(id);
  expect(await getPayout(owner, store.storeId, id)).toMatchObject({ hasPartnerReceipt: true, endToEndId: done.end_to_end_id });
  await expectConserved();
});

test("a name is looked up once and again only after 15 minutes; a key that nobody has can't be confirmed", async () => {
  const before = partner.books.lookups;
  const again = await newKey("outra@example.com");
  await newKey("outra@example.com");
  expect(partner.books.lookups).toBe(before + 1);
  expect(await getDestination(owner, store.storeId, again)).toMatchObject({ holder: { name: "HELENA PRADO", maskedDocument: "***.456.789-**" }, isConfirmed: false, shown: expect.not.stringContaining("outra") });
  const nobody = await newKey("naoexiste@example.com");
  await expect(confirmDestination(owner, { storeId: store.storeId, destinationId: nobody })).rejects.toMatchObject({ code: "payout_key_unknown" });
  for (const key of ["", "sem-arroba", "a@b", "bia%x@example.com"]) await expect(newKey(key)).rejects.toMatchObject({ code: "payout_key_invalid" });
  await expect(addDestination(owner, { storeId: store.storeId, label: "", type: "pix", keyType: "cpf", key: "111.111.111-11" })).rejects.toMatchObject({ code: "payout_key_invalid" });
  await expect(addDestination(owner, { storeId: store.storeId, label: "", type: "bank", holderName: "x", document: "1", bankCode: "9", branch: "0", account: "z", accountType: "checking" })).rejects.toMatchObject({ code: "payout_bank_invalid" });
});

test("an answer that was lost after the order was taken never pays twice", async () => {
  const id = await funded();
  partner.knobs.submit = "loses_answer";
  expect(await advance(id)).toMatchObject({ state: "submitted" });
  for (let round = 0; round < 5; round += 1) await advance(id);
  expect(await payoutOf(id)).toMatchObject({ state: "processing" });
  expect(partner.paid(accountId())).toHaveLength(1);
  partner.end("paid");
  expect(await advance(id)).toMatchObject({ state: "completed" });
  await expectConserved();
});

test("an order that never arrived is looked for, and placed again only when it can no longer arrive", async () => {
  const id = await funded();
  partner.knobs.submit = "loses_order";
  await advance(id);
  expect(await advance(id)).toMatchObject({ state: "submitted" });
  expect(partner.paid(accountId())).toHaveLength(0);
  const later = new Date(Date.now() + 31_000);
  expect(await advance(id, later)).toMatchObject({ state: "funded" });
  expect(await advance(id, later)).toMatchObject({ state: "processing" });
  expect(partner.paid(accountId())).toHaveLength(1);
  await expectConserved();
});

test("a partner that is away for an hour loses nothing and is named", async () => {
  const id = await funded();
  partner.knobs.isDown = true;
  for (let minute = 0; minute < 60; minute += 1) await advancePayout(id, new Date(Date.now() + minute * 60_000));
  expect(await payoutOf(id)).toMatchObject({ state: "funded", problem: "partner_away" });
  partner.knobs.isDown = false;
  expect(await advance(id)).toMatchObject({ state: "processing", problem: null });
  partner.knobs.isDown = true;
  expect(await advance(id)).toMatchObject({ state: "processing", problem: "partner_away" });
  partner.knobs.isDown = false;
  partner.end("paid");
  expect(await advance(id)).toMatchObject({ state: "completed", problem: null });
  await expectConserved();
});

test("a price that ended or a busy partner is asked again; a refusal leaves the money at the partner, and a retry takes nothing more from the store", async () => {
  const id = await funded();
  for (const submit of ["expired", "busy"] as const) {
    partner.knobs.submit = submit;
    expect(await advance(id)).toMatchObject({ state: "funded" });
  }
  partner.knobs.submit = "refuses";
  expect(await advance(id)).toMatchObject({ state: "failed", status: "failed", error_message: "PIX-KEY-NOT-FOUND" });
  await expectConserved();
  const other = await usableKey("certa@example.com");
  await retryPayout(owner, { storeId: store.storeId, payoutId: id, destinationId: other });
  await expect(retryPayout(owner, { storeId: store.storeId, payoutId: id, destinationId: null })).rejects.toMatchObject({ code: "payout_over" });
  expect(await advance(id)).toMatchObject({ state: "processing" });
  partner.end("paid");
  expect(await advance(id)).toMatchObject({ state: "completed" });
  const [row] = await sql<{ destination: { pixKey: string } }[]>`SELECT destination FROM payouts WHERE id = ${id}`;
  expect(must(row).destination.pixKey).toBe("certa@example.com");
  await expectConserved();
});

test("held, failed on the way, and returned after it was paid: each is shown, and the money goes out once", async () => {
  const held = await funded();
  await advance(held);
  partner.end("held");
  expect(await advance(held)).toMatchObject({ state: "on_hold", status: "processing" });
  partner.end("failed", "held");
  expect(await advance(held)).toMatchObject({ state: "failed" });
  await expectConserved();
  await retryPayout(owner, { storeId: store.storeId, payoutId: held, destinationId: null });
  await advance(held);
  partner.end("paid");
  expect(await advance(held)).toMatchObject({ state: "completed" });
  partner.end("returned", "paid");
  expect(await advance(held)).toMatchObject({ state: "returned", status: "failed" });
  await expectConserved();
  await retryPayout(owner, { storeId: store.storeId, payoutId: held, destinationId: null });
  await advance(held);
  partner.end("paid");
  expect(await advance(held)).toMatchObject({ state: "completed", steps: ["requested", "funded", "submitted", "processing", "on_hold", "failed", "funded", "submitted", "processing", "completed", "returned", "funded", "submitted", "processing", "completed"] });
  await expectConserved();
});

test("less than promised waits for the owner, who says yes to exactly what was offered", async () => {
  const id = await funded();
  partner.knobs.brlPerUsdMicros = 5_000_000n;
  expect(await advance(id)).toMatchObject({ state: "needs_confirmation", status: "processing", problem: "price_fell" });
  await advance(id);
  expect(partner.paid(accountId())).toHaveLength(0);
  await expect(acceptOffer(owner, { storeId: store.storeId, payoutId: id, offeredBrlCentavos: 10_750n })).rejects.toMatchObject({ code: "payout_moved" });
  await sql`UPDATE sessions SET stepped_up_at = NULL WHERE id = ${owner.sessionId}`;
  await expect(acceptOffer(owner, { storeId: store.storeId, payoutId: id, offeredBrlCentavos: 9_950n })).rejects.toMatchObject({ code: "step_up_required" });
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${owner.sessionId}`;
  await acceptOffer(owner, { storeId: store.storeId, payoutId: id, offeredBrlCentavos: 9_950n });
  expect(await advance(id)).toMatchObject({ state: "processing" });
  partner.end("paid");
  expect(await advance(id)).toMatchObject({ state: "completed", paid: "9950" });
  await expectConserved();
});

test("a limit, an identity that is missing and an away partner give no price, and nothing can be requested", async () => {
  for (const [status, set] of [["limit", { leftBrlCentavos: 100n }], ["away", { isDown: true }]] as const) {
    Object.assign(partner.knobs, set);
    const { quote, signed } = await quotePayout(owner, { storeId: store.storeId, to: { kind: "saved", destinationId }, way: "cash_out", amount: { currency: "USD", text: "20,00" }, chainId: null });
    await priceDollars(must(quote.priceId));
    expect(await sql`SELECT status FROM payout_prices WHERE id = ${quote.priceId}`).toEqual([{ status }]);
    await expect(requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed })).rejects.toMatchObject({ code: status === "limit" ? "payout_limit" : "quote_invalid" });
    partner.reset();
  }
});

test("a message that comes twice, late or about nothing of ours changes nothing by itself", async () => {
  const id = await funded();
  await advance(id);
  const [row] = await sql<{ ticket: string; submission: string }[]>`SELECT external_id AS ticket, submission_id AS submission FROM payouts WHERE id = ${id}`;
  const { ticket, submission } = must(row);
  for (let round = 0; round < 3; round += 1) expect(await heedPayoutEvent("avenia", { ticketId: ticket, externalId: submission, accountId: accountId() })).toBe(true);
  expect(await payoutOf(id)).toMatchObject({ state: "processing" });
  partner.end("paid");
  expect(await advance(id)).toMatchObject({ state: "completed" });
  await heedPayoutEvent("avenia", { ticketId: ticket, externalId: submission, accountId: accountId() });
  expect(await advance(id)).toMatchObject({ state: "completed", steps: ["requested", "funded", "submitted", "processing", "completed"] });
  expect(await heedPayoutEvent("avenia", { ticketId: "ticket-of-nobody", externalId: newId(), accountId: "account-of-nobody" })).toBe(false);
});

test("dollars that no payout explains are found and named; a credit that is late is named too", async () => {
  const id = await funded();
  partner.knobs.creditsAtOnce = false;
  expect(await advance(id)).toMatchObject({ state: "funded", problem: null });
  expect(await advance(id, new Date(Date.now() + 11 * 60_000))).toMatchObject({ state: "funded", problem: "credit_late" });
  partner.knobs.creditsAtOnce = true;
  await advance(id);
  partner.end("paid");
  await advance(id);
  partner.give(accountId(), 3_000_000n);
  await reconcileAccounts();
  expect(await sql`SELECT unmatched_usd::text AS usd FROM payout_accounts WHERE store_id = ${store.storeId}`).toEqual([{ usd: "3.000000" }]);
});

const BOUNDARIES: { method: Method; when: "before" | "after" }[] = (["isCredited", "quote", "submit"] as const).flatMap((method) => [{ method, when: "before" as const }, { method, when: "after" as const }]);
test.each(BOUNDARIES)("killed five times $when $method, the payout goes out once and everything adds up", async (crash) => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => request("4,00")));
  await world.settle();
  for (const id of ids) {
    partner.knobs.crash = { ...crash };
    await expect(advancePayout(id)).rejects.toBeInstanceOf(Crash);
    // The next process begins from the rows; the last try is when an order of the dead one can no longer arrive.
    for (let round = 0; round < 3; round += 1) await advancePayout(id);
    for (let round = 0; round < 2; round += 1) await advancePayout(id, new Date(Date.now() + 31_000));
  }
  expect(partner.paid(accountId())).toHaveLength(5);
  await expectConserved();
  for (const id of ids) {
    partner.knobs.crash = { method: "read", when: "after" };
    partner.end("paid");
    await expect(advancePayout(id)).rejects.toBeInstanceOf(Crash);
    expect(await advance(id)).toMatchObject({ state: "completed" });
  }
  await expectConserved();
});

test("killed five times between signing, bundling and following: the dollars leave the store once", async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = await request("5,00");
    await world.sign();
    world.restartBundler();
    await world.bundle();
    world.restartBundler();
    await world.settle();
    expect(await payoutOf(id)).toMatchObject({ state: "funded" });
    await advance(id);
    partner.end("paid");
    expect(await advance(id)).toMatchObject({ state: "completed" });
    await expectConserved();
  }
});
