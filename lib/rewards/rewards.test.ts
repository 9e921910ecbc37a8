import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { listRewardHistory, rewardSums } from "./history";
import { getRewards, getStoreRewards } from "./queries";

const TOKEN = 10n ** 18n;
type Store = Awaited<ReturnType<typeof makeStore>>;

beforeAll(makeRate);

/** What somebody holds of a store on a chain, where the revnet has a surplus of dollars behind a supply of tokens. */
async function hold({ userId, store, tokens, chainId = "84532", surplusUsdMicros = 100_000_000n, supplyTokens = 1_000n, delayedUntil = null }: { userId: string; store: Store; tokens: bigint; chainId?: string; surplusUsdMicros?: bigint; supplyTokens?: bigint; delayedUntil?: Date | null }) {
  await sql`INSERT INTO token_balances (id, user_id, chain_id, token_address, store_id, balance) VALUES (${newId()}, ${userId}, ${chainId}, ${`0x${randomBytes(20).toString("hex")}`}, ${store.storeId}, ${(tokens * TOKEN).toString()})`;
  await sql`
    INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, cash_out_delay_until, block_number)
    VALUES (${store.storeId}, ${chainId}, ${surplusUsdMicros.toString()}, ${(supplyTokens * TOKEN).toString()}, 0, 0, 0, ${delayedUntil}, 1) ON CONFLICT DO NOTHING`;
}

type Moved = { from: string; store: Store; at?: Store; type?: "payment" | "bonus_claim" | "consolidation"; purpose?: string | null; status?: string; earned?: bigint; spent?: bigint; usd?: bigint };
async function move({ from, store, at = store, type = "payment", purpose = null, status = "confirmed", earned = 0n, spent = 0n, usd = 7_000_000n }: Moved) {
  const id = newId();
  const part = (amount: bigint, storeId: string | null) => ({ token_address: "0x1", amount: (amount * 10n ** 13n).toString(), amount_usd: decimalFromUsdMicros(amount), store_id: storeId });
  await sql`
    INSERT INTO transactions (id, from_user_id, to_user_id, store_id, type, purpose, status, amount_usd, chain_id, brl_per_usd, tokens_used, rewards_earned)
    VALUES (${id}, ${from}, ${type === "payment" ? null : from}, ${at.storeId}, ${type}, ${purpose}, ${status}, ${decimalFromUsdMicros(usd)}, '84532', 5.5,
      ${sql.json([...(spent > 0n ? [part(spent, store.storeId)] : []), ...(type === "payment" ? [part(usd - spent, null)] : [])])}, ${earned > 0n ? sql.json(part(earned, at.storeId)) : null})`;
  return id;
}

describe("rewards by store", () => {
  test("several chains are one line, worth most first, under a cent apart; the total has all of them", async () => {
    const { actor } = await makePerson();
    const [both, one, dust] = [await makeStore({ chainIds: ["84532", "11155420"] }), await makeStore(), await makeStore()];
    await hold({ userId: actor.userId, store: both, tokens: 20n });
    await hold({ userId: actor.userId, store: both, tokens: 30n, chainId: "11155420", surplusUsdMicros: 10_000_000n });
    await hold({ userId: actor.userId, store: one, tokens: 50n });
    await hold({ userId: actor.userId, store: dust, tokens: 1n, surplusUsdMicros: 9_999_000n });
    const { rewards, small, totalUsdMicros } = await getRewards(actor);
    expect(rewards.map(({ store, valueUsdMicros }) => [store.id, valueUsdMicros])).toEqual([[one.storeId, 5_000_000n], [both.storeId, 2_300_000n]]);
    expect(rewards[1]!.byChain.map(({ chainId, valueUsdMicros }) => [chainId, valueUsdMicros])).toEqual([["84532", 2_000_000n], ["11155420", 300_000n]]);
    expect(small.map(({ store, valueUsdMicros }) => [store.id, valueUsdMicros])).toEqual([[dust.storeId, 9_999n]]);
    expect(totalUsdMicros).toBe(7_309_999n);
  });

  test("what a pending payment holds is not shown twice", async () => {
    const { actor } = await makePerson();
    const store = await makeStore();
    await hold({ userId: actor.userId, store, tokens: 50n });
    const [balance] = await sql<{ id: string }[]>`SELECT id FROM token_balances WHERE user_id = ${actor.userId} AND store_id = ${store.storeId}`;
    const operation = newId();
    await sql`INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES (${operation}, '84532', 'payment', ${operation}, ${`0x${"a".repeat(40)}`}, 1)`;
    await sql`INSERT INTO balance_reservations (operation_id, token_balance_id, amount) VALUES (${operation}, ${balance!.id}, ${(20n * TOKEN).toString()})`;
    expect((await getStoreRewards(actor, store.storeId)).valueUsdMicros).toBe(3_000_000n);
  });

  test("a closed store's keep their worth, and say so; one that holds back names the day", async () => {
    const { actor } = await makePerson();
    const [store, later] = [await makeStore(), await makeStore()];
    const until = new Date(Date.now() + 86_400_000);
    await hold({ userId: actor.userId, store, tokens: 10n });
    await hold({ userId: actor.userId, store: later, tokens: 10n, delayedUntil: until });
    const before = await getStoreRewards(actor, store.storeId);
    await sql`UPDATE stores SET closed_at = now() WHERE id = ${store.storeId}`;
    const after = await getStoreRewards(actor, store.storeId);
    expect([before.store.state, after.store.state]).toEqual(["open", "closed"]);
    expect(after.valueUsdMicros).toBe(before.valueUsdMicros);
    expect(after.others.map(({ id }) => id)).not.toContain(store.storeId);
    expect((await getStoreRewards(actor, later.storeId)).elsewhereFrom).toEqual(until);
    expect(after.elsewhereFrom).toBeNull();
  });

  test("the time of the values is the oldest of them, and old after a silence", async () => {
    const { actor } = await makePerson();
    const [one, two] = [await makeStore(), await makeStore()];
    await hold({ userId: actor.userId, store: one, tokens: 10n });
    await hold({ userId: actor.userId, store: two, tokens: 10n });
    expect((await getRewards(actor)).values).toMatchObject({ isFresh: true });
    await sql`UPDATE revnet_states SET updated_at = now() - interval '16 minutes' WHERE store_id = ${two.storeId}`;
    expect((await getRewards(actor)).values).toMatchObject({ isFresh: false });
    expect((await getRewards((await makePerson()).actor)).values).toBeNull();
  });

  test("none is an answer, and so is a store that nothing is held of; no store is not found", async () => {
    const { actor } = await makePerson();
    const store = await makeStore();
    expect(await getRewards(actor)).toMatchObject({ totalUsdMicros: 0n, rewards: [], small: [] });
    expect(await getStoreRewards(actor, store.storeId)).toMatchObject({ units: 0n, valueUsdMicros: 0n, byChain: [] });
    for (const id of [newId(), "x", "' OR TRUE --"]) await expect(getStoreRewards(actor, id)).rejects.toThrow("not_found");
  });
});

describe("history", () => {
  test("earned, spent here and elsewhere, cashed out, given and come back, brought together; nothing unconfirmed, nothing of others", async () => {
    const { actor } = await makePerson();
    const [store, other, stranger] = [await makeStore(), await makeStore(), await makePerson()];
    const from = actor.userId;
    const ids = [
      await move({ from, store, earned: 350_000n }),
      await move({ from, store, spent: 200_000n, earned: 300_000n }),
      await move({ from, store, at: other, spent: 100_000n, earned: 90_000n }),
      await move({ from, store, type: "bonus_claim", purpose: "cash_out", usd: 40_000n, spent: 40_000n }),
      await move({ from, store, type: "bonus_claim", purpose: "advance", usd: 30_000n, spent: 50_000n }),
      await move({ from, store, type: "bonus_claim", purpose: "headroom", usd: 30_000n }),
      await move({ from, store, type: "bonus_claim", purpose: "repayment", usd: 30_000n }),
      await move({ from, store, type: "consolidation", purpose: "rewards", usd: 10_000n, spent: 10_000n }),
    ];
    await move({ from, store, earned: 1n, status: "pending" });
    await move({ from, store, earned: 1n, status: "failed" });
    await move({ from, store: other, earned: 1n });
    await move({ from: stranger.actor.userId, store, earned: 1n });
    const { items, next } = await listRewardHistory(actor, store.storeId);
    expect(next).toBeNull();
    expect(items.map(({ transactionId, move, valueUsdMicros, at }) => [ids.indexOf(transactionId), move, valueUsdMicros, at?.id ?? null])).toEqual([
      [7, "moved", 10_000n, null],
      [6, "unlocked", null, null],
      [4, "locked", 50_000n, null],
      [3, "cashed", 40_000n, null],
      [2, "spent", 100_000n, other.storeId],
      [1, "earned", 300_000n, null],
      [1, "spent", 200_000n, null],
      [0, "earned", 350_000n, null],
    ]);
    expect(await rewardSums(actor, store.storeId)).toEqual({ earnedUsdMicros: 650_000n, spentUsdMicros: 300_000n, cashedUsdMicros: 40_000n, payments: 2 });
    expect(await rewardSums(stranger.actor, other.storeId)).toEqual({ earnedUsdMicros: 0n, spentUsdMicros: 0n, cashedUsdMicros: 0n, payments: 0 });
    for (const id of ["x", ""]) {
      await expect(listRewardHistory(actor, id)).rejects.toThrow("not_found");
      await expect(rewardSums(actor, id)).rejects.toThrow("not_found");
    }
  });

  test("pages by key while payments arrive", async () => {
    const { actor } = await makePerson();
    const store = await makeStore();
    for (let i = 0; i < 11; i += 1) await move({ from: actor.userId, store, earned: 10_000n, spent: i % 2 === 0 ? 5_000n : 0n });
    const expected = (await listRewardHistory(actor, store.storeId, { limit: 50 })).items.map(({ transactionId, move: what }) => `${transactionId} ${what}`);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await listRewardHistory(actor, store.storeId, { before, limit: 4 });
      seen.push(...page.items.map(({ transactionId, move: what }) => `${transactionId} ${what}`));
      before = page.next ?? undefined;
      await move({ from: actor.userId, store, earned: 10_000n });
    } while (before);
    expect(seen).toEqual(expected);
    expect(seen).toHaveLength(17);
  });
});
