import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { usdMicrosFromDecimal } from "@/lib/money";
import { dayKey } from "@/lib/money-format";
import { makePerson, makeStore } from "@/lib/test/factories";
import { reaisOfParts, type TokenPart } from "@/lib/payments/rules";
import { makePaidRefund, makeSale, makeTill, settleAgain, takeBack } from "@/lib/test/store-sales";
import { readCustomers, readFigures, readItemsSold, windowOf } from "./read-figures";
import { rollUpStats } from "./roll-up";
import { addFigures, byMeans, NO_FIGURES, weekHourKey, type Figures } from "./rules";

let store: Awaited<ReturnType<typeof makeStore>>;
beforeEach(async () => {
  store = await makeStore();
});

const OTHER_STORE = "0190f5fe-0000-7000-8000-0000000000aa";
type Window = { timeZone: string; from: string; to: string };
const figuresOf = async ({ timeZone, from, to }: Window, storeId = store.storeId) => readFigures(await windowOf({ id: storeId, timeZone }, { from, to }), { withHours: true, withWeek: true });

/** The list's own sum, row by row, with the day of each by the runtime's calendar instead of the database's. */
async function sumOfList({ timeZone, from, to }: Window, storeId = store.storeId) {
  const sales = await sql<{ usd: string; brl: string; tipBrl: string | null; rewardUsd: string; at: Date; origin: string | null; parts: TokenPart[] | null }[]>`
    SELECT origin, tokens_used AS parts, amount_usd::text AS usd, amount_brl_centavos::text AS brl, tip_brl_centavos::text AS "tipBrl", coalesce(rewards_earned->>'amount_usd', '0') AS "rewardUsd", confirmed_at AS at
    FROM transactions WHERE store_id = ${storeId} AND type = 'payment' AND status = 'confirmed'`;
  const refunds = await sql<{ usd: string; brl: string; at: Date }[]>`
    SELECT r.amount_usd::text AS usd, r.amount_brl_centavos::text AS brl, t.confirmed_at AS at FROM refunds r JOIN transactions t ON t.id = r.transaction_id WHERE r.store_id = ${storeId} AND t.status = 'confirmed'`;
  const isIn = ({ at }: { at: Date }) => dayKey(at, timeZone) >= from && dayKey(at, timeZone) < to;
  const [sold, back] = [sales.filter(isIn), refunds.filter(isIn)];
  const sum = <T>(rows: readonly T[], of: (row: T) => bigint) => rows.reduce((total, row) => total + of(row), 0n);
  return {
    saleCount: sold.length,
    refundCount: back.length,
    grossUsdMicros: sum(sold, ({ usd }) => usdMicrosFromDecimal(usd)),
    grossBrlCentavos: sum(sold, ({ brl }) => BigInt(brl)),
    ...rewardsOf(sold, storeId),
    pixBrlCentavos: sum(sold.filter(({ origin }) => origin === "pix"), ({ brl }) => BigInt(brl)),
    guestBrlCentavos: sum(sold.filter(({ origin }) => origin === "guest" || origin === "outside"), ({ brl }) => BigInt(brl)),
    tipBrlCentavos: sum(sold, ({ tipBrl }) => BigInt(tipBrl ?? 0)),
    rewardUsdMicros: sum(sold, ({ rewardUsd }) => usdMicrosFromDecimal(rewardUsd)),
    refundUsdMicros: sum(back, ({ usd }) => usdMicrosFromDecimal(usd)),
    refundBrlCentavos: sum(back, ({ brl }) => BigInt(brl)),
  };
}

/** What each sale's own page shows of its parts, summed. */
function rewardsOf(sales: readonly { brl: string; origin: string | null; parts: TokenPart[] | null }[], storeId: string) {
  const shown = sales.flatMap(({ brl, origin, parts }) => {
    const reais = reaisOfParts((parts ?? []).map((part) => usdMicrosFromDecimal(part.amount_usd)), BigInt(brl));
    return origin === null ? (parts ?? []).map((part, index) => ({ storeId: part.store_id, brl: reais[index]! })) : [];
  });
  const sum = (of: (storeId: string | null) => boolean) => shown.reduce((total, part) => (of(part.storeId) ? total + part.brl : total), 0n);
  return { ownRewardBrlCentavos: sum((id) => id === storeId), otherRewardBrlCentavos: sum((id) => id !== null && id !== storeId) };
}

const partsSum = (parts: Iterable<Figures>) => [...parts].reduce(addFigures, NO_FIGURES);

describe("figures equal the list's sum to the cent", () => {
  const ZONES = ["America/Sao_Paulo", "America/Noronha", "Europe/Lisbon", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu"] as const;
  /** Three days round Lisbon's longest day of 2026. */
  const START = Date.parse("2026-10-24T00:00:00Z");
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("sale" as const), minute: fc.integer({ min: 0, max: 3 * 1440 - 1 }), brl: fc.bigInt(1n, 99_999n), usd: fc.bigInt(1n, 10n ** 9n), tip: fc.bigInt(0n, 900n), seller: fc.integer({ min: 0, max: 2 }), means: fc.integer({ min: 0, max: 5 }), share: fc.integer({ min: 0, max: 100 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("refund" as const), of: fc.nat(), minute: fc.integer({ min: 0, max: 3 * 1440 - 1 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("reorg" as const), of: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("return" as const), of: fc.nat(), minute: fc.integer({ min: 0, max: 3 * 1440 - 1 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("rollUp" as const) }) },
  );

  /** Parts of a payment as pay_reserve keeps them: dollars, then the store's own rewards, then others'; each may be missing. */
  function partsOf(storeId: string, { usd, means, share }: { usd: bigint; means: number; share: number }): { storeId: string | null; usd: bigint }[] {
    const own = means % 2 === 1 ? (usd * BigInt(share)) / 100n : 0n;
    const other = means >= 2 ? ((usd - own) * BigInt(100 - share)) / 100n : 0n;
    const half = other / 2n;
    return [{ storeId: null, usd: usd - own - other }, { storeId, usd: own }, { storeId: OTHER_STORE, usd: half }, { storeId: OTHER_STORE, usd: other - half }].filter((part) => part.usd > 0n);
  }

  test("through random payments, refunds, reorgs and roll-ups, in every zone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.constantFrom(...ZONES), async (steps, timeZone) => {
        const { storeId, actor } = await makeStore();
        const { actor: customer } = await makePerson();
        const till = await makeTill({ storeId, createdBy: actor.userId, name: "Balcão" });
        const [paid, gone, sales]: [string[], string[], { id: string; brl: bigint; usd: bigint }[]] = [[], [], []];
        const timeOf = (minute: number) => new Date(START + minute * 60_000 + 59_999);
        for (const one of steps) {
          if (one.kind === "sale") {
            const payer = one.means < 4 ? { origin: null, parts: partsOf(storeId, one) } : { origin: one.means === 4 ? ("pix" as const) : ("guest" as const) };
            const made = await makeSale({ storeId, ...payer, payerId: customer.userId, at: timeOf(one.minute), brl: one.brl, usd: one.usd, tipBrl: one.tip, tipUsd: one.tip * 1_000n, rewardUsd: one.usd / 20n, ...(one.seller > 0 && { sellerId: actor.userId, tillId: one.seller > 1 ? till : null }) });
            paid.push(made.id);
            sales.push({ id: made.id, brl: one.brl, usd: one.usd });
          } else if (one.kind === "refund" && sales.length > 0) {
            const sale = sales[one.of % sales.length]!;
            const { id } = await makePaidRefund({ storeId, originalId: sale.id, requestedBy: actor.userId, amountUsdMicros: sale.usd / 2n + 1n, amountBrlCentavos: sale.brl / 2n + 1n, at: timeOf(one.minute) });
            paid.push(id);
          } else if (one.kind === "reorg" && paid.length > 0) {
            const [id] = paid.splice(one.of % paid.length, 1);
            await takeBack(id!);
            gone.push(id!);
          } else if (one.kind === "return" && gone.length > 0) {
            const [id] = gone.splice(one.of % gone.length, 1);
            await settleAgain(id!, timeOf(one.minute));
            paid.push(id!);
          } else if (one.kind === "rollUp") await rollUpStats();
          for (const window of [{ timeZone, from: "2026-10-23", to: "2026-10-28" }, { timeZone, from: "2026-10-25", to: "2026-10-26" }]) {
            const read = await figuresOf(window, storeId);
            expect(read.total).toMatchObject(await sumOfList(window, storeId));
            expect(Object.values(byMeans(read.total)).reduce((sum, part) => sum + part, 0n)).toBe(read.total.grossBrlCentavos);
            expect(Object.values(byMeans(read.total)).every((part) => part >= 0n)).toBe(true);
            for (const parts of [read.byDay.values(), read.byHour.values(), read.byClock.values(), read.byWeekHour.values(), read.bySeller.values(), read.byTill.values(), read.byTillAndSeller.map(({ figures }) => figures)]) {
              expect(partsSum(parts)).toEqual(read.total);
            }
          }
        }
        await rollUpStats();
        const [left] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM store_stats_changes`;
        expect(left?.count).toBe(0);
        const window = { timeZone, from: "2026-10-23", to: "2026-10-28" };
        expect((await figuresOf(window, storeId)).total).toMatchObject(await sumOfList(window, storeId));
      }),
      { numRuns: 12 },
    );
  });

  test("while the job runs, no reader sees an hour twice or not at all", async () => {
    const at = new Date("2026-10-24T12:30:00Z");
    for (let count = 0; count < 20; count++) await makeSale({ storeId: store.storeId, at: new Date(at.getTime() + count * 3_600_000), brl: 100n, usd: 1_000_000n });
    const window = { timeZone: "America/Sao_Paulo", from: "2026-10-24", to: "2026-10-27" };
    let isOver = false;
    const rolling = (async () => {
      for (let turn = 0; turn < 15; turn++) {
        await sql`INSERT INTO store_stats_changes (store_id, hour) SELECT DISTINCT store_id, date_trunc('hour', confirmed_at, 'UTC') FROM transactions WHERE store_id = ${store.storeId}`;
        await rollUpStats();
      }
      isOver = true;
    })();
    while (!isOver) expect((await figuresOf(window)).total).toMatchObject({ saleCount: 20, grossBrlCentavos: 2_000n });
    await rolling;
  });

  test("two jobs at once write each hour once", async () => {
    for (let count = 0; count < 12; count++) await makeSale({ storeId: store.storeId, at: new Date(Date.UTC(2026, 9, 24, count, 5)), brl: 100n, usd: 1_000_000n });
    await Promise.all([rollUpStats(), rollUpStats(), rollUpStats()]);
    const [row] = await sql<{ count: number; brl: string }[]>`SELECT count(*)::int AS count, sum(gross_brl_centavos)::text AS brl FROM store_hourly_stats WHERE store_id = ${store.storeId}`;
    expect(row).toEqual({ count: 12, brl: "1200" });
  });
});

describe("a day is the store's own", () => {
  const sellAt = (iso: string) => makeSale({ storeId: store.storeId, at: new Date(iso), brl: 100n, usd: 1_000_000n });

  test("an hour before midnight in Noronha is still yesterday there and an hour later than in São Paulo", async () => {
    await sellAt("2026-11-22T01:30:00Z"); // 23:30 of the 21st in Noronha, 22:30 in São Paulo
    await sellAt("2026-11-22T02:30:00Z"); // 00:30 of the 22nd in Noronha, 23:30 of the 21st in São Paulo
    expect((await figuresOf({ timeZone: "America/Noronha", from: "2026-11-22", to: "2026-11-23" })).total.saleCount).toBe(1);
    expect((await figuresOf({ timeZone: "America/Sao_Paulo", from: "2026-11-21", to: "2026-11-22" })).total.saleCount).toBe(2);
  });

  test.each([
    ["2026-03-29", 23],
    ["2026-10-25", 25],
  ])("Lisbon's %s has %i hours, each with its own bar", async (day, hours) => {
    const window = await windowOf({ id: store.storeId, timeZone: "Europe/Lisbon" }, { from: day, to: `${day.slice(0, 8)}${Number(day.slice(8)) + 1}` });
    expect((window.to.getTime() - window.from.getTime()) / 3_600_000).toBe(hours);
    for (let hour = 0; hour < hours; hour++) await sellAt(new Date(window.from.getTime() + hour * 3_600_000 + 60_000).toISOString());
    for (const isRolled of [false, true]) {
      if (isRolled) await rollUpStats();
      const read = await readFigures(window, { withHours: true });
      expect(read.total.saleCount).toBe(hours);
      expect(read.byHour.size).toBe(hours);
      expect([...read.byDay.keys()]).toEqual([day]);
    }
  });

  test.each([
    ["Europe/Lisbon", "2026-10-25", [[0, 2], [1, 4], [2, 2]]],
    ["Europe/Lisbon", "2026-03-29", [[0, 2], [2, 2]]],
    ["Australia/Lord_Howe", "2026-04-05", [[0, 2], [1, 3], [2, 2]]],
    ["America/Noronha", "2026-11-22", [[0, 2], [1, 2], [2, 2]]],
  ] as const)("%s on the Sunday %s: a sale each half hour until three stands in the hour that the clock showed", async (timeZone, day, expected) => {
    const window = await windowOf({ id: store.storeId, timeZone }, { from: day, to: `${day.slice(0, 8)}${String(Number(day.slice(8)) + 1).padStart(2, "0")}` });
    const clock = new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone });
    for (let at = window.from.getTime(); at < window.from.getTime() + 4 * 3_600_000; at += 1_800_000) if (Number(clock.format(new Date(at))) < 3) await sellAt(new Date(at + 60_000).toISOString());
    for (const isRolled of [false, true]) {
      if (isRolled) await rollUpStats();
      const { byWeekHour, total } = await readFigures(window, { withWeek: true });
      expect(Object.fromEntries([...byWeekHour].map(([key, { saleCount }]) => [key, saleCount]))).toEqual(Object.fromEntries(expected.map(([hour, count]) => [weekHourKey({ weekday: 7, clock: hour }), count])));
      expect(partsSum(byWeekHour.values())).toEqual(total);
    }
  });

  test("a zone half an hour apart has its own days and hours", async () => {
    await sellAt("2026-11-21T18:20:00Z"); // 23:50 in Kolkata
    await sellAt("2026-11-21T18:40:00Z"); // 00:10 of the 22nd
    await rollUpStats();
    const read = await figuresOf({ timeZone: "Asia/Kolkata", from: "2026-11-22", to: "2026-11-23" });
    expect(read.total.saleCount).toBe(1);
    expect([...read.byClock.keys()]).toEqual([0]);
  });
});

describe("what was sold, and to whom", () => {
  const day = { timeZone: "America/Sao_Paulo", from: "2026-11-22", to: "2026-11-23" };
  const at = (iso: string) => new Date(iso);
  const windowToday = () => windowOf({ id: store.storeId, timeZone: day.timeZone }, day);

  test("customers are unique, and return when they paid on an earlier day; guests are none", async () => {
    const [{ actor: ana }, { actor: leo }] = await Promise.all([makePerson({ name: "Ana" }), makePerson({ name: "Léo" })]);
    const sell = (payerId: string | null, iso: string) => makeSale({ storeId: store.storeId, payerId, at: at(iso), brl: 100n, usd: 1_000_000n, origin: payerId ? null : "guest" });
    await sell(ana.userId, "2026-11-10T15:00:00Z");
    for (const isRolled of [false, true]) {
      if (isRolled) await rollUpStats();
      await sell(ana.userId, "2026-11-22T15:00:00Z");
      await sell(leo.userId, "2026-11-22T15:10:00Z");
      await sell(leo.userId, "2026-11-22T20:10:00Z");
      await sell(null, "2026-11-22T16:00:00Z");
    }
    expect(await readCustomers(await windowToday())).toEqual({ unique: 2, returning: 1 });
    // In the month both came on one day only or on two.
    expect(await readCustomers(await windowOf({ id: store.storeId, timeZone: day.timeZone }, { from: "2026-11-01", to: "2026-12-01" }))).toEqual({ unique: 2, returning: 1 });
  });

  test("how they paid: hours that were rolled up before the figure existed are right at once, and the job fills them in", async () => {
    const paidWith = (parts: { storeId: string | null; usd: bigint }[], brl: bigint, origin: "pix" | "guest" | null = null) => makeSale({ storeId: store.storeId, at: at("2026-11-22T15:00:00Z"), brl, usd: parts.reduce((sum, { usd }) => sum + usd, 0n), parts, origin });
    await paidWith([{ storeId: null, usd: 1_000_000n }, { storeId: store.storeId, usd: 1_000_000n }, { storeId: OTHER_STORE, usd: 1_000_000n }], 1_000n);
    await paidWith([{ storeId: store.storeId, usd: 1n }, { storeId: OTHER_STORE, usd: 1n }], 1n);
    await paidWith([{ storeId: null, usd: 2_000_000n }], 777n, "guest");
    await paidWith([], 50n, "pix");
    const read = async () => byMeans((await readFigures(await windowToday())).total);
    // 333 + 334 + 333 of ten reais; the one centavo falls into the part that reaches its half.
    const expected = { dollars: 333n, own: 335n, other: 333n, pix: 50n, guest: 777n };
    expect(await read()).toEqual(expected);
    await rollUpStats();
    expect(await read()).toEqual(expected);
    await sql`UPDATE store_hourly_stats SET own_reward_brl_centavos = DEFAULT, other_reward_brl_centavos = DEFAULT`;
    expect(await read()).toMatchObject({ own: 0n });
    const statements = readFileSync("drizzle/0029_figures_and_notices.sql", "utf8").split("--> statement-breakpoint");
    await sql.unsafe(statements.at(-1)!);
    expect(await read()).toEqual(expected);
    await rollUpStats();
    expect(await read()).toEqual(expected);
    expect(await sql`SELECT 1 FROM store_stats_changes`).toEqual([]);
  });

  test("a reorg that takes a first payment back takes the return with it", async () => {
    const { actor: ana } = await makePerson({ name: "Ana" });
    const first = await makeSale({ storeId: store.storeId, payerId: ana.userId, at: at("2026-11-10T15:00:00Z"), brl: 100n, usd: 1_000_000n });
    await makeSale({ storeId: store.storeId, payerId: ana.userId, at: at("2026-11-22T15:00:00Z"), brl: 100n, usd: 1_000_000n });
    await rollUpStats();
    expect((await readCustomers(await windowToday())).returning).toBe(1);
    await takeBack(first.id);
    await rollUpStats();
    expect(await readCustomers(await windowToday())).toEqual({ unique: 1, returning: 0 });
  });

  test("items add up before and after the roll-up, and typed amounts are none", async () => {
    const item = (name: string, quantity: number, unit: string, itemId: string | null) => ({ itemId, name, quantity, unitBrlCentavos: unit });
    const pao = "0190f5fe-0000-7000-8000-000000000001";
    await makeSale({ storeId: store.storeId, at: at("2026-11-22T15:00:00Z"), brl: 2_000n, usd: 4_000_000n, sellerId: store.actor.userId, items: [item("Pão", 3, "500", pao), item("", 1, "500", null)] });
    await makeSale({ storeId: store.storeId, at: at("2026-11-22T16:00:00Z"), brl: 1_200n, usd: 2_000_000n, sellerId: store.actor.userId, items: [item("Pão na chapa", 2, "600", pao)] });
    const expected = [{ itemId: pao, name: "Pão na chapa", quantity: 5n, grossBrlCentavos: 2_700n }];
    expect(await readItemsSold(await windowToday(), { limit: 10 })).toEqual(expected);
    await rollUpStats();
    expect(await readItemsSold(await windowToday(), { limit: 10 })).toEqual(expected);
  });

  test("a refund of money from outside counts when it was sent back, and a reorg takes it away", async () => {
    const { id } = await makeSale({ storeId: store.storeId, at: at("2026-11-22T15:00:00Z"), brl: 1_000n, usd: 2_000_000n, origin: "outside" });
    await sql`
      INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash, refund_usd, refund_status)
      VALUES (${id}, '84532', ${store.storeId}, ${id}, 'outside', '0xa', '0xa', 2, 0, 0, '0xb', 0, 1, '0xc', 1.9, 'requested')`;
    const today = dayKey(new Date());
    const read = async () => (await readFigures(await windowOf({ id: store.storeId, timeZone: day.timeZone }, { from: today, to: "2099-01-01" }))).total;
    await rollUpStats();
    expect(await read()).toMatchObject({ refundCount: 0 });
    await sql`UPDATE outside_payments SET refund_status = 'refunded', refunded_at = now() WHERE id = ${id}`;
    expect(await read()).toMatchObject({ refundCount: 1, refundUsdMicros: 1_900_000n, refundBrlCentavos: 950n });
    await rollUpStats();
    expect(await read()).toMatchObject({ refundCount: 1, refundBrlCentavos: 950n });
    await sql`UPDATE outside_payments SET refund_status = 'requested', refunded_at = NULL WHERE id = ${id}`;
    expect(await read()).toMatchObject({ refundCount: 0, refundBrlCentavos: 0n });
  });

  test("a sale without a price in reais takes the rate of its moment, not today's", async () => {
    await sql`INSERT INTO exchange_rates (id, brl_per_usd, quoted_at, source) VALUES (gen_random_uuid(), 5.0, '2026-11-20', 'sandbox'), (gen_random_uuid(), 9.0, '2026-11-27', 'sandbox')`;
    const { id } = await makeSale({ storeId: store.storeId, at: at("2026-11-22T15:00:00Z"), brl: null, usd: 2_000_000n });
    await sql`UPDATE transactions SET brl_per_usd = NULL WHERE id = ${id}`;
    expect((await readFigures(await windowToday())).total.grossBrlCentavos).toBe(1_000n);
  });
});
