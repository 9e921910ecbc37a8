import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { hoursFromTyped, openState, type OpeningHours } from "@/lib/hours/rules";
import { newId } from "@/lib/ids";
import { makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { countStores, getPublicStore, nearestStores } from "./queries";
import { HOME_TOWN } from "./rules";

const BARRA = { latitude: -27.574, longitude: -48.423 };
async function storeAt(latitude: number, longitude: number, changes: Record<string, unknown> = {}) {
  const made = await makeStore();
  await sql`UPDATE stores SET ${sql({ latitude, longitude, ...changes })} WHERE id = ${made.storeId}`;
  return made;
}

describe("nearestStores", () => {
  beforeEach(() => sql`TRUNCATE stores CASCADE`);

  test("the nearest first, with metres along the earth", async () => {
    const far = await storeAt(-27.604, -48.463);
    const near = await storeAt(-27.5745, -48.4235);
    const other = await storeAt(-23.55, -46.63);
    const found = await nearestStores(BARRA);
    expect(found.map(({ id }) => id)).toEqual([near.storeId, far.storeId, other.storeId]);
    expect(found[0]!.distanceMetres).toBeGreaterThan(60);
    expect(found[0]!.distanceMetres).toBeLessThan(90);
    expect(found[2]!.distanceMetres / 1_000).toBeGreaterThan(450);
    expect(await nearestStores({ ...BARRA, limit: 1 })).toHaveLength(1);
  });

  test("closed, never deployed and long silent stores stay away; a new one and one that was paid lately show", async () => {
    const closed = await storeAt(-27.57, -48.42, { closed_at: new Date() });
    const preparing = await storeAt(-27.57, -48.42);
    await sql`UPDATE store_deployments SET status = 'pending' WHERE store_id = ${preparing.storeId}`;
    const old = new Date(Date.now() - 91 * 86_400_000);
    const silent = await storeAt(-27.57, -48.42, { created_at: old });
    const busy = await storeAt(-27.58, -48.42, { created_at: old });
    await makePayment({ storeId: busy.storeId });
    const fresh = await storeAt(-27.59, -48.42);
    const withoutPlace = await makeStore();
    const ids = (await nearestStores(BARRA)).map(({ id }) => id);
    expect(ids).toEqual([busy.storeId, fresh.storeId]);
    for (const { storeId } of [closed, preparing, silent, withoutPlace]) expect(ids).not.toContain(storeId);
    expect(await countStores({})).toBe(2);
    expect((await getPublicStore(closed.storeId)).isClosed).toBe(true);
    await expect(getPublicStore(preparing.storeId)).rejects.toThrow("not_found");
    await expect(getPublicStore("x' OR 1=1")).rejects.toThrow("not_found");
    expect(await getPublicStore(busy.storeId)).toMatchObject({ paymentsThisMonth: 1, isPayable: true, latitude: -27.58 });
  });

  test("search forgives accents and finds a district; markup and wildcards are text; categories and opening hours filter", async () => {
    const cafe = await storeAt(-27.57, -48.42, { name: "Café do Açaí", address: "Rio Vermelho", category: "cafe", opening_hours: sql.json([[], [], [], [], [], [], []].map(() => [[0, 1440]])) });
    const bar = await storeAt(-27.58, -48.42, { name: "Bar 100%", address: "Lagoa da Conceição", category: "bar" });
    const namesOf = async (filter: object) => (await nearestStores({ ...HOME_TOWN, filter })).map(({ id }) => id);
    expect(await namesOf({ search: "acai" })).toEqual([cafe.storeId]);
    expect(await namesOf({ search: "conceicao" })).toEqual([bar.storeId]);
    expect(await namesOf({ search: "0%" })).toEqual([bar.storeId]);
    expect(await namesOf({ search: "%" })).toEqual([bar.storeId]);
    expect(await namesOf({ search: "_" })).toEqual([]);
    expect(await namesOf({ search: "<script>" })).toEqual([]);
    expect(await namesOf({ category: "bar" })).toEqual([bar.storeId]);
    expect(await namesOf({ isOpenNow: true })).toEqual([cafe.storeId]);
    expect(await countStores({ search: "acai" })).toBe(1);
  });
});

describe("with two thousand stores", () => {
  beforeAll(async () => {
    await sql`TRUNCATE stores CASCADE`;
    await sql`
      INSERT INTO stores (id, name, symbol, short_code, latitude, longitude, deployment_status, starts_at)
      SELECT gen_random_uuid(), 'Loja ' || i, 'Q' || chr(65 + i / 676 % 26) || chr(65 + i / 26 % 26) || chr(65 + i % 26), 'C' || i, -27.4 - (i % 50) * 0.008, -48.4 - (i / 50) * 0.005, 'deployed', now() FROM generate_series(0, 1999) AS i`;
    await sql`INSERT INTO store_deployments (id, store_id, chain_id, status) SELECT gen_random_uuid(), id, '84532', 'deployed' FROM stores`;
    await sql`ANALYZE`;
  });

  test("the location index gives the order, and only as much of it as is asked for", async () => {
    const plan = await explained(() => nearestStores({ ...BARRA, limit: 20 }));
    expect(plan).toMatch(/Index Scan using idx_stores_location/);
    expect(plan).toMatch(/Order By: \(+store_location/);
    expect(plan).not.toMatch(/Seq Scan on stores/);
    expect(plan).not.toMatch(/Sort Key/);
  });

  test("a search of three letters asks its own index", async () => {
    await sql`UPDATE stores SET name = 'Oficina do Zé' WHERE short_code = 'C7'`;
    expect((await nearestStores({ ...BARRA, filter: { search: "oficina" } })).map(({ name }) => name)).toEqual(["Oficina do Zé"]);
    expect(await explained(() => nearestStores({ ...BARRA, filter: { search: "oficina" } }))).toMatch(/idx_stores_(search|location)/);
  });

  /** The plan of what a query sends, by the server's own log of it. */
  async function explained(run: () => Promise<unknown>): Promise<string> {
    const { sql: client } = (globalThis as unknown as { cocopayDatabase: { sql: { options: { debug?: unknown } } } }).cocopayDatabase;
    const sent: { query: string; parameters: unknown[] }[] = [];
    client.options.debug = (_connection: number, query: string, parameters: unknown[]) => sent.push({ query, parameters });
    await run();
    client.options.debug = undefined;
    const { query, parameters } = sent.find(({ query: text }) => text.includes("FROM stores s"))!;
    const rows = await sql.unsafe(`EXPLAIN ANALYZE ${query}`, parameters as string[]);
    return rows.map((row) => String(Object.values(row)[0])).join("\n");
  }
});

describe("opening hours", () => {
  const week = (day: number, ...spans: [string, string][]) => [0, 1, 2, 3, 4, 5, 6].map((one) => (one === day ? spans.map(([opens, closes]) => ({ opens, closes })) : []));
  const at = (text: string) => new Date(`${text}-03:00`);
  const zone = "America/Sao_Paulo";

  test("a Friday bar is open past midnight and closed on Saturday morning", () => {
    const hours = hoursFromTyped(week(5, ["18:00", "02:00"]))!;
    expect(hours[5]).toEqual([[1_080, 1_560]]);
    expect(openState(hours, zone, at("2026-11-27T17:59:00"))).toEqual({ isOpen: false, opensAt: "18:00", opensInDays: 0 });
    expect(openState(hours, zone, at("2026-11-28T01:59:00"))).toEqual({ isOpen: true, until: "02:00" });
    expect(openState(hours, zone, at("2026-11-28T02:00:00"))).toEqual({ isOpen: false, opensAt: "18:00", opensInDays: 6 });
    expect(openState(hours, "America/Manaus", at("2026-11-28T02:30:00"))).toMatchObject({ isOpen: true });
  });

  test("nothing said is nothing known; round the clock has no end", () => {
    expect(hoursFromTyped(week(5))).toBeNull();
    expect(openState(null, zone, new Date())).toBeNull();
    const always = hoursFromTyped([0, 1, 2, 3, 4, 5, 6].map(() => [{ opens: "00:00", closes: "00:00" }]));
    expect(openState(always, zone, new Date())).toEqual({ isOpen: true, until: null });
  });

  test.each([
    ["no clock", week(1, ["25:00", "26:00"])],
    ["words", week(1, ["<b>", "18:00"])],
    ["overlap in a day", week(1, ["08:00", "12:00"], ["11:00", "14:00"])],
    ["overlap with the next day", [...week(1, ["20:00", "04:00"]).slice(0, 2), [{ opens: "03:00", closes: "05:00" }], [], [], [], []]],
    ["six days", week(1).slice(1)],
    ["five spans", week(1, ["01:00", "02:00"], ["03:00", "04:00"], ["05:00", "06:00"], ["07:00", "08:00"], ["09:00", "10:00"])],
  ])("%s is refused", (_what, typed) => {
    expect(() => hoursFromTyped(typed)).toThrow("hours_invalid");
  });

  test("the database says the same as the browser at any minute, in zones with and without summer time", async () => {
    const random = (below: number) => Math.floor(Math.random() * below);
    for (let round = 0; round < 40; round += 1) {
      const hours: OpeningHours = [0, 1, 2, 3, 4, 5, 6].map(() => (random(3) === 0 ? [] : [[random(700), 700 + random(500)], [1_250, 1_251 + random(600)]]));
      const timeZone = ["America/Sao_Paulo", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"][random(4)]!;
      const moment = new Date(Date.UTC(2026, random(12), 1 + random(28), random(24), random(60)));
      const [row] = await sql<{ isOpen: boolean }[]>`SELECT public.store_is_open(${sql.json(hours)}, ${timeZone}, ${moment}) AS "isOpen"`;
      expect([round, timeZone, moment, row?.isOpen]).toEqual([round, timeZone, moment, openState(hours, timeZone, moment)?.isOpen ?? false]);
    }
  });
});

test("a store's id that nobody has is not found", async () => {
  await expect(getPublicStore(newId())).rejects.toThrow("not_found");
});
