import postgres from "postgres";
import type { Actor } from "@/lib/auth/actor";
import { startBenchDatabase } from "./database";
import { machine, percentile } from "./measure";
import { fillOneStore, fillStores, idOf, storeDataAt } from "./store-data";

/** SCALE=0.05 tries it on a twentieth; PAGES=0 leaves the web process out. */
const scale = Number(process.env["SCALE"] ?? 1);
const withPages = process.env["PAGES"] !== "0";
const TARGETS = { sqlMs: 5, pageMs: 150, rowsPerSecond: 50_000 } as const;
const ASKED = 400;
const PAGES_ASKED = 100;
const WARM_UP = 20;
const PAGE_SHOWN = 2_000;
const ROWS_A_SCREEN = 50;
const FILE_ROWS = 100_000;
const LONGEST_FILE = 1_000_000;

/**
 * A store's screens and files on a database of two thousand stores and two million payments: what its figures, its list and its search cost as SQL and as
 * pages of one production process, how long the view's refresh and the hourly roll-up take, and how fast and how small a long file is.
 */
const data = storeDataAt(scale);
const database = await startBenchDatabase({ pool: 16 });
const owner = postgres(process.env["DATABASE_URL"] ?? "", { max: 1, onnotice: () => {} });
const madeAt = performance.now();
await fillStores(owner, data);
const madeSeconds = (performance.now() - madeAt) / 1_000;

const { closeDatabase, sql } = await import("@/db/client");
const { getAnalytics, getTodayFigures } = await import("@/lib/analytics/queries");
const { windowOf } = await import("@/lib/analytics/read-figures");
const { refreshDailyStats } = await import("@/lib/analytics/keep-up");
const { rollUpStats } = await import("@/lib/analytics/roll-up");
const { paymentsCsv } = await import("@/lib/exports/payments-csv");
const { nearestStores } = await import("@/lib/explore/queries");
const { messagesOf } = await import("@/lib/i18n/messages");
const { listSales } = await import("@/lib/sales/queries");
const { NO_SALE_FILTER } = await import("@/lib/sales/rules");
const { getStoreOverview } = await import("@/lib/stores/queries");
const { makeRate } = await import("@/lib/test/factories");
const { paths } = await import("@/lib/paths");
const { sessionCookie, startBenchWeb } = await import("./web");
await makeRate();

async function timesOf(times: number, one: (turn: number) => Promise<unknown>): Promise<number[]> {
  for (let turn = 0; turn < WARM_UP; turn++) await one(turn);
  const samples: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedAt = performance.now();
    await one(turn);
    samples.push(performance.now() - startedAt);
  }
  return samples;
}
const secondsOf = async (one: () => Promise<unknown>) => {
  const startedAt = performance.now();
  await one();
  return (performance.now() - startedAt) / 1_000;
};

/** The owner of the n-th store is the n-th person. */
const ownerOf = (number: number): Actor => ({ userId: idOf("person", number), sessionId: idOf("person", number), name: `Pessoa ${number}`, phone: "+5548000000000", locale: "pt-BR", ip: null, userAgent: null });
/** Stores of every size, the ten big ones among each dozen. */
const storeAt = (turn: number) => (turn % 12 === 0 ? 1 + (Math.floor(turn / 12) % 10) : 1 + ((turn * 7_919) % data.stores));
const zone = { timeZone: "America/Sao_Paulo" };

// The hours are rolled up first, as they are on any day but the first.
const hoursToRoll = (await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM (SELECT DISTINCT store_id, hour FROM store_stats_changes) hours`)[0]?.count ?? 0;
const rollSeconds = await secondsOf(async () => {
  while ((await rollUpStats()) > 0);
});
await owner.unsafe("VACUUM ANALYZE store_hourly_stats; ");
await owner.unsafe("VACUUM ANALYZE store_stats_changes");
const refreshFirst = await secondsOf(refreshDailyStats);
const refreshAgain = await secondsOf(refreshDailyStats);

const [deep] = await sql<{ id: string; position: number }[]>`
  SELECT id, position::int FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS position FROM transactions WHERE store_id = ${idOf("store", 1)}) placed
  WHERE position <= ${(PAGE_SHOWN - 1) * ROWS_A_SCREEN} ORDER BY position DESC LIMIT 1`;
const deepPage = Math.floor((deep?.position ?? 0) / ROWS_A_SCREEN) + 1;
const codes = await sql<{ storeId: string; code: string }[]>`SELECT store_id AS "storeId", confirmation_code AS code FROM transactions TABLESAMPLE SYSTEM (1) LIMIT 500`;
const codeAt = (turn: number) => codes[turn % codes.length] ?? { storeId: idOf("store", 1), code: "AAAAAA" };
const numberOf = (storeId: string) => Number.parseInt(storeId.slice(-12), 16);

const asked = {
  "today's figures": await timesOf(ASKED, (turn) => getTodayFigures(ownerOf(storeAt(turn)), idOf("store", storeAt(turn)), zone)),
  "first page, all of it": await timesOf(ASKED, (turn) => Promise.all([getStoreOverview(ownerOf(storeAt(turn)), idOf("store", storeAt(turn))), getTodayFigures(ownerOf(storeAt(turn)), idOf("store", storeAt(turn)), zone)])),
  "payments, page 1": await timesOf(ASKED, (turn) => listSales(ownerOf(storeAt(turn)), idOf("store", storeAt(turn)))),
  [`payments, page ${deepPage}`]: await timesOf(ASKED, () => listSales(ownerOf(1), idOf("store", 1), { before: deep?.id })),
  "search by code": await timesOf(ASKED, (turn) => listSales(ownerOf(numberOf(codeAt(turn).storeId)), codeAt(turn).storeId, { filter: { ...NO_SALE_FILTER, code: codeAt(turn).code } })),
  "nearest 20 stores": await timesOf(ASKED, (turn) => nearestStores({ latitude: -27.6 + ((turn % 40) - 20) / 100, longitude: -48.5 + ((turn % 30) - 15) / 100, limit: 20 })),
};
const untargeted = {
  "analytics, a month": await timesOf(ASKED, (turn) => getAnalytics(ownerOf(storeAt(turn)), idOf("store", storeAt(turn)), {})),
  "analytics, a year of the biggest": await timesOf(20, () => getAnalytics(ownerOf(1), idOf("store", 1), { period: "range", from: dayBefore(364), to: dayBefore(0) })),
};
function dayBefore(days: number) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

const pages: Record<string, number[]> = {};
if (withPages) {
  const web = await startBenchWeb();
  const cookies = new Map<number, string>();
  const visit = async (number: number, path: string) => {
    const cookie = cookies.get(number) ?? (await sessionCookie(idOf("person", number)));
    cookies.set(number, cookie);
    const response = await fetch(`${web.origin}${path}`, { headers: { cookie } });
    const text = await response.text();
    if (!response.ok || text.length < 1_000) throw new Error(`${path} answered ${response.status}`);
  };
  const of = (turn: number) => 1 + (turn % 10);
  pages["first page"] = await timesOf(PAGES_ASKED, (turn) => visit(of(turn), paths.store(idOf("store", of(turn)))));
  pages["payments, page 1"] = await timesOf(PAGES_ASKED, (turn) => visit(of(turn), paths.storePayments(idOf("store", of(turn)))));
  pages[`payments, page ${deepPage}`] = await timesOf(PAGES_ASKED, () => visit(1, `/stores/${idOf("store", 1)}/payments?before=${deep?.id ?? ""}`));
  pages["search by code"] = await timesOf(PAGES_ASKED, (turn) => {
    const { storeId, code } = codeAt(turn % 10);
    return visit(numberOf(storeId), `/stores/${storeId}/payments?q=${code}`);
  });
  pages["analytics, a month"] = await timesOf(PAGES_ASKED, (turn) => visit(of(turn), paths.storeAnalytics(idOf("store", of(turn)))));
  pages["explore, nearest"] = await timesOf(PAGES_ASKED, (turn) => visit(of(turn), paths.explore({ near: "-27.600,-48.500" })));
  await web.stop();
}

/** A payments file written to nowhere: rows, seconds, and the most memory above the start. */
async function writeFile(storeNumber: number, rowsMax: number) {
  const window = await windowOf({ id: idOf("store", storeNumber), ...zone }, { from: dayBefore(400), to: dayBefore(-1) });
  const { column, kinds, ways, states, removed } = messagesOf("pt-BR").exports;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let [rows, bytes, most] = [-1, 0, before];
  const startedAt = performance.now();
  for await (const piece of paymentsCsv({ name: "Loja" }, window, { variant: "pt-BR", words: { columns: column, kinds, ways, states, removed } })) {
    rows += piece.split("\r\n").length - 1;
    bytes += piece.length;
    most = Math.max(most, process.memoryUsage().rss);
    if (rows >= rowsMax) break;
  }
  return { rows, bytes, seconds: (performance.now() - startedAt) / 1_000, growthMiB: (most - before) / 2 ** 20 };
}
const file = await writeFile(1, FILE_ROWS);
const fileAgain = await writeFile(1, FILE_ROWS);
await fillOneStore(owner, { storeNumber: 2, payments: Math.max(20_000, Math.round(LONGEST_FILE * scale)), after: data.payments, people: data.people });
const longest = await writeFile(2, Number.POSITIVE_INFINITY);

const line = (what: string, values: number[], targetMs?: number) =>
  console.log(`  ${what.padEnd(34)} p50 ${percentile(values, 0.5).toFixed(2).padStart(7)} ms   p99 ${percentile(values, 0.99).toFixed(2).padStart(7)} ms${targetMs === undefined ? "" : `   (target p99 ≤ ${targetMs} ms)`}`);
const count = (value: number) => new Intl.NumberFormat("en").format(Math.round(value));
console.log(`bench:store on ${machine()}; ${count(data.stores)} stores, ${count(data.people)} people, ${count(data.payments)} payments, made in ${madeSeconds.toFixed(0)} s; fsync on`);
console.log("in SQL, with all their questions, from one process:");
for (const [what, values] of Object.entries(asked)) line(what, values, TARGETS.sqlMs);
for (const [what, values] of Object.entries(untargeted)) line(what, values);
if (withPages) console.log("as pages of one production process, client on the same cores:");
for (const [what, values] of Object.entries(pages)) line(what, values, TARGETS.pageMs);
console.log(`refresh of store_daily_stats            ${refreshFirst.toFixed(1)} s, again ${refreshAgain.toFixed(1)} s (concurrently, readers go on)`);
console.log(`roll-up of everything                   ${count(hoursToRoll)} hours in ${rollSeconds.toFixed(1)} s, ${count(hoursToRoll / rollSeconds)} hours/s`);
for (const { rows, bytes, seconds, growthMiB } of [file, fileAgain, longest]) {
  console.log(`payments as a spreadsheet               ${count(rows)} rows, ${(bytes / 2 ** 20).toFixed(0)} MiB, ${count(rows / seconds)} rows/s (target ${count(TARGETS.rowsPerSecond)}), memory grew by ${growthMiB.toFixed(0)} MiB at most`);
}
await Promise.all([closeDatabase(), owner.end()]);
await database.stop();
