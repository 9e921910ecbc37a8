import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { listActivity } from "@/lib/activity/queries";
import { listRewardHistory } from "@/lib/rewards/history";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { eventsOf, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { lookAtStore } from "@/lib/live/queries";
import { makeLiveSession, makeRate } from "@/lib/test/factories";
import { availableOf, makeCharge, makePixShop, openPix, payAtBank, pixRow, saleOf, switchPixOn, type PixShop } from "@/lib/test/pix-world";
import { claimTillReward } from "./claim-reward";
import { claimWaitingRewards } from "./claim-waiting-rewards";
import { linkTillPix } from "./link-till-pix";
import { noteReceiptPhone, noteTillPhone } from "./note-phone";
import { getTillPix, openPixReceipt } from "./queries";
import { queueTillReward } from "./queue-reward";
import { returnTillPix } from "./return-till-pix";
import { pixSecretOf } from "./secret";
import { settleTillPix } from "./settle-till-pix";
import { syncTillPix } from "./sync-till-pix";
import { watchTillPix } from "./watch-till-pix";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let avenia: AveniaWorld;
let shop: PixShop;
/** What 100 reais become at the sandbox. */
const ARRIVED = 17_859_712n;

beforeAll(async () => {
  avenia = await startAveniaWorld({ mint: ({ to, amountUsdMicros }) => usdcFaucet({ client: world.chain.client, chainId: "84532", to: to as `0x${string}`, amountUsdMicros }) });
  world = await startChainWorld();
  await makeRate();
  await switchPixOn();
  shop = await makePixShop(avenia, (await makeOpenStore(world)).storeId);
}, 120_000);
afterAll(() => Promise.all([world.stop(), avenia.stop()]));

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const visitor = { ip: "203.0.113.9", userAgent: null, deviceId: "d", locale: "pt-BR" } as const;

async function paid(): Promise<{ pixId: string; chargeId: string }> {
  const chargeId = await makeCharge(shop);
  const pixId = await openPix(shop, chargeId);
  await payAtBank(avenia, pixId);
  return { pixId, chargeId };
}
/** The wheels of one Pix until its payment is settled. */
async function done(pixId: string): Promise<void> {
  await syncTillPix(pixId);
  await world.follow();
  await linkTillPix(pixId);
  await world.settle();
}
async function person(name = "Clara Nunes"): Promise<Actor> {
  const payer = await makePayer(world, 0n);
  await sql`UPDATE users SET name = ${name}, phone_verified_at = now() WHERE id = ${payer.userId}`;
  const [row] = await sql<{ phone: string }[]>`SELECT phone FROM users WHERE id = ${payer.userId}`;
  return { userId: payer.userId, sessionId: payer.sessionId, name, phone: must(row).phone, locale: "pt-BR", ip: null, userAgent: null };
}
const newPhone = () => `+55489${80_000_000 + Math.floor(Math.random() * 9_999_999)}`;
async function rewardsOf(userId: string): Promise<bigint> {
  const [row] = await sql<{ units: string }[]>`SELECT COALESCE(sum(balance), 0)::text AS units FROM token_balances WHERE user_id = ${userId} AND store_id = ${shop.storeId}`;
  return BigInt(row?.units ?? 0);
}
const held = async () => {
  const [row] = await sql<{ units: string; usd: string }[]>`
    SELECT COALESCE(sum(balance) FILTER (WHERE token_store_id = ${shop.storeId}), 0)::text AS units, COALESCE(sum(balance) FILTER (WHERE token_store_id IS NULL), 0)::text AS usd FROM store_token_balances WHERE store_id = ${shop.storeId}`;
  const [state] = await sql<{ pending: string }[]>`SELECT pending_reserved::text AS pending FROM revnet_states WHERE store_id = ${shop.storeId}`;
  return { units: BigInt(row?.units ?? 0), usd: BigInt(row?.usd ?? 0), pending: BigInt(state?.pending ?? 0) };
};

test("from the bank to the green till: dollars seen, paid into the store's revnet, charge paid, reward kept for the customer", async () => {
  const before = await availableOf(shop.storeId);
  const { pixId, chargeId } = await paid();
  await syncTillPix(pixId);
  await linkTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status: "paid", arrived_usd: null });
  await world.follow();
  // The dollars are there, and nobody else may have them.
  expect((await held()).usd).toBe(ARRIVED);
  expect((await availableOf(shop.storeId)).usdMicros).toBe(before.usdMicros);
  await Promise.all(Array.from({ length: 4 }, () => linkTillPix(pixId)));
  expect(await pixRow(pixId)).toMatchObject({ status: "converting", arrived_usd: "17.859712" });
  const sale = must(await saleOf(pixId));
  expect(sale).toMatchObject({ status: "pending", amount_usd: "17.859712", brl: "10000", charge_transaction: sale.id });
  expect(await sql`SELECT 1 FROM user_operations WHERE subject_id = ${sale.id} AND kind = 'till_deposit'`).toHaveLength(1);
  expect((await availableOf(shop.storeId)).usdMicros).toBe(before.usdMicros);

  await world.settle();
  const settled = must(await saleOf(pixId));
  expect(settled).toMatchObject({ status: "confirmed", from_user_id: null });
  expect(await eventsOf(sale.id)).toEqual(["paid"]);
  const look = await lookAtStore({ sessionId: await makeLiveSession(shop.actor.userId), userId: shop.actor.userId, storeId: shop.storeId, afterId: "0" });
  expect(look.events.at(-1)).toMatchObject({ kind: "paid", payment: { id: sale.id, payerName: "Pix", chargeId, amountBrlCentavos: "10000", code: settled.code, outside: null } });
  const reward = BigInt(must(settled.rewards_earned).amount);
  expect(reward).toBeGreaterThan(0n);
  expect((await held()).usd).toBe(0n);
  // The store's own part is free, the customer's is not.
  const after = await availableOf(shop.storeId);
  const { units, pending } = await held();
  expect(after.units - before.units).toBe(units + pending - reward - before.units);
  expect(await getTillPix(shop.actor, { storeId: shop.storeId, chargeId })).toMatchObject({ shown: "done", arrivedUsdMicros: ARRIVED.toString(), isMoving: false, reward: { state: "waits" } });
  expect(await openPixReceipt(visitor, null, pixSecretOf(pixId))).toMatchObject({ shown: "done", amountBrlCentavos: 10_000n, code: settled.code, reward: { state: "waits", isTheirs: false } });
});

test("the block before the provider's word", async () => {
  const { pixId } = await paid();
  await world.follow();
  expect((await pixRow(pixId)).status).toBe("open");
  await done(pixId);
  expect(must(await saleOf(pixId)).status).toBe("confirmed");
});

test("killed between any two steps, the minute's round goes on and nothing happens twice", async () => {
  const supply = async () => (await held()).units + (await held()).pending;
  const before = await supply();
  const { pixId } = await paid();
  const steps = [() => syncTillPix(pixId), () => world.follow(), () => linkTillPix(pixId), () => world.sign(), () => world.bundle(), () => world.follow()];
  for (const step of steps) {
    await step();
    // A restart: whatever ran, the round runs over it.
    await watchTillPix();
    await watchTillPix();
  }
  await world.settle();
  const sale = must(await saleOf(pixId));
  expect(sale.status).toBe("confirmed");
  expect(await sql`SELECT 1 FROM transactions WHERE charge_id = (SELECT charge_id FROM till_pix WHERE id = ${pixId})`).toHaveLength(1);
  expect(await eventsOf(sale.id)).toEqual(["paid"]);
  expect((await held()).usd).toBe(0n);
  expect(await supply()).toBeGreaterThan(before);
});

test("a charge that somebody else paid meanwhile: paid twice, the dollars wait apart and are given back by hand", async () => {
  const before = await availableOf(shop.storeId);
  const chargeId = await makeCharge(shop);
  const pixId = await openPix(shop, chargeId);
  const other = newId();
  await sql`INSERT INTO transactions (id, store_id, type, status, amount_usd, chain_id, charge_id, confirmation_code) VALUES (${other}, ${shop.storeId}, 'payment', 'confirmed', 18, '84532', ${chargeId}, ${"Z" + other.slice(-5).toUpperCase()})`;
  await sql`UPDATE charges SET transaction_id = ${other} WHERE id = ${chargeId}`;
  await payAtBank(avenia, pixId);
  await syncTillPix(pixId);
  await world.follow();
  await linkTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status: "paid_twice", arrived_usd: "17.859712", transaction_id: null });
  expect(await sql`SELECT transaction_id FROM charges WHERE id = ${chargeId}`).toEqual([{ transaction_id: other }]);
  expect((await held()).usd).toBe(ARRIVED);
  expect((await availableOf(shop.storeId)).usdMicros).toBe(before.usdMicros);
  expect(await getTillPix(shop.actor, { storeId: shop.storeId, chargeId })).toMatchObject({ shown: "paid_twice" });
  const stranger = await person();
  expect(await codeOf(returnTillPix(stranger, { storeId: shop.storeId, pixId }))).toBe("not_found");
  await returnTillPix(shop.actor, { storeId: shop.storeId, pixId });
  await returnTillPix(shop.actor, { storeId: shop.storeId, pixId });
  expect((await pixRow(pixId)).status).toBe("returned");
  expect((await availableOf(shop.storeId)).usdMicros).toBe(before.usdMicros + ARRIVED);
});

test("a reorg of the deposit: checking again, then paid again under the same code", async () => {
  const { pixId, chargeId } = await paid();
  await syncTillPix(pixId);
  await world.follow();
  await linkTillPix(pixId);
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  await world.settle();
  const sale = must(await saleOf(pixId));
  expect(sale.status).toBe("confirmed");
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(must(await saleOf(pixId)).status).toBe("pending");
  expect(await getTillPix(shop.actor, { storeId: shop.storeId, chargeId })).toMatchObject({ shown: "converting" });
  world.restartBundler();
  await world.settle();
  expect(must(await saleOf(pixId))).toMatchObject({ id: sale.id, status: "confirmed", code: sale.code });
  expect(await eventsOf(sale.id)).toEqual(["paid", "checking_again", "confirmed_again"]);
});

test("a deposit that failed is made anew under a new payment, and only one lands", async () => {
  const { pixId, chargeId } = await paid();
  await syncTillPix(pixId);
  await world.follow();
  await linkTillPix(pixId);
  const first = must(await saleOf(pixId));
  await sql`UPDATE user_operations SET status = 'queued', error_code = 'expired', error_message = 'x' WHERE id = ${first.id}`;
  await world.follow();
  expect(must(await saleOf(pixId)).status).toBe("failed");
  // Nobody gets the dollars, and nobody else the charge, in between.
  expect((await availableOf(shop.storeId)).usdMicros).toBe((await held()).usd - ARRIVED);
  await settleTillPix(first.id);
  await linkTillPix(pixId);
  await world.settle();
  const second = must(await saleOf(pixId));
  expect(second.id).not.toBe(first.id);
  expect(second).toMatchObject({ status: "confirmed", charge_transaction: second.id });
  expect(await sql`SELECT status FROM transactions WHERE charge_id = ${chargeId} ORDER BY id`).toEqual([{ status: "failed" }, { status: "confirmed" }]);
});

test("a phone of somebody who is here: the reward is handed over, and the till sees no difference", async () => {
  const [holder, { pixId, chargeId }] = [await person(), await paid()];
  await done(pixId);
  const reward = BigInt(must(must(await saleOf(pixId)).rewards_earned).amount);
  const free = (await availableOf(shop.storeId)).units;
  await noteTillPhone(shop.actor, { storeId: shop.storeId, pixId, phone: holder.phone });
  const [before] = [await getTillPix(shop.actor, { storeId: shop.storeId, chargeId })];
  expect(before?.reward).toMatchObject({ state: "told", phoneShown: expect.stringContaining(holder.phone.slice(-4)) });
  await Promise.all([queueTillReward(pixId), queueTillReward(pixId), queueTillReward(pixId)]);
  expect((await availableOf(shop.storeId)).units).toBe(free);
  await world.settle();
  expect(await rewardsOf(holder.userId)).toBe(reward);
  expect((await availableOf(shop.storeId)).units).toBe(free);
  const [line] = await sql`SELECT type, status, purpose, to_user_id, from_user_id FROM transactions WHERE id = (SELECT reward_transaction_id FROM till_pix WHERE id = ${pixId})`;
  expect(line).toEqual({ type: "received", status: "confirmed", purpose: "till_reward", to_user_id: holder.userId, from_user_id: null });
  expect((await getTillPix(shop.actor, { storeId: shop.storeId, chargeId }))?.reward.state).toBe("told");
  expect((await listRewardHistory(holder, shop.storeId)).items).toMatchObject([{ move: "earned", units: reward }]);
  expect((await listActivity(holder)).items).toMatchObject([{ kind: "till_reward", direction: "in", status: "confirmed" }]);
  await queueTillReward(pixId);
  await world.settle();
  expect(await rewardsOf(holder.userId)).toBe(reward);
  expect(await codeOf(noteTillPhone(shop.actor, { storeId: shop.storeId, pixId, phone: newPhone() }))).toBe("pix_reward_gone");
});

test("a phone that nobody has yet: a message goes out, and whoever signs in with it has the reward; typed before the deposit landed too", async () => {
  const { pixId } = await paid();
  await syncTillPix(pixId);
  const phone = newPhone();
  await noteReceiptPhone(visitor, { secret: pixSecretOf(pixId), phone });
  const [message] = await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone}`;
  expect(must(message).body).toContain(`/x/${pixSecretOf(pixId)}`);
  expect(must(message).body.length).toBeLessThanOrEqual(160);
  const newcomer = await person();
  await sql`UPDATE users SET phone = ${phone} WHERE id = ${newcomer.userId}`;
  await claimWaitingRewards(newcomer.userId);
  await claimWaitingRewards(newcomer.userId);
  expect((await pixRow(pixId)).claimed_by).toBe(newcomer.userId);
  expect(await rewardsOf(newcomer.userId)).toBe(0n);
  await world.follow();
  await linkTillPix(pixId);
  await world.settle();
  await settleTillPix(must(await saleOf(pixId)).id);
  await world.settle();
  expect(await rewardsOf(newcomer.userId)).toBe(BigInt(must(must(await saleOf(pixId)).rewards_earned).amount));
});

test("two claims at once: one has it; a phone that was written down is its holder's alone", async () => {
  const { pixId } = await paid();
  await done(pixId);
  const secret = pixSecretOf(pixId);
  const people = [await person("Ana"), await person("Bia"), await person("Caio")];
  const answers = await Promise.all(people.map((one) => codeOf(claimTillReward(one, secret))));
  expect(answers.filter((code) => code === null)).toHaveLength(1);
  expect(answers.filter((code) => code === "pix_reward_gone")).toHaveLength(2);
  await queueTillReward(pixId);
  await world.settle();
  const units = await Promise.all(people.map(({ userId }) => rewardsOf(userId)));
  expect(units.filter((own) => own > 0n)).toHaveLength(1);

  const { pixId: noted } = await paid();
  await done(noted);
  const holder = must(people[0]);
  await noteReceiptPhone(visitor, { secret: pixSecretOf(noted), phone: newPhone() });
  expect(await codeOf(claimTillReward(holder, pixSecretOf(noted)))).toBe("pix_reward_gone");
  expect(await codeOf(claimTillReward(holder, "A".repeat(22)))).toBe("not_found");
  expect(await codeOf(claimTillReward(holder, "../x"))).toBe("not_found");
  expect(await openPixReceipt(visitor, holder, pixSecretOf(noted))).toMatchObject({ reward: { isTheirs: false, state: "told" } });
});

test("a transaction that the journal does not show at this store, or that counted before, pays nothing", async () => {
  const { pixId } = await paid();
  await syncTillPix(pixId);
  await world.follow();
  await sql`UPDATE till_pix SET tx_hash = ${`0x${"9".repeat(64)}`} WHERE id = ${pixId}`;
  await linkTillPix(pixId);
  expect(await pixRow(pixId)).toMatchObject({ status: "paid", arrived_usd: null });
  expect(await sql`SELECT 1 FROM user_operations WHERE subject_id = ${(await pixRow(pixId)).transaction_id}`).toHaveLength(0);
  await syncTillPix(pixId);
  await done(pixId);
  expect(must(await saleOf(pixId)).status).toBe("confirmed");
  // The same transaction for a second Pix counts once.
  const second = await paid();
  await syncTillPix(second.pixId);
  await world.follow();
  await sql`UPDATE till_pix SET tx_hash = (SELECT tx_hash FROM till_pix WHERE id = ${pixId}) WHERE id = ${second.pixId}`;
  await linkTillPix(second.pixId);
  expect((await pixRow(second.pixId)).status).toBe("paid");
});
