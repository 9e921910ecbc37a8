import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { messagesOf } from "@/lib/i18n/messages";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { exportActivity, EXPORT_COLUMNS, type ExportColumn, type ExportWords } from "./export-activity";
import { listActivity } from "./queries";
import { NO_FILTER } from "./rules";

const wordsOf = (locale: "pt-BR" | "en"): ExportWords => {
  const { activity } = messagesOf(locale);
  return { columns: activity.column, kinds: activity.kind, directions: activity.direction, states: { pending: "pending", confirmed: "confirmed", failed: "failed" } };
};

/** A table read back as a spreadsheet reads it: quotes, doubled quotes, line ends within cells. */
function parse(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, isQuoted] = [[] as string[], "", false];
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] ?? "";
    if (isQuoted) {
      if (letter === '"' && text[i + 1] === '"') [cell, i] = [`${cell}"`, i + 1];
      else if (letter === '"') isQuoted = false;
      else cell += letter;
    } else if (letter === '"') isQuoted = true;
    else if (letter === separator) [row, cell] = [[...row, cell], ""];
    else if (letter === "\r" && text[i + 1] === "\n") {
      rows.push([...row, cell]);
      [row, cell, i] = [[], "", i + 1];
    } else cell += letter;
  }
  return rows;
}

const textOf = async (pieces: AsyncGenerator<string>) => {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
};

async function someone() {
  const { actor } = await makePerson();
  const store = await makeStore();
  await sql`UPDATE stores SET name = ${'=HYPERLINK("http://x";"Café, da; Praia")'} WHERE id = ${store.storeId}`;
  const paid = await makePayment({ storeId: store.storeId, payerId: actor.userId, confirmedAt: new Date("2026-11-22T17:02:37Z") });
  await sql`UPDATE transactions SET created_at = '2026-11-22T17:02:37Z', rate_at = '2026-11-22T17:00:00Z', note = ${'diz "oi"\r\ne tchau'} WHERE id = ${paid.id}`;
  const failed = await makePayment({ storeId: store.storeId, payerId: actor.userId, status: "failed", amountBrlCentavos: null });
  return { actor, store, paid, failed };
}

let world: Awaited<ReturnType<typeof someone>>;
beforeAll(async () => {
  world = await someone();
});

const cell = (row: string[], column: ExportColumn) => row[EXPORT_COLUMNS.indexOf(column)];

describe("the activity as a file", () => {
  test("in the spelling of Brazil: mark, semicolon, decimal comma, day first, and no cell that a spreadsheet would run", async () => {
    const text = await textOf(exportActivity(world.actor, { filter: NO_FILTER, variant: "pt-BR", words: wordsOf("pt-BR") }));
    expect(text.startsWith("\ufeffdata;data_utc;id;tipo;direcao;loja_ou_pessoa;")).toBe(true);
    const [heads, failed, paid, ...rest] = parse(text.slice(1), ";");
    expect([heads?.length, rest]).toEqual([EXPORT_COLUMNS.length, []]);
    expect(cell(paid!, "at")).toBe("22/11/2026 14:02:37");
    expect(cell(paid!, "atUtc")).toBe("2026-11-22T17:02:37.000Z");
    expect(cell(paid!, "party")).toBe(`'=HYPERLINK("http://x";"Café, da; Praia")`);
    expect(cell(paid!, "note")).toBe('diz "oi"\r\ne tchau');
    expect(["amountUsd", "amountBrl", "effectUsd", "effectBrl", "rate", "rateAt", "code"].map((column) => cell(paid!, column as ExportColumn))).toEqual(["7,000000", "38,50", "-7,000000", "-38,50", "5,500000", "22/11/2026 14:00:00", world.paid.code]);
    expect(["effectUsd", "amountBrl", "effectBrl", "code", "state"].map((column) => cell(failed!, column as ExportColumn))).toEqual(["0,000000", "", "", "", "failed"]);
    for (const row of [failed!, paid!]) for (const text of row) expect(/^[=+@\t\r]/.test(text)).toBe(false);
  });

  test("in the international spelling: comma, point, ISO times, English words", async () => {
    const text = await textOf(exportActivity(world.actor, { filter: NO_FILTER, variant: "international", words: wordsOf("en") }));
    const [heads, , paid] = parse(text, ",");
    expect(heads?.slice(0, 4)).toEqual(["date", "date_utc", "id", "type"]);
    expect(["at", "kind", "direction", "effectUsd", "amountBrl"].map((column) => cell(paid!, column as ExportColumn))).toEqual(["2026-11-22 14:02:37", "Payment", "out", "-7.000000", "38.50"]);
  });

  test("follows the filter, and is the person's own", async () => {
    const only = await textOf(exportActivity(world.actor, { filter: { ...NO_FILTER, code: world.paid.code }, variant: "international", words: wordsOf("en") }));
    expect(parse(only, ",")).toHaveLength(2);
    const stranger = await makePerson();
    expect(parse(await textOf(exportActivity(stranger.actor, { filter: NO_FILTER, variant: "international", words: wordsOf("en") })), ",")).toHaveLength(1);
  });

  test("5,000 rows come in pieces of a page, in the list's order, each once; what is not read is not made", async () => {
    const { actor } = await makePerson();
    await sql`
      INSERT INTO transactions (id, from_user_id, store_id, type, status, amount_usd, chain_id, amount_brl_centavos, brl_per_usd)
      SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid, ${actor.userId}, ${world.store.storeId}, 'payment', 'confirmed', n / 100.0, '84532', n * 5, 5.5
      FROM generate_series(1, 5000) AS n`;
    const pieces = exportActivity(actor, { filter: NO_FILTER, variant: "international", words: wordsOf("en") });
    let [text, longest, count] = ["", 0, 0];
    const before = process.memoryUsage().heapUsed;
    let grown = 0;
    for await (const piece of pieces) {
      longest = Math.max(longest, piece.length);
      count += 1;
      grown = Math.max(grown, process.memoryUsage().heapUsed - before);
      text += piece;
    }
    const rows = parse(text, ",").slice(1);
    expect(rows).toHaveLength(5_000);
    expect(new Set(rows.map((row) => cell(row, "id"))).size).toBe(5_000);
    expect(rows.reduce((sum, row) => sum + Number(cell(row, "effectBrl")!.replace(".", "")), 0)).toBe(-5 * (5_000 * 5_001) / 2);
    expect(count).toBe(21);
    expect(longest).toBeLessThan(120_000);
    expect(grown).toBeLessThan(60_000_000);
    // A reader that stops after the heads has cost no row.
    const stopped = exportActivity(actor, { filter: NO_FILTER, variant: "international", words: wordsOf("en") });
    await stopped.next();
    await stopped.return(undefined);
    expect((await stopped.next()).done).toBe(true);
    expect((await listActivity(actor, { limit: 1 })).items[0]?.id).toBe(cell(rows[0]!, "id"));
  });
});
