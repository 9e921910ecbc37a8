import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC, type Address } from "@/lib/chain/addresses";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { newId } from "@/lib/ids";
import { openLoansOf } from "@/lib/loans/queries";
import { refreshRate } from "@/lib/rates/refresh-rate";
import type { Role } from "@/lib/team/rules";
import { confirm, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { addDestination, confirmDestination } from "./add-destination";
import { quotePayout } from "./quote-payout";
import { requestPayout } from "./request-payout";
import { storePots } from "./store-pots";
import { potValueUsdMicros } from "./plan-funding";
import type { PayoutWay } from "./rules";

process.env.CHAIN_IDS = "84532";
const SALE = 40_000_000n;
/** A store keeps all of a sale but its 5 % of rewards. */
const KEPT = 38_000_000n;
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let owner: Actor & { address: Address };
beforeAll(async () => {
  world = await startChainWorld();
  await refreshRate();
});
beforeEach(async () => {
  store = await makeOpenStore(world);
  owner = await makeMember("owner");
  await confirm(await makePayer(world, 50_000_000n), store, SALE);
  await world.settle();
});
afterAll(() => world.stop());

async function makeMember(role: Role, acceptedHoursAgo = 100): Promise<Actor & { address: Address }> {
  const person = await makePayer(world, 0n);
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, ${role}, now() - make_interval(hours => ${acceptedHoursAgo}))`;
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${person.sessionId}`;
  return { ...person, name: "Bia", phone: "", locale: "pt-BR" };
}
const dollars = (account: Address) => world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [account] });
const payoutOf = async (id: string) =>
  must((await sql<{ state: string; status: string; funded: string | null; problem: string | null; transaction: string; steps: string[] }[]>`
    SELECT p.state, p.status::text, p.funded_usd::text AS funded, p.problem, t.status::text AS transaction, (SELECT array_agg(s.state ORDER BY s.at) FROM payout_steps s WHERE s.payout_id = p.id) AS steps
    FROM payouts p JOIN transactions t ON t.id = p.transaction_id WHERE p.id = ${id}`)[0]);
const left = async () => (await storePots(store.storeId)).reduce((sum, pot) => sum + potValueUsdMicros(pot), 0n);

const toOwn = (actor: Actor = owner) => ({ kind: "balance", userId: actor.userId }) as const;
async function quote(actor: Actor, amount: string | null, { way = "cash_out", to = toOwn(actor) }: { way?: PayoutWay; to?: Parameters<typeof quotePayout>[1]["to"] } = {}) {
  return quotePayout(actor, { storeId: store.storeId, to, way, amount: amount === null ? null : { currency: "USD", text: amount }, chainId: null });
}
async function payOut(actor: Actor, amount: string | null, options: Parameters<typeof quote>[2] & { key?: string } = {}) {
  const { signed } = await quote(actor, amount, options);
  return (await requestPayout(actor, { storeId: store.storeId, key: options.key ?? newId(), quote: signed })).payoutId;
}

test("a part of a sale goes to the owner's balance to the micro-dollar, free, and everything agrees afterwards", async () => {
  const { quote: priced } = await quote(owner, "10,00");
  expect(priced.terms).toMatchObject({ way: "cash_out", amountUsdMicros: 10_000_000n, netUsdMicros: 10_000_000n, leastUsdMicros: 9_950_000n });
  expect(priced.nets).toEqual({ cash_out: 10_000_000n, borrow: 9_400_000n });
  const id = await payOut(owner, "10,00");
  expect(await payoutOf(id)).toMatchObject({ state: "requested", status: "pending", transaction: "pending" });
  expect(await left()).toBe(KEPT - 10_000_000n);
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "completed", status: "completed", funded: "10.000000", transaction: "confirmed", steps: ["requested", "completed"] });
  expect(await dollars(owner.address)).toBe(10_000_000n);
  expect(await left()).toBe(KEPT - 10_000_000n);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
  const audits = await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE resource_id = ${id} ORDER BY created_at, id`;
  expect(audits.map(({ action }) => action)).toEqual(["payout.requested", "payout.completed"]);
});

test("all of it; afterwards there is nothing, and the next one is refused", async () => {
  await payOut(owner, null);
  await world.settle();
  expect(await dollars(owner.address)).toBe(KEPT);
  expect(await left()).toBe(0n);
  await expect(quote(owner, "5,00")).rejects.toMatchObject({ code: "payout_balance" });
});

test("borrowing pays 94 %, keeps the tokens' upside in a loan of the store's, and is nobody's own advance", async () => {
  const id = await payOut(owner, "20,00", { way: "borrow" });
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "completed", funded: "18.800000" });
  expect(await dollars(owner.address)).toBe(18_800_000n);
  const loans = await sql<{ store_id: string; user_id: string; is_active: boolean; amount: string }[]>`SELECT store_id, user_id, is_active, borrow_amount_usd::text AS amount FROM loans WHERE store_id = ${store.storeId}`;
  expect(loans).toEqual([{ store_id: store.storeId, user_id: owner.userId, is_active: true, amount: "20.000000" }]);
  expect(await openLoansOf(owner)).toEqual([]);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("two tabs with one key make one payout; with keys of their own and money for one, the second is refused", async () => {
  const { signed } = await quote(owner, "30,00");
  const key = newId();
  const same = await Promise.all(Array.from({ length: 4 }, () => requestPayout(owner, { storeId: store.storeId, key, quote: signed })));
  expect(new Set(same.map(({ payoutId }) => payoutId)).size).toBe(1);
  const other = await makeMember("owner");
  const [mine, theirs] = [await quotePayout(owner, { storeId: store.storeId, to: toOwn(), way: "cash_out", amount: { currency: "USD", text: "6,00" }, chainId: null }), await quote(other, "6,00")];
  const both = await Promise.allSettled([
    requestPayout(owner, { storeId: store.storeId, key: newId(), quote: mine.signed }),
    requestPayout(other, { storeId: store.storeId, key: newId(), quote: theirs.signed }),
  ]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of both) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "payout_balance" });
  await world.settle();
  const mismatch = await quote(owner, "1,00");
  await expect(requestPayout(owner, { storeId: store.storeId, key, quote: mismatch.signed })).rejects.toMatchObject({ code: "idempotency_mismatch" });
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("only owners, only confirmed, only in a session that lives", async () => {
  const admin = await makeMember("admin");
  await expect(quote(admin, "5,00", { to: toOwn(owner) })).rejects.toMatchObject({ code: "forbidden" });
  const stranger = await makePayer(world, 0n);
  await expect(quote({ ...stranger, name: "", phone: "", locale: "pt-BR" }, "5,00", { to: toOwn(owner) })).rejects.toMatchObject({ code: "not_found" });
  const { signed } = await quote(owner, "5,00");
  await expect(requestPayout(admin, { storeId: store.storeId, key: newId(), quote: signed })).rejects.toMatchObject({ code: "forbidden" });
  await sql`UPDATE sessions SET stepped_up_at = NULL WHERE id = ${owner.sessionId}`;
  await expect(requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed })).rejects.toMatchObject({ code: "step_up_required" });
  await expect(requestPayout(owner, { storeId: store.storeId, key: newId(), quote: `${signed}x` })).rejects.toMatchObject({ code: "quote_invalid" });
});

test("somebody who just joined waits a day; a member of yesterday gets the dollars", async () => {
  const fresh = await makeMember("staff", 1);
  await expect(quote(owner, "5,00", { to: toOwn(fresh) })).rejects.toMatchObject({ code: "payout_destination_waits" });
  const known = await makeMember("staff", 25);
  await payOut(owner, "5,00", { to: toOwn(known) });
  await world.settle();
  expect(await dollars(known.address)).toBe(5_000_000n);
});

test("a wallet is checked, told to the owners and waits a day; an address of ours is refused", async () => {
  const add = (address: string) => addDestination(owner, { storeId: store.storeId, label: "", type: "wallet", address });
  const [own] = await sql<{ address: string }[]>`SELECT address FROM store_accounts WHERE store_id = ${store.storeId} LIMIT 1`;
  await expect(add(must(own).address)).rejects.toMatchObject({ code: "address_contract" });
  await expect(add("0x123")).rejects.toMatchObject({ code: "address_invalid" });
  await expect(add("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD".replace("B", "b"))).rejects.toMatchObject({ code: "address_checksum" });
  await expect(add(USDC[world.chainId])).rejects.toMatchObject({ code: "address_contract" });
  const wallet: Address = "0x00000000000000000000000000000000c0c0a7e5";
  const { destinationId } = await add(wallet);
  const to = { kind: "saved", destinationId } as const;
  await expect(quote(owner, "5,00", { to })).rejects.toMatchObject({ code: "not_found" });
  await confirmDestination(owner, { storeId: store.storeId, destinationId });
  await expect(quote(owner, "5,00", { to })).rejects.toMatchObject({ code: "payout_destination_waits" });
  expect(await sql`SELECT kind FROM notices WHERE user_id = ${owner.userId}`).toEqual([{ kind: "payout_destination_added" }]);
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${destinationId}`;
  const before = await dollars(wallet);
  await payOut(owner, "5,00", { to });
  await world.settle();
  expect(await dollars(wallet)).toBe(before + 5_000_000n);
});

test("a closed store pays out the rest", async () => {
  await sql`UPDATE stores SET closed_at = now() WHERE id = ${store.storeId}`;
  await payOut(owner, null);
  await world.settle();
  expect(await dollars(owner.address)).toBe(KEPT);
});

test("a refund and a payout that race never promise the same money", async () => {
  const { signed } = await quote(owner, "30,00");
  const [sale] = await sql<{ id: string; to: string }[]>`SELECT id, from_user_id AS to FROM transactions WHERE store_id = ${store.storeId} AND type = 'payment' AND status = 'confirmed' LIMIT 1`;
  const refund = { actor: owner, input: { storeId: store.storeId, transactionId: must(sale).id } };
  const [place] = await storePots(store.storeId);
  // What a refund of the sale would promise: a pending transaction of the store under its lock.
  const refunding = sql.begin(async (tx) => {
    await tx`SELECT store_lock(${store.storeId})`;
    const [free] = await tx<{ units: string }[]>`SELECT units::text FROM store_available(${store.storeId}, '84532')`;
    const units = (BigInt(must(free).units) * 60n) / 100n;
    const id = newId();
    await tx`INSERT INTO transactions (id, to_user_id, store_id, type, purpose, amount_usd, tokens_used, chain_id) VALUES (${id}, ${must(sale).to}, ${refund.input.storeId}, 'received', 'refund', 22.8,
      ${tx.json([{ token_address: must(place).tokenAddress, amount: units.toString() }])}, '84532')`;
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await expect(requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed })).rejects.toMatchObject({ code: "payout_balance" });
  await refunding;
  await payOut(owner, "15,00");
  await world.settle();
  expect(await dollars(owner.address)).toBe(15_000_000n);
});

test("a reorganisation takes a payout back and lands it again, once", async () => {
  const id = await payOut(owner, "10,00");
  const snapshot = await world.chain.client.snapshot();
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "completed" });
  await world.chain.client.revert({ id: snapshot });
  await world.chain.client.mine({ blocks: 3 });
  await world.follow();
  expect(await payoutOf(id)).toMatchObject({ state: "funding", status: "processing", transaction: "pending", funded: null });
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "completed", transaction: "confirmed", funded: "10.000000" });
  expect(await dollars(owner.address)).toBe(10_000_000n);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("a value that fell before it was signed waits for the owner; asked anew it is the same payout", async () => {
  const id = await payOut(owner, "10,00");
  await sql`UPDATE transactions SET terms = terms || '{"leastUsdMicros": "99000000"}' WHERE id = ${id}`;
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "needs_confirmation", problem: "quote_moved", transaction: "failed" });
  expect(await left()).toBe(KEPT);
  const { signed } = await quotePayout(owner, { storeId: store.storeId, to: toOwn(), way: "cash_out", amount: { currency: "USD", text: "9,00" }, chainId: null, againId: id });
  const { payoutId } = await requestPayout(owner, { storeId: store.storeId, key: newId(), quote: signed });
  expect(payoutId).toBe(id);
  await world.settle();
  expect(await payoutOf(id)).toMatchObject({ state: "completed", funded: "9.000000" });
  await expect(requestPayout(owner, { storeId: store.storeId, key: newId(), quote: (await quotePayout(owner, { storeId: store.storeId, to: toOwn(), way: "cash_out", amount: { currency: "USD", text: "9,00" }, chainId: null, againId: id })).signed })).rejects.toMatchObject({ code: "payout_over" });
});

test("who lost the store, or whose destination was removed, before the worker signs gets nothing", async () => {
  const lost = await payOut(owner, "5,00");
  await sql`UPDATE store_members SET role = 'admin' WHERE user_id = ${owner.userId}`;
  await world.settle();
  expect(await payoutOf(lost)).toMatchObject({ state: "failed", problem: "forbidden" });
  await sql`UPDATE store_members SET role = 'owner' WHERE user_id = ${owner.userId}`;
  const unproven = await payOut(owner, "5,00");
  await sql`UPDATE sessions SET stepped_up_at = NULL WHERE id = ${owner.sessionId}`;
  await world.settle();
  expect(await payoutOf(unproven)).toMatchObject({ state: "failed", problem: "step_up_required" });
  expect(await left()).toBe(KEPT);
});

test("the web process may ask and look, and write nothing of a payout's life", async () => {
  const asWeb = (statement: string) => sql.begin(async (tx) => {
    await tx.unsafe("SET LOCAL ROLE cocopay_web");
    await tx.unsafe(statement);
  });
  for (const statement of [
    "UPDATE payouts SET state = 'completed'",
    "INSERT INTO payout_steps (id, payout_id, state) SELECT gen_random_uuid(), id, 'completed' FROM payouts LIMIT 1",
    "UPDATE payout_destinations SET data = '{}'",
    "UPDATE payout_prices SET minimum_brl_centavos = 0",
    "UPDATE payout_accounts SET deposit_address = '0x0000000000000000000000000000000000000001'",
    "INSERT INTO transactions (type, amount_usd, chain_id) VALUES ('payout', 1, '84532')",
  ]) await expect(asWeb(statement)).rejects.toThrow(/permission denied/);
  await asWeb("SELECT count(*) FROM payouts, payout_steps, payout_destinations, payout_accounts, payout_receipts");
});
