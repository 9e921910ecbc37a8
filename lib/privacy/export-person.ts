import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { CSV_DIALECTS, CSV_MARK, csvLine } from "@/lib/csv/rules";
import { EXPORT_SECTIONS, type ExportRow, type ExportSection } from "./export-sections";
import type { ExportFormat } from "./rules";

const ROWS_A_PAGE = 200;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const DIALECT = CSV_DIALECTS["pt-BR"];

type Person = Pick<Actor, "userId" | "phone">;

/** Everything about a person as text, piece by piece, so that the longest history takes no more memory than a page. */
export function exportPerson(person: Person, format: ExportFormat, now = new Date()): AsyncGenerator<string> {
  return format === "json" ? asJson(person, now) : asCsv(person);
}

async function* rowsOf({ read }: ExportSection, { userId, phone }: Person): AsyncGenerator<ExportRow> {
  let after = FIRST_ID;
  for (;;) {
    const rows = await read({ userId, phone, after, limit: ROWS_A_PAGE });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_A_PAGE) return;
    after = last.id;
  }
}

async function* asJson(person: Person, now: Date): AsyncGenerator<string> {
  yield `{\n  "exported_at": ${JSON.stringify(now.toISOString())}`;
  for (const section of EXPORT_SECTIONS) {
    yield `,\n  ${JSON.stringify(section.name)}: [`;
    let isFirst = true;
    for await (const row of rowsOf(section, person)) {
      yield `${isFirst ? "" : ","}\n    ${JSON.stringify(row)}`;
      isFirst = false;
    }
    yield isFirst ? "]" : "\n  ]";
  }
  yield "\n}\n";
}

/** One table below the other, each with its name and its heads, in the spelling that spreadsheets of the home country open by themselves. */
async function* asCsv(person: Person): AsyncGenerator<string> {
  yield CSV_MARK;
  for (const section of EXPORT_SECTIONS) {
    let heads: string[] | null = null;
    for await (const row of rowsOf(section, person)) {
      if (!heads) {
        heads = Object.keys(row);
        yield csvLine([section.name], DIALECT) + csvLine(heads, DIALECT);
      }
      yield csvLine(heads.map((head) => plain(row[head])), DIALECT);
    }
    if (heads) yield csvLine([], DIALECT);
  }
}

function plain(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
