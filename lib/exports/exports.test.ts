import { parse } from "csv-parse/sync";
import { parse as parseOfx } from "ofx-js";
import { PDFDocument } from "pdf-lib";
import { beforeEach, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { storeMembers, users } from "@/db/schema";
import { getAnalytics, getDayClose, getTodayFigures } from "@/lib/analytics/queries";
import { readFigures, windowOf } from "@/lib/analytics/read-figures";
import { netBrlCentavos } from "@/lib/analytics/rules";
import { CSV_VARIANTS, type CsvVariant } from "@/lib/csv/rules";
import { messagesOf } from "@/lib/i18n/messages";
import { newId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { LIMITS } from "@/lib/rate-limit/rules";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePaidRefund, makeSale, makeTill } from "@/lib/test/store-sales";
import { allowExport } from "./allow-export";
import { closeCsv } from "./close-csv";
import { ofxStatement } from "./ofx";
import { paymentsCsv } from "./payments-csv";
import { payoutsCsv } from "./payouts-csv";
import { readLines } from "./read-lines";
import { readStatement } from "./read-statement";
import { PAYMENT_COLUMNS } from "./rules";
import { tablePdf } from "./table-pdf";

const ZONE = "America/Sao_Paulo";
const DAY = { from: "2026-11-22", to: "2026-11-23" };
const FORMULA = '=HYPERLINK("http://evil";"Ana")';
const HTML = "<script>alert(1)</script> & Pão; \"doce\"";

let store: Awaited<ReturnType<typeof makeStore>>;
beforeEach(async () => {
  store = await makeStore();
});

const windowOfDay = () => windowOf({ id: store.storeId, timeZone: ZONE }, DAY);
const wordsOf = (variant: CsvVariant) => messagesOf(variant === "pt-BR" ? "pt-BR" : "en").exports;
const columnsOf = (variant: CsvVariant) => wordsOf(variant).column;
async function textOf(pieces: AsyncGenerator<string>) {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}
async function csvOf(variant: CsvVariant) {
  const words = wordsOf(variant);
  return textOf(paymentsCsv({ name: "Café; da Praia" }, await windowOfDay(), { variant, words: { columns: words.column, kinds: words.kinds, ways: words.ways, states: words.states, removed: words.removed } }));
}
const rowsOf = (text: string, variant: CsvVariant): Record<string, string>[] => parse(text, { columns: true, bom: true, delimiter: variant === "pt-BR" ? ";" : ",", record_delimiter: "\r\n" });
const centavosOf = (cell: string | undefined) => BigInt((cell ?? "").replace(/[,.]/, ""));

/** A day with everything in it. */
async function makeDay() {
  const [{ actor: ana }, { actor: lucas }] = await Promise.all([makePerson({ name: FORMULA }), makePerson({ name: "Lucas" })]);
  await db.insert(storeMembers).values({ id: newId(), storeId: store.storeId, userId: lucas.userId, role: "staff", acceptedAt: new Date() });
  const till = await makeTill({ storeId: store.storeId, createdBy: store.actor.userId, name: HTML.slice(0, 40) });
  const at = (time: string) => new Date(`2026-11-22T${time}-03:00`);
  const first = await makeSale({ storeId: store.storeId, payerId: ana.userId, at: at("00:00:00"), brl: 3_850n, usd: 7_000_001n, tipBrl: 350n, tipUsd: 636_364n, rewardUsd: 350_000n, sellerId: lucas.userId, tillId: till });
  await makeSale({ storeId: store.storeId, at: at("12:00:00"), brl: 1n, usd: 2_000n, origin: "guest" });
  await sql`UPDATE transactions SET payer_address = '0xabcdef0123456789abcdef0123456789abcdef01' WHERE store_id = ${store.storeId} AND origin = 'guest'`;
  await makeSale({ storeId: store.storeId, at: at("12:00:00"), brl: 123_456_789n, usd: 224_466_889_090n, origin: "pix", sellerId: store.actor.userId });
  await makePaidRefund({ storeId: store.storeId, originalId: first.id, requestedBy: store.actor.userId, amountUsdMicros: 2_000_000n, amountBrlCentavos: 1_100n, at: at("23:59:59"), reason: FORMULA });
  // The day before and the day after are other files.
  await makeSale({ storeId: store.storeId, at: new Date(at("00:00:00").getTime() - 1), brl: 777n, usd: 1_000_000n });
  await makeSale({ storeId: store.storeId, at: new Date(at("23:59:59").getTime() + 1_000), brl: 777n, usd: 1_000_000n });
  return { ana, lucas, till, first };
}

describe("the payments file", () => {
  test.each(CSV_VARIANTS)("read back as %s equals the database", async (variant) => {
    await makeDay();
    const text = await csvOf(variant);
    const name = columnsOf(variant);
    const rows = rowsOf(text, variant);
    expect(text.startsWith("\ufeff")).toBe(variant === "pt-BR");
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(Object.keys(rows[0] ?? {})).toEqual(PAYMENT_COLUMNS.map((column) => name[column]));
    const stored = await sql<{ id: string; brl: string; usd: string; tip: string | null; at: Date; code: string | null }[]>`
      SELECT id, amount_brl_centavos::text AS brl, amount_usd::text AS usd, tip_brl_centavos::text AS tip, confirmed_at AS at, confirmation_code AS code FROM transactions
      WHERE store_id = ${store.storeId} AND type = 'payment' AND confirmed_at >= '2026-11-22T03:00:00Z' AND confirmed_at < '2026-11-23T03:00:00Z' ORDER BY confirmed_at, id`;
    const sales = rows.filter((row) => row[name.kind] === wordsOf(variant).kinds.sale);
    expect(sales.map((row) => [row[name.id], centavosOf(row[name.amountBrl]), usdMicrosFromDecimal((row[name.amountUsd] ?? "").replace(",", ".")), centavosOf(row[name.tipBrl]), new Date(row[name.atUtc] ?? "").getTime(), row[name.code]])).toEqual(
      stored.map(({ id, brl, usd, tip, at, code }) => [id, BigInt(brl), usdMicrosFromDecimal(usd), BigInt(tip ?? 0), at.getTime(), code]),
    );
    const refund = rows.find((row) => row[name.kind] === wordsOf(variant).kinds.refund);
    expect(refund).toMatchObject({ [name.amountBrl]: variant === "pt-BR" ? "-11,00" : "-11.00", [name.saleId]: sales[0]?.[name.id], [name.at]: variant === "pt-BR" ? "22/11/2026 23:59:59" : "2026-11-22 23:59:59" });
    expect(sales[0]?.[name.at]).toBe(variant === "pt-BR" ? "22/11/2026 00:00:00" : "2026-11-22 00:00:00");
  });

  test("nothing that somebody typed runs as a formula, and markup stays text", async () => {
    await makeDay();
    const name = columnsOf("pt-BR");
    const [first, , , refund] = rowsOf(await csvOf("pt-BR"), "pt-BR");
    expect(first?.[name.payer]).toBe(`'${FORMULA}`.split(" ")[0]);
    expect(refund?.[name.note]).toBe(`'${FORMULA}`);
    expect(first?.[name.till]).toBe(HTML.slice(0, 40));
    expect(first?.[name.store]).toBe("Café; da Praia");
  });

  test("who hides the name has none, a guest an address cut short, a pix its way", async () => {
    await makeDay();
    await db.update(users).set({ hideName: true });
    const name = columnsOf("pt-BR");
    const rows = rowsOf(await csvOf("pt-BR"), "pt-BR");
    expect(rows[0]?.[name.payer]).toBe("");
    expect(rows.map((row) => row[name.way]).toSorted()).toEqual(["Conta CocoPay", "Conta CocoPay", "Pix", "Sem conta"]);
    expect(rows.find((row) => row[name.way] === "Sem conta")?.[name.payer]).toBe("0xabcd…ef01");
  });

  test("pages by key bring every row once, also where many share one instant", async () => {
    const at = new Date("2026-11-22T15:00:00.123Z");
    for (let count = 0; count < 23; count++) await makeSale({ storeId: store.storeId, at, brl: BigInt(count + 1), usd: 1_000_000n });
    const sale = await makeSale({ storeId: store.storeId, at: new Date(at.getTime() + 5), brl: 900n, usd: 1_000_000n });
    await makePaidRefund({ storeId: store.storeId, originalId: sale.id, requestedBy: store.actor.userId, amountUsdMicros: 1n, amountBrlCentavos: 1n, at });
    for (const pageSize of [1, 5, 25, 1_000]) {
      const ids: string[] = [];
      for await (const page of readLines(await windowOfDay(), { pageSize })) ids.push(...page.map(({ id }) => id));
      expect([ids.length, new Set(ids).size]).toEqual([25, 25]);
    }
  });

  test("a reader that stops holds nothing", async () => {
    for (let count = 0; count < 10; count++) await makeSale({ storeId: store.storeId, at: new Date(`2026-11-22T15:00:0${count}Z`), brl: 1n, usd: 1_000_000n });
    const pages = readLines(await windowOfDay(), { pageSize: 2 });
    await pages.next();
    await pages.return(undefined);
    const [row] = await sql<{ busy: number }[]>`SELECT count(*)::int AS busy FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    expect(row?.busy).toBe(0);
  });
});

test("overview, analytics, list, spreadsheet, day close, statement and OFX say one sum", async () => {
  const noon = new Date("2026-11-22T15:00:00Z");
  const { lucas } = await makeDay();
  const late = new Date("2026-11-23T02:59:59.999Z");
  const [today, analytics, close, statement] = await Promise.all([
    getTodayFigures(store.actor, store.storeId, { timeZone: ZONE }, late),
    getAnalytics(store.actor, store.storeId, { period: "day", on: DAY.from }, noon),
    getDayClose(store.actor, store.storeId, DAY.from, noon),
    readStatement(await windowOfDay()),
  ]);
  const name = columnsOf("pt-BR");
  const rows = rowsOf(await csvOf("pt-BR"), "pt-BR");
  const net = rows.reduce((sum, row) => sum + centavosOf(row[name.amountBrl]), 0n);
  expect(net).toBe(3_850n + 1n + 123_456_789n - 1_100n);
  for (const total of [today.figures.total, analytics.figures.total, close.total, statement.total]) expect([netBrlCentavos(total), total.saleCount, total.refundCount, total.tipBrlCentavos]).toEqual([net, 3, 1, 350n]);
  const words = wordsOf("pt-BR");
  const closeRows = rowsOf(closeCsv(close, { variant: "pt-BR", words: { columns: words.column, noTill: words.noTill, noSeller: words.noSeller, gone: words.removed, total: words.total } }), "pt-BR");
  const totalRow = closeRows.at(-1);
  expect(centavosOf(totalRow?.[name.netBrl])).toBe(net);
  expect(closeRows.slice(0, -1).reduce((sum, row) => sum + centavosOf(row[name.netBrl]), 0n)).toBe(net);
  expect(closeRows.find((row) => row[name.seller] === "Lucas")).toMatchObject({ [name.count]: "1", [name.grossBrl]: "38,50", [name.refundsBrl]: "-11,00", [name.netBrl]: "27,50", [name.tipsBrl]: "3,50" });
  expect(closeRows.find((row) => row[name.seller] === words.noSeller)).toMatchObject({ [name.guestCount]: "1", [name.guestBrl]: "0,01" });
  // Whoever sells sees the own part alone.
  const own = await getDayClose(lucas, store.storeId, undefined, noon);
  expect([own.isOwnOnly, own.total.saleCount, netBrlCentavos(own.total), own.lines.length]).toEqual([true, 1, 2_750n, 1]);
  await expect(getDayClose(lucas, store.storeId, "2026-11-21", noon)).rejects.toMatchObject({ code: "forbidden" });
  const list = await sql<{ sum: string }[]>`SELECT sum(amount_brl_centavos)::text AS sum FROM transactions WHERE store_id = ${store.storeId} AND type = 'payment' AND status = 'confirmed' AND confirmed_at >= '2026-11-22T03:00:00Z' AND confirmed_at < '2026-11-23T03:00:00Z'`;
  expect(BigInt(list[0]?.sum ?? 0)).toBe((await readFigures(await windowOfDay())).total.grossBrlCentavos);
});

describe("OFX", () => {
  const ofxOf = async (withPayouts: boolean) => {
    const { store: head, window } = await allowExport(store.actor, store.storeId, { file: "ofx", format: "ofx", query: { period: "day", on: DAY.from } });
    const { kinds, payout, customer } = wordsOf("pt-BR");
    return textOf(ofxStatement(head, window, { words: { kinds, payout, customer }, withPayouts, at: new Date("2026-11-24T12:00:00Z") }));
  };
  type Entry = { TRNTYPE: string; TRNAMT: string; FITID: string; NAME: string; MEMO: string; DTPOSTED: string };

  test("is read by a program that reads banks' files, and adds up", async () => {
    await makeDay();
    await sql`INSERT INTO payouts (id, store_id, requested_by, amount_usd, payout_type, destination, status, state, amount_brl_centavos, end_to_end_id, created_at)
      VALUES (${newId()}, ${store.storeId}, ${store.actor.userId}, 10, 'pix', '{"shown":"a***@example.com"}', 'completed', 'completed', 5500, 'E123', '2026-11-22T18:00:00Z'),
             (${newId()}, ${store.storeId}, ${store.actor.userId}, 10, 'pix', '{"shown":"a***@example.com"}', 'failed', 'returned', 5500, NULL, '2026-11-22T18:00:00Z')`;
    for (const withPayouts of [false, true]) {
      const text = await ofxOf(withPayouts);
      expect(text).toMatch(/^[\x20-\x7E\r\n]*$/);
      expect(text.startsWith("OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\n")).toBe(true);
      const parsed = (await parseOfx(text)) as unknown as { OFX: { BANKMSGSRSV1: { STMTTRNRS: { STMTRS: { CURDEF: string; BANKTRANLIST: { STMTTRN: Entry[] }; LEDGERBAL: { BALAMT: string } } } } } };
      const { CURDEF, BANKTRANLIST, LEDGERBAL } = parsed.OFX.BANKMSGSRSV1.STMTTRNRS.STMTRS;
      const entries = BANKTRANLIST.STMTTRN;
      expect(CURDEF).toBe("BRL");
      expect(entries.map(({ TRNTYPE }) => TRNTYPE)).toEqual(["CREDIT", "CREDIT", "CREDIT", "DEBIT", ...(withPayouts ? ["DEBIT"] : [])]);
      expect(entries[0]).toMatchObject({ TRNAMT: "38.50", DTPOSTED: "20261122000000[-3]" });
      expect(entries[3]?.TRNAMT).toBe("-11.00");
      expect(new Set(entries.map(({ FITID }) => FITID)).size).toBe(entries.length);
      const cents = (amount: string) => BigInt(amount.replace(".", ""));
      expect(cents(LEDGERBAL.BALAMT)).toBe(entries.reduce((sum, { TRNAMT }) => sum + cents(TRNAMT), 0n));
    }
  });

  test("markup in a name opens no tag", async () => {
    const { actor: evil } = await makePerson({ name: "</STMTTRN><STMTTRN>&Zé" });
    await makeSale({ storeId: store.storeId, payerId: evil.userId, at: new Date("2026-11-22T15:00:00Z"), brl: 100n, usd: 1_000_000n });
    const text = await ofxOf(false);
    expect(text.match(/<STMTTRN>/g)).toHaveLength(1);
    expect(text).toContain("<NAME>&lt;/STMTTRN&gt;&lt;STMTTRN&gt;&amp;Ze\r\n");
  });
});

describe("the statement on paper", () => {
  const paperOf = (rows: string[][]) => ({
    title: "Extrato da loja", span: "1 a 30", notFiscal: "Não é documento fiscal.", store: HTML, storeLines: ["Barra da Lagoa"], facts: [{ term: "Vendas", value: "R$ 1,00" }],
    columns: [{ head: "Quando", share: 0.5 }, { head: "Valor", share: 0.5, align: "right" as const }], rows, empty: "Nada", notes: [], page: (number: number, of: number) => `Página ${number} de ${of}`, language: "pt-BR", at: new Date("2026-11-24T12:00:00Z"),
  });

  test("has as many pages as its rows take, equal to the byte for equal words, whatever the names", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => [`${HTML} ${"W".repeat(200)} 🥐 ${index}`, "R$ 1,00"]);
    const [one, again] = [await tablePdf(paperOf(rows)), await tablePdf(paperOf(rows))];
    expect(Buffer.from(one).equals(Buffer.from(again))).toBe(true);
    expect((await PDFDocument.load(one)).getPageCount()).toBe(4);
    expect((await PDFDocument.load(await tablePdf(paperOf([])))).getPageCount()).toBe(1);
  });

  test("lists days where there are too many movements", async () => {
    await sql`
      INSERT INTO transactions (id, store_id, type, status, amount_usd, chain_id, amount_brl_centavos, brl_per_usd, confirmed_at)
      SELECT gen_random_uuid(), ${store.storeId}, 'payment', 'confirmed', 1, '84532', 550, 5.5, '2026-11-22T15:00:00Z'::timestamptz + n * INTERVAL '1 second' FROM generate_series(1, 1001) n`;
    const statement = await readStatement(await windowOfDay());
    expect(statement.lines).toBeNull();
    expect(statement.days).toMatchObject([{ day: DAY.from, figures: { saleCount: 1_001, grossBrlCentavos: 550_550n } }]);
  });
});

describe("who may take a file away", () => {
  const ask = (actor = store.actor, query: Record<string, string> = {}, needs?: "payouts.manage") => allowExport(actor, store.storeId, { file: "payments", format: "pt-BR", query, ...(needs && { needs }) });

  test("each file leaves its line in the trail, and a refusal its own", async () => {
    await ask(store.actor, { period: "day", on: DAY.from });
    const trail = await sql<{ action: string; values: unknown }[]>`SELECT action, new_values AS values FROM audit_logs WHERE resource_id = ${store.storeId}`;
    expect(trail).toEqual([{ action: "store.exported", values: { file: "payments", format: "pt-BR", from: "2026-11-22", to: "2026-11-23" } }]);
    const staff = await makeStore({ role: "staff" });
    await expect(allowExport(staff.actor, staff.storeId, { file: "payments", format: "pt-BR", query: {} })).rejects.toMatchObject({ code: "forbidden" });
    expect(await sql`SELECT action FROM audit_logs WHERE resource_id = ${staff.storeId}`).toEqual([{ action: "permission.refused" }]);
  });

  test("an admin has no payouts, another store's owner nothing, and nobody a wrong period", async () => {
    const admin = await makeStore({ role: "admin" });
    await expect(allowExport(admin.actor, admin.storeId, { file: "payouts", format: "pt-BR", query: {}, needs: "payouts.manage" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(ask(admin.actor)).rejects.toMatchObject({ code: "not_found" });
    await expect(ask(store.actor, { period: "range", from: "2020-01-01", to: "2026-01-01" })).rejects.toMatchObject({ code: "period_invalid" });
    await expect(allowExport(store.actor, store.storeId, { file: "statement", format: "pdf", query: { period: "range", from: "2026-01-01", to: "2026-02-01" }, daysMax: 31 })).rejects.toMatchObject({ code: "period_invalid" });
  });

  test("a script runs out of files", async () => {
    for (let count = 0; count < LIMITS.store_export_account.times; count++) await ask();
    await expect(ask()).rejects.toMatchObject({ code: "too_many_requests" });
  });
});

test("the payouts file names each state and tells where it went as the screens do", async () => {
  await sql`INSERT INTO payouts (id, store_id, requested_by, amount_usd, fee_usd, payout_type, destination, status, state, amount_brl_centavos, returned_at, created_at)
    VALUES (${newId()}, ${store.storeId}, ${store.actor.userId}, 10, 0.25, 'pix', '{"pixKey":"ana@example.com","shown":"a***@example.com"}', 'completed', 'completed', 5500, NULL, '2026-11-22T18:00:00Z'),
           (${newId()}, ${store.storeId}, ${store.actor.userId}, 20, 0, 'wallet', '{"kind":"balance","name":"=Bia"}', 'failed', 'returned', NULL, '2026-11-22T20:00:00Z', '2026-11-22T19:00:00Z')`;
  const words = wordsOf("pt-BR");
  const name = words.column;
  const rows = rowsOf(await textOf(payoutsCsv(await windowOfDay(), { variant: "pt-BR", words: { columns: name, types: words.payoutTypes, states: messagesOf("pt-BR").payouts.states } })), "pt-BR");
  expect(rows).toMatchObject([
    { [name.kind]: "Pix", [name.destination]: "a***@example.com", [name.amountUsd]: "10,000000", [name.feeUsd]: "0,250000", [name.amountBrl]: "55,00", [name.state]: "Pago", [name.at]: "22/11/2026 15:00:00" },
    { [name.destination]: "'=Bia", [name.state]: "Devolvido", [name.returnedAt]: "22/11/2026 17:00:00" },
  ]);
});
