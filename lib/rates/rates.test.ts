import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { getPayment } from "@/lib/payments/queries";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { fetchPtaxRate } from "./ptax";
import { isRateStale, RATE_STALE_MS } from "./rules";
import { fetchSandboxRate } from "./sandbox";

/** The bank as it answers: a day's body, or a status to answer with, in turn. */
let days: Record<string, string | number | (string | number)[]> = {};
let asked: string[] = [];
let server: Server;
let bank = "";

const quote = (rate: string, at: string) => `{"@odata.context":"x","value":[{"cotacaoCompra":${rate.replace(/\d$/, "0")},"cotacaoVenda":${rate},"dataHoraCotacao":"${at}"}]}`;
const NONE = '{"@odata.context":"x","value":[]}';

beforeAll(async () => {
  server = createServer((request, response) => {
    const day = /@dataCotacao='(\d\d-\d\d-\d{4})'/.exec(decodeURIComponent(request.url ?? ""))?.[1] ?? "none";
    asked.push(day);
    const known = days[day] ?? NONE;
    const answer = Array.isArray(known) ? (known.shift() ?? NONE) : known;
    response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" }).end(typeof answer === "number" ? "busy" : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  bank = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  [days, asked] = [{}, []];
});

const FRIDAY = { "11-27-2026": quote("5.4321", "2026-11-27 13:08:27.41") };

describe("PTAX", () => {
  test("the closing rate to sell, with the bank's own time, digit for digit", async () => {
    days = FRIDAY;
    expect(await fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).toEqual({ brlPerUsdMicros: 5_432_100n, quotedAt: new Date("2026-11-27T16:08:27Z"), source: "ptax" });
    expect(asked).toEqual(["11-27-2026"]);
  });

  test("on a weekend, on Monday morning and late in the evening it is the last day's that had one, by the bank's calendar", async () => {
    days = FRIDAY;
    for (const [now, walked] of [
      ["2026-11-29T12:00:00Z", ["11-29-2026", "11-28-2026", "11-27-2026"]],
      ["2026-11-30T12:00:00Z", ["11-30-2026", "11-29-2026", "11-28-2026", "11-27-2026"]],
      ["2026-11-28T02:00:00Z", ["11-27-2026"]],
    ] as const) {
      asked = [];
      expect((await fetchPtaxRate(bank, new Date(now))).brlPerUsdMicros).toBe(5_432_100n);
      expect(asked).toEqual(walked);
    }
  });

  test("over carnival and a weekend it walks a week back, and no further", async () => {
    days = { "11-20-2026": quote("5.5", "2026-11-20 13:00:00") };
    expect((await fetchPtaxRate(bank, new Date("2026-11-27T15:00:00Z"))).quotedAt).toEqual(new Date("2026-11-20T16:00:00Z"));
    await expect(fetchPtaxRate(bank, new Date("2026-11-28T15:00:00Z"))).rejects.toThrow("no rate for a week");
  });

  test("a 5xx is asked again; a service that stays down fails and names the status; a wrong question is not repeated", async () => {
    days = { "11-27-2026": [503, 500, quote("5.4321", "2026-11-27 13:08:27")] };
    expect((await fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).brlPerUsdMicros).toBe(5_432_100n);
    expect(asked).toHaveLength(3);
    days = { "11-27-2026": 502 };
    asked = [];
    await expect(fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).rejects.toThrow("PTAX answered 502");
    expect(asked).toHaveLength(3);
    days = { "11-27-2026": 400 };
    asked = [];
    await expect(fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).rejects.toThrow("PTAX answered 400");
    expect(asked).toHaveLength(1);
  });

  test.each(["<html>maintenance</html>", "", '{"value":[{"cotacaoVenda":"abc"}]}', '{"value":[{"cotacaoVenda":-5.4,"dataHoraCotacao":"2026-11-27 13:08:27"}]}'])("an answer that is none (%s) counts as no rate of that day", async (body) => {
    days = { ...FRIDAY, "11-27-2026": body, "11-26-2026": quote("5.41", "2026-11-26 13:00:00") };
    expect((await fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).brlPerUsdMicros).toBe(5_410_000n);
  });

  test("an endless answer is refused", async () => {
    days = { "11-27-2026": `{"value":["${"x".repeat(50_000)}"]}` };
    await expect(fetchPtaxRate(bank, new Date("2026-11-27T18:00:00Z"))).rejects.toThrow("letters");
  });
});

test("the sandbox has a rate for every hour of every weekday", async () => {
  for (let hour = 0; hour < 24 * 7; hour += 1) {
    const now = new Date(Date.UTC(2026, 10, 22, hour, 30));
    const { brlPerUsdMicros, quotedAt } = await fetchSandboxRate(now);
    expect(brlPerUsdMicros > 5_000_000n && !isRateStale(quotedAt, now)).toBe(true);
  }
});

describe("the stored rate", () => {
  /** The module keeps the newest rate for seconds: each question here is a process of its own. */
  async function fresh() {
    vi.resetModules();
    return { ...(await import("./queries")), ...(await import("./refresh-rate")) };
  }
  const store = (rate: string, at: Date) => sql`INSERT INTO exchange_rates (id, brl_per_usd, source, quoted_at) VALUES (gen_random_uuid(), ${rate}, 'ptax', ${at})`;

  beforeEach(async () => {
    await sql`DELETE FROM exchange_rates`;
  });

  test("none yet is said so", async () => {
    await expect((await fresh()).currentRate()).rejects.toMatchObject({ code: "rate_unavailable" });
  });

  test("is the newest by its own time, and old from 36 hours on: over a weekend it warns, from Monday's quote it does not", async () => {
    const friday = new Date("2026-11-27T16:08:27Z");
    await store("5.4321", friday);
    const at = async (text: string) => (await fresh()).currentRate(new Date(text));
    expect(await at("2026-11-29T04:08:27Z")).toMatchObject({ brlPerUsdMicros: 5_432_100n, quotedAt: friday, isStale: false });
    expect(await at("2026-11-29T04:08:28Z")).toMatchObject({ brlPerUsdMicros: 5_432_100n, isStale: true });
    expect(RATE_STALE_MS).toBe(129_600_000);
    await store("5.5", new Date("2026-11-30T16:05:00Z"));
    // A walk back that finds Friday's again changes nothing.
    expect(await at("2026-11-30T16:06:00Z")).toMatchObject({ brlPerUsdMicros: 5_500_000n, isStale: false });
  });

  test("is kept once a quotation, and stays when the source fails or speaks nonsense", async () => {
    const before = { ...process.env };
    Object.assign(process.env, { RATE_PROVIDER: "ptax", PTAX_BASE_URL: bank });
    try {
      const { refreshRate } = await fresh();
      const now = new Date("2026-11-27T18:00:00Z");
      days = FRIDAY;
      await refreshRate(now);
      await refreshRate(new Date("2026-11-29T18:00:00Z"));
      days = { "11-27-2026": 503 };
      await expect(refreshRate(now)).rejects.toThrow("503");
      days = { "11-27-2026": quote("0.0054", "2026-11-27 13:30:00") };
      await expect(refreshRate(now)).rejects.toThrow("Invariant");
      expect(await sql`SELECT brl_per_usd::text AS rate, source FROM exchange_rates`).toEqual([{ rate: "5.432100", source: "ptax" }]);
    } finally {
      for (const name of ["RATE_PROVIDER", "PTAX_BASE_URL"]) if (before[name] === undefined) delete process.env[name];
    }
  });

  test("a payment keeps the rate it showed, whatever the rate is later", async () => {
    const { actor } = await makePerson();
    const { storeId } = await makeStore();
    const { id } = await makePayment({ storeId, payerId: actor.userId });
    const shown = new Date("2026-11-27T16:08:27Z");
    await sql`UPDATE transactions SET rate_at = ${shown} WHERE id = ${id}`;
    await store("9.99", new Date());
    expect(await getPayment(actor, id)).toMatchObject({ brlPerUsdMicros: 5_500_000n, rateAt: shown, amountBrlCentavos: 3_850n });
  });
});
