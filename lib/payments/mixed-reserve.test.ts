import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { operationCalls } from "@/lib/operations/operation-calls";
import { makePerson, makeRate, makeStore, paymentRowsOf } from "@/lib/test/factories";
import { must } from "@/lib/test/chain-world";
import { confirmPayment } from "./confirm-payment";
import { getPayPage, getPayment } from "./queries";
import { openQuote, signQuote } from "./quote";
import { quotePayment, refreshQuote, rewardsBeside } from "./quote-payment";
import { changedChoice, PARTS_CHANGE, QUOTE_CHARACTERS_MAX, reaisOfParts, STORES_OFF_MAX } from "./rules";

// No node answers here: what was followed has to do, and the worker refuses to sign without one.
process.env.RPC_URL_84532 = "http://127.0.0.1:1";
process.env.RPC_URL_11155420 = "http://127.0.0.1:1";
const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000));
const UNITS_PER_MICRO = 10n ** 15n;
type Store = Awaited<ReturnType<typeof makeStore>>;
beforeAll(makeRate);

/** Rewards worth so many dollars at a store that is worth 1,000. */
async function giveRewards({ userId }: Actor, { storeId }: Store, dollars: number, chainId: ChainId = "84532") {
  await sql`
    INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, block_number)
    VALUES (${storeId}, ${chainId}::chain_id, 1000000000, ${(usd(1_000) * UNITS_PER_MICRO).toString()}, 0, 0, 0, 1) ON CONFLICT DO NOTHING`;
  await sql`
    INSERT INTO token_balances (id, user_id, chain_id, token_address, store_id, balance)
    SELECT ${newId()}, ${userId}, d.chain_id, d.token_address, d.store_id, ${(usd(dollars) * UNITS_PER_MICRO).toString()}::numeric FROM store_deployments d WHERE d.store_id = ${storeId} AND d.chain_id = ${chainId}::chain_id`;
}
const ask = (shortCode: string, amountText: string) => ({ shortCode, currency: "USD" as const, amountText });
const shapeOf = ({ quote }: Awaited<ReturnType<typeof quotePayment>>) => quote.parts.map((part) => [part.kind === "dollars" ? "dollars" : part.storeId, part.amountUsdMicros]);
async function availableOf(userId: string) {
  const rows = await sql<{ available: string; reserved: string }[]>`
    SELECT (b.balance - r.total)::text AS available, r.total::text AS reserved FROM token_balances b
    CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS total FROM balance_reservations WHERE token_balance_id = b.id AND released_at IS NULL) AS r
    WHERE b.user_id = ${userId} AND b.chain_id = '84532' AND b.store_id IS NOT NULL`;
  return rows.map((row) => ({ available: BigInt(row.available), reserved: BigInt(row.reserved) }));
}

test("of 1,000 payments that race for the same rewards, as many as they pay for get them", async () => {
  const { actor } = await makePerson({ dollarsUsdMicros: 0n });
  const [target, other] = [await makeStore(), await makeStore()];
  await giveRewards(actor, other, 10);
  const { signed, quote } = await quotePayment(actor, ask(target.shortCode, "1,00"));
  expect(quote.parts).toMatchObject([{ kind: "other", amountUsdMicros: usd(1) }]);
  const results = await Promise.allSettled(Array.from({ length: 1_000 }, () => confirmPayment(actor, { key: randomUUID(), quote: signed })));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  const refused = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  expect(new Set(refused)).toEqual(new Set(["DomainError: balance_insufficient"]));
  expect(await availableOf(actor.userId)).toEqual([{ available: 0n, reserved: usd(10) * UNITS_PER_MICRO }]);
  expect(await paymentRowsOf(actor.userId)).toEqual({ transactions: 10, operations: 10, reservations: 10, audits: 10, events: 10 });
});

describe("the quote", () => {
  test("carries its parts signed, holds what the payer switched off, and stays short", async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: usd(100) });
    const target = await makeStore();
    const others = await Promise.all(Array.from({ length: STORES_OFF_MAX + 3 }, () => makeStore()));
    await giveRewards(actor, target, 1);
    for (const other of others) await giveRewards(actor, other, 2);
    let made = await quotePayment(actor, ask(target.shortCode, "9,00"));
    expect(shapeOf(made)).toEqual([[target.storeId, usd(1)], [others[0]!.storeId, usd(2)], [others[1]!.storeId, usd(2)], [others[2]!.storeId, usd(2)], ["dollars", usd(2)]]);
    for (const other of others.slice(0, STORES_OFF_MAX)) made = await refreshQuote(actor, made.signed, new Date(), changedChoice(openQuote(made.signed, actor.userId).choice, `off:${other.storeId}`));
    expect(made.signed.length).toBeLessThan(QUOTE_CHARACTERS_MAX);
    expect(shapeOf(made).slice(1, 4).map(([id]) => id)).toEqual(others.slice(STORES_OFF_MAX).map(({ storeId }) => storeId));
    expect(shapeOf(await refreshQuote(actor, made.signed))).toEqual(shapeOf(made));
    const { choices, leftOut } = await rewardsBeside(actor, made.quote);
    expect(choices[0]).toMatchObject({ isOwn: true, isOn: true, valueUsdMicros: usd(1) });
    expect(choices.some(({ store, isOn }) => !isOn && store.id === others[0]!.storeId)).toBe(true);
    expect(leftOut.every(({ store }) => !made.quote.parts.some((part) => part.kind !== "dollars" && part.storeId === store.id))).toBe(true);
    // Parts that somebody makes up at home have no signature.
    const [, mac] = made.signed.split(".");
    const [body] = signQuote({ ...made.quote, parts: [{ kind: "dollars", amountUsdMicros: 1n }] }).split(".");
    expect(() => openQuote(`${body}.${mac}`, actor.userId)).toThrow("quote_invalid");
    expect(() => openQuote(signQuote({ ...made.quote, parts: [] }), actor.userId)).toThrow("quote_invalid");
  });

  test("goes where it can be paid; rewards elsewhere are said to be elsewhere", async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: usd(3) });
    const target = await makeStore({ chainIds: ["84532", "11155420"] });
    const [here, there] = [await makeStore(), await makeStore({ chainIds: ["11155420"] })];
    await giveRewards(actor, here, 2);
    await giveRewards(actor, there, 8, "11155420");
    const small = await quotePayment(actor, ask(target.shortCode, "4,00"));
    expect([small.quote.chainId, shapeOf(small)]).toEqual(["84532", [[here.storeId, usd(2)], ["dollars", usd(2)]]]);
    expect((await rewardsBeside(actor, small.quote)).leftOut).toMatchObject([{ store: { id: there.storeId }, reason: "elsewhere", valueUsdMicros: usd(8) }]);
    const large = await quotePayment(actor, ask(target.shortCode, "6,00"));
    expect([large.quote.chainId, shapeOf(large)]).toEqual(["11155420", [[there.storeId, usd(6)]]]);
    // A store that is on one chain only: what is on the other can't pay there.
    const local = await makeStore();
    await expect(quotePayment(actor, ask(local.shortCode, "6,00"))).rejects.toMatchObject({ code: "balance_insufficient", details: { availableUsdMicros: usd(5).toString(), missingUsdMicros: usd(1).toString(), reachesTogether: 0 } });
    expect((await getPayPage(local.shortCode, actor)).availableUsdMicros).toBe(usd(5));
    await sql`UPDATE token_balances SET balance = 4000000 WHERE user_id = ${actor.userId} AND chain_id = '11155420' AND token_address = ${USDC["11155420"]}`;
    await expect(quotePayment(actor, ask(local.shortCode, "6,50"))).rejects.toMatchObject({ details: { missingUsdMicros: usd(1.5).toString(), reachesTogether: 1 } });
  });

  test("one operation's limits are the whole price's, whatever its parts", async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: usd(10) });
    await sql`UPDATE users SET created_at = now() WHERE id = ${actor.userId}`;
    const target = await makeStore();
    await giveRewards(actor, target, 900);
    await expect(quotePayment(actor, ask(target.shortCode, "500,01"))).rejects.toMatchObject({ code: "limit_day" });
  });
});

describe("what is signed is the row's own, or nothing", () => {
  async function confirmed() {
    const { actor, address } = await makePerson({ dollarsUsdMicros: usd(50) });
    const [target, other] = [await makeStore(), await makeStore()];
    await giveRewards(actor, target, 1);
    await giveRewards(actor, other, 2);
    const { signed } = await quotePayment(actor, ask(target.shortCode, "9,00"));
    const { transactionId: id } = await confirmPayment(actor, { key: randomUUID(), quote: signed });
    return { actor, target, other, id, operation: { id, chainId: "84532" as const, kind: "payment" as const, subjectId: id, sender: address } };
  }

  test("rewards are never signed for without a word of the chain", async () => {
    const { operation } = await confirmed();
    await expect(operationCalls(operation)).rejects.toThrow(/fetch|HTTP|request/i);
  });

  test.each<[string, (id: string, context: Awaited<ReturnType<typeof confirmed>>) => Promise<unknown>]>([
    ["more tokens than are reserved", (id) => sql`UPDATE transactions SET tokens_used = jsonb_set(tokens_used, '{1,amount}', '"3000000000000000000001"') WHERE id = ${id}`],
    ["a part that is not reserved", (id) => sql`UPDATE balance_reservations SET released_at = now() WHERE operation_id = ${id}`],
    ["another store's token", (id, { target }) => sql`UPDATE transactions t SET tokens_used = jsonb_set(t.tokens_used, '{1,token_address}', to_jsonb(d.token_address)) FROM store_deployments d WHERE t.id = ${id} AND d.store_id = ${target.storeId}`],
    ["parts that don't add up", (id) => sql`UPDATE transactions SET tokens_used = tokens_used - 0 WHERE id = ${id}`],
    ["a store that is not on this chain", (id, { other }) => sql`UPDATE store_deployments SET status = 'failed' WHERE store_id = ${other.storeId} AND ${id}::text IS NOT NULL`],
    ["dollars that are another token", (id) => sql`UPDATE transactions SET tokens_used = jsonb_set(tokens_used, '{2,token_address}', '"0x00000000000000000000000000000000000000aa"') WHERE id = ${id}`],
    ["the same store twice", (id) => sql`UPDATE transactions SET tokens_used = jsonb_set(tokens_used, '{0,store_id}', tokens_used->1->'store_id') WHERE id = ${id}`],
  ])("%s", async (_what, spoil) => {
    const context = await confirmed();
    await spoil(context.id, context);
    await expect(operationCalls(context.operation)).rejects.toThrow("not_found");
  });

  test("a payment's parts are for its payer's eyes", async () => {
    const { actor, id, target, other } = await confirmed();
    const view = await getPayment(actor, id);
    expect(view.parts.map(({ kind, store, amountUsdMicros, units }) => [kind, store?.id ?? null, amountUsdMicros, units])).toEqual([
      ["own", target.storeId, usd(1), usd(1) * UNITS_PER_MICRO], ["other", other.storeId, usd(2), usd(2) * UNITS_PER_MICRO], ["dollars", null, usd(6), usd(6)],
    ]);
    await expect(getPayment((await makePerson()).actor, id)).rejects.toThrow("not_found");
  });
});

describe("small rules", () => {
  test("parts in reais add up to the price's reais, and none is further off than a centavo", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10_000_000_000n }), { minLength: 1, maxLength: 5 }), fc.bigInt({ min: 1_000_000n, max: 20_000_000n }), (parts, rate) => {
        const total = (parts.reduce((sum, part) => sum + part, 0n) * rate) / 10_000_000_000n;
        const shown = reaisOfParts(parts, total);
        expect(shown.reduce((sum, part) => sum + part, 0n)).toBe(total);
        const usdTotal = parts.reduce((sum, part) => sum + part, 0n);
        shown.forEach((part, index) => {
          const exact = (must(parts[index]) * total) / usdTotal;
          expect(part >= exact - 1n && part <= exact + 2n).toBe(true);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test("switches", () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const none = { isDollarsOnly: false, offStoreIds: [] };
    expect(changedChoice(none, "dollars")).toEqual({ isDollarsOnly: true, offStoreIds: [] });
    const off = changedChoice(changedChoice(none, `off:${a}`), `off:${b}`);
    expect(off.offStoreIds).toEqual([a, b]);
    expect(changedChoice(changedChoice(off, "dollars"), "rewards")).toEqual(off);
    expect(changedChoice(off, `on:${a}`).offStoreIds).toEqual([b]);
    for (const wrong of ["", "off:", "on:1", `off:${a}x`, a, "dollars2"]) expect(PARTS_CHANGE.test(wrong)).toBe(false);
  });
});
