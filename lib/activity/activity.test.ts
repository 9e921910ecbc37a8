import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { idAt, newId } from "@/lib/ids";
import { decimalFromUsdMicros } from "@/lib/money";
import { getPayment } from "@/lib/payments/queries";
import type { TransactionPurpose, TransactionType } from "@/lib/payments/rules";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { listActivity, listActivityStores } from "./queries";
import { filterOf, NO_FILTER, type ActivityFilter } from "./rules";

type Made = { type: TransactionType; purpose?: TransactionPurpose | null; from?: string | null; to?: string | null; store?: string | null; status?: "pending" | "confirmed" | "failed"; at?: Date; usd?: bigint; note?: string; payee?: string; terms?: object };

/** Any row of the ledger, as move_reserve and the follower leave them. */
async function make({ type, purpose = null, from = null, to = null, store = null, status = "confirmed", at, usd = 5_000_000n, note, payee, terms }: Made): Promise<string> {
  const id = at ? idAt(at.getTime()).slice(0, 24) + randomBytes(6).toString("hex") : newId();
  await sql`
    INSERT INTO transactions (id, from_user_id, to_user_id, store_id, type, purpose, status, amount_usd, chain_id, note, payee_address, terms, created_at)
    VALUES (${id}, ${from}, ${to}, ${store}, ${type}, ${purpose}, ${status}, ${decimalFromUsdMicros(usd)}, '84532', ${note ?? null}, ${payee ?? null}, ${terms ? sql.json(terms as never) : null}, ${at ?? new Date()})`;
  return id;
}

async function everything() {
  const [me, friend, store] = [await makePerson({ name: "Marina" }), await makePerson({ name: "Rafael Fontes" }), await makeStore()];
  const [mine, theirs] = [me.actor.userId, friend.actor.userId];
  const claims = { from: mine, to: mine, store: store.storeId };
  const ids = {
    payment: (await makePayment({ storeId: store.storeId, payerId: mine })).id,
    sent: await make({ type: "received", purpose: "send", from: mine, to: theirs, note: "trilha de sábado" }),
    outside: await make({ type: "received", purpose: "send", from: mine, payee: `0x${"a".repeat(40)}` }),
    received: await make({ type: "received", purpose: "request", from: theirs, to: mine }),
    top_up: await make({ type: "received", purpose: "top_up", to: mine }),
    incoming: await make({ type: "received", purpose: "incoming", to: mine }),
    refund: await make({ type: "received", purpose: "refund", to: mine, store: store.storeId }),
    cash_out: await make({ type: "bonus_claim", purpose: "cash_out", ...claims }),
    advance: await make({ type: "bonus_claim", purpose: "advance", ...claims, terms: { protocolFeeUsdMicros: "125000", networkFeeUsdMicros: "0", storeFeeUsdMicros: "-1", other: 5 } }),
    headroom: await make({ type: "bonus_claim", purpose: "headroom", ...claims }),
    repayment: await make({ type: "bonus_claim", purpose: "repayment", ...claims }),
    dollars: await make({ type: "consolidation", purpose: "dollars", from: mine, to: mine }),
    rewards: await make({ type: "consolidation", purpose: "rewards", from: mine, to: mine, store: store.storeId }),
    payout: await make({ type: "payout", to: mine, store: store.storeId }),
  };
  return { me: me.actor, friend: friend.actor, store, ids };
}

let world: Awaited<ReturnType<typeof everything>>;
beforeAll(async () => {
  world = await everything();
});

const filterWith = (some: Partial<ActivityFilter>): ActivityFilter => ({ ...NO_FILTER, ...some });
const idsOf = async (filter: Partial<ActivityFilter>, person = world.me) => (await listActivity(person, { filter: filterWith(filter), limit: 100 })).items.map(({ id }) => id);

describe("one list of everything", () => {
  test("every kind, newest first, each with its word and its way", async () => {
    const { items } = await listActivity(world.me, { limit: 100 });
    expect(items.map(({ id }) => id)).toEqual(Object.values(world.ids).toReversed());
    expect(Object.fromEntries(items.map(({ id, kind, direction }) => [Object.entries(world.ids).find(([, known]) => known === id)?.[0], `${kind} ${direction}`]))).toEqual({
      payment: "payment out", sent: "sent out", outside: "sent out", received: "received in", top_up: "top_up in", incoming: "incoming in", refund: "refund in",
      cash_out: "cash_out in", advance: "advance in", headroom: "headroom in", repayment: "repayment out", dollars: "dollars within", rewards: "rewards within", payout: "payout in",
    });
  });

  test("both sides of a send see one row, each its own way, with the other's name", async () => {
    const [mine, theirs] = [await getPayment(world.me, world.ids.sent), await getPayment(world.friend, world.ids.sent)];
    expect(mine).toMatchObject({ kind: "sent", direction: "out", counterparty: { name: "Rafael F." }, note: "trilha de sábado" });
    expect(theirs).toMatchObject({ kind: "received", direction: "in", counterparty: { name: "Marina" } });
  });

  test("whoever hides the name stays hidden, and whoever sent to an address is not told who has it", async () => {
    const hidden = await makePerson({ name: "Bia Secreta" });
    await sql`UPDATE users SET hide_name = TRUE WHERE id = ${hidden.actor.userId}`;
    const sent = await make({ type: "received", purpose: "send", from: world.me.userId, to: hidden.actor.userId });
    expect((await getPayment(world.me, sent)).counterparty).toEqual({ name: null, phoneShown: null });
    const toAddress = await make({ type: "received", purpose: "send", from: world.me.userId, to: world.friend.userId, payee: `0x${"b".repeat(40)}` });
    expect((await getPayment(world.me, toAddress)).counterparty).toBeNull();
    expect((await getPayment(world.friend, toAddress)).counterparty).toEqual({ name: "Marina", phoneShown: null });
    await sql`DELETE FROM transactions WHERE id IN (${sent}, ${toAddress})`;
  });

  test("what one of ours sent from a wallet past us left for one and came for the other", async () => {
    const id = await make({ type: "received", purpose: "incoming", from: world.friend.userId, to: world.me.userId });
    expect(await getPayment(world.me, id)).toMatchObject({ kind: "incoming", direction: "in", counterparty: { name: "Rafael F." } });
    expect(await getPayment(world.friend, id)).toMatchObject({ kind: "sent", direction: "out", counterparty: { name: "Marina" } });
    expect(await idsOf({ type: "added" }, world.friend)).toEqual([]);
    expect(await idsOf({ type: "people" }, world.friend)).toContain(id);
    expect(await idsOf({ type: "people" })).not.toContain(id);
    await sql`DELETE FROM transactions WHERE id = ${id}`;
  });

  test("what somebody else's money was made of stays theirs", async () => {
    await sql`UPDATE transactions SET tokens_used = '[{"token_address":"0x1","amount":"1","amount_usd":"5.000000","store_id":null}]' WHERE id = ${world.ids.sent}`;
    expect((await getPayment(world.me, world.ids.sent)).parts).toHaveLength(1);
    expect((await getPayment(world.friend, world.ids.sent)).parts).toEqual([]);
  });

  test("a send that failed is on the sender's list alone", async () => {
    const id = await make({ type: "received", purpose: "send", from: world.me.userId, to: world.friend.userId, status: "failed" });
    expect((await listActivity(world.me, { limit: 1 })).items[0]?.id).toBe(id);
    expect(await idsOf({}, world.friend)).not.toContain(id);
    await sql`DELETE FROM transactions WHERE id = ${id}`;
  });

  test("the fees that the screen promised, and nothing else of the terms", async () => {
    expect((await getPayment(world.me, world.ids.advance)).fees).toEqual([{ kind: "protocol", amountUsdMicros: 125_000n }]);
  });

  test("a payment's rewards are named by store", async () => {
    const { id } = await makePayment({ storeId: world.store.storeId, payerId: world.me.userId });
    const other = await makeStore();
    await sql`UPDATE transactions SET tokens_used = ${sql.json([{ token_address: "0x1", amount: "1", amount_usd: "3.000000", store_id: other.storeId }, { token_address: "0x2", amount: "1", amount_usd: "4.000000", store_id: null }])} WHERE id = ${id}`;
    expect((await getPayment(world.me, id)).parts).toEqual([
      { kind: "other", store: { id: other.storeId, name: "Café da Praia", qrVersion: 1 }, amountUsdMicros: 3_000_000n, units: 1n, surplusUsdMicros: 0n },
      { kind: "dollars", store: null, amountUsdMicros: 4_000_000n, units: 1n, surplusUsdMicros: 0n },
    ]);
    await sql`DELETE FROM transactions WHERE id = ${id}`;
  });
});

describe("filters", () => {
  test.each([
    ["payments", ["payment"]],
    ["people", ["sent", "outside", "received"]],
    ["added", ["top_up", "incoming"]],
    ["bonus", ["cash_out", "advance", "headroom", "repayment"]],
    ["refunds", ["refund"]],
    ["moves", ["dollars", "rewards"]],
    ["payouts", ["payout"]],
  ] as const)("%s", async (type, names) => {
    expect(await idsOf({ type })).toEqual(names.map((name) => world.ids[name]).toReversed());
  });

  test("the types together are the list: nothing is in two, nothing in none", async () => {
    const all = await Promise.all((["payments", "people", "added", "bonus", "refunds", "moves", "payouts"] as const).map((type) => idsOf({ type })));
    expect(all.flat().toSorted()).toEqual(Object.values(world.ids).toSorted());
  });

  test("a payment that the store gave back is among the refunds too", async () => {
    await sql`
      INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, refund_status, refund_usd)
      VALUES (${newId()}, '84532', ${world.store.storeId}, ${world.ids.payment}, 'outside', ${`0x${"1".repeat(40)}`}, ${`0x${"1".repeat(40)}`}, 7, 1, 1, ${`0x${"3".repeat(64)}`}, 'refunded', 6.5)`;
    expect(await idsOf({ type: "refunds" })).toEqual([world.ids.refund, world.ids.payment]);
    expect((await getPayment(world.me, world.ids.payment)).refund).toMatchObject({ status: "refunded", amountUsdMicros: 6_500_000n });
    await sql`DELETE FROM outside_payments WHERE transaction_id = ${world.ids.payment}`;
  });

  test("by store, and the stores to choose from are the person's", async () => {
    expect(await idsOf({ storeId: world.store.storeId, type: "payments" })).toEqual([world.ids.payment]);
    expect(await idsOf({ storeId: (await makeStore()).storeId })).toEqual([]);
    expect(await listActivityStores(world.me)).toEqual([{ id: world.store.storeId, name: "Café da Praia" }]);
    expect(await listActivityStores(world.friend)).toEqual([]);
  });

  test("days are the home town's, from the first moment to the last", async () => {
    const { actor } = await makePerson();
    const at = (text: string) => make({ type: "received", purpose: "incoming", to: actor.userId, at: new Date(text) });
    const [before, first, last, after] = [await at("2026-03-05T02:59:59.999Z"), await at("2026-03-05T03:00:00Z"), await at("2026-03-07T02:59:59.999Z"), await at("2026-03-07T03:00:00Z")];
    expect(await idsOf({ from: "2026-03-05", to: "2026-03-06" }, actor)).toEqual([last, first]);
    expect(await idsOf({ from: "2026-03-07" }, actor)).toEqual([after]);
    expect(await idsOf({ to: "2026-03-04" }, actor)).toEqual([before]);
    expect(await idsOf({ from: "2026-03-07", to: "2026-03-05" }, actor)).toEqual([]);
  });

  test("by the beginning of a confirmation code, once it is paid: an unpaid one can't be guessed letter by letter", async () => {
    const { actor } = await makePerson();
    const paid = await makePayment({ storeId: world.store.storeId, payerId: actor.userId, code: "K7P4QX" });
    const pending = await makePayment({ storeId: world.store.storeId, payerId: actor.userId, code: "K8SECR", status: "pending" });
    expect(await idsOf(filterOf({ q: "k7p-4" }), actor)).toEqual([paid.id]);
    expect(await idsOf(filterOf({ q: "K" }), actor)).toEqual([paid.id]);
    expect(await idsOf(filterOf({ q: "K8SECR" }), actor)).toEqual([]);
    await sql`UPDATE transactions SET status = 'confirmed' WHERE id = ${pending.id}`;
    expect(await idsOf(filterOf({ q: "K8SECR" }), actor)).toEqual([pending.id]);
  });

  test.each([
    [{ type: "payments'; DROP TABLE transactions; --" }],
    [{ store: "not-an-id" }],
    [{ since: "2026-02-31", until: "yesterday" }],
    [{ since: "9999-01-01" }],
    [{ q: "%" }],
    [{ q: "K7_" }],
    [{ q: "ABCDEFG" }],
    [{ type: ["payments", "people"] }],
  ])("an address that makes no sense (%j) is the whole list", (query) => {
    expect(filterOf(query)).toEqual(NO_FILTER);
  });
});

describe("another person's rows", () => {
  test("are not found by id, key, store or code", async () => {
    const stranger = await makePerson();
    const { id, code } = await makePayment({ storeId: world.store.storeId, payerId: world.friend.userId });
    await expect(getPayment(stranger.actor, id)).rejects.toThrow("not_found");
    await expect(getPayment(stranger.actor, "x")).rejects.toThrow("not_found");
    expect((await listActivity(stranger.actor, { before: id })).items).toEqual([]);
    for (const filter of [{ storeId: world.store.storeId }, { code }, { type: "payments" as const }]) expect(await idsOf(filter, stranger.actor)).toEqual([]);
    await expect(listActivity(stranger.actor, { before: "1 OR 1=1" })).rejects.toThrow("not_found");
  });
});

describe("paging by key", () => {
  test("neither skips nor repeats a row while new ones arrive, with and without a filter", async () => {
    const { actor } = await makePerson();
    const seeded = async (n: number) => {
      for (let i = 0; i < n; i += 1) await make({ type: "received", purpose: i % 3 === 0 ? "send" : "incoming", from: i % 2 === 0 && i % 3 === 0 ? actor.userId : null, to: i % 2 === 0 && i % 3 === 0 ? null : actor.userId });
    };
    await seeded(45);
    for (const filter of [NO_FILTER, filterWith({ type: "added" })]) {
      const expected = (await listActivity(actor, { limit: 200, filter })).items.map(({ id }) => id);
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = await listActivity(actor, { before, limit: 7, filter });
        seen.push(...page.items.map(({ id }) => id));
        before = page.next ?? undefined;
        await seeded(3);
      } while (before !== undefined);
      expect(seen).toEqual(expected);
    }
  });

  test("a row with the person on both sides comes once", async () => {
    const { actor } = await makePerson();
    const id = await make({ type: "consolidation", purpose: "dollars", from: actor.userId, to: actor.userId });
    expect((await listActivity(actor)).items.map((item) => item.id)).toEqual([id]);
  });
});
