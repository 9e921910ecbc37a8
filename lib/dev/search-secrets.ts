import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Sql } from "postgres";

/**
 * Looks for private keys where none may be: in files (logs, heap snapshots) and in everything that a database holds. Every form that a
 * program is likely to give a key is looked for; tests plant a canary key in each place and find it by these same functions.
 */

/** The key as bytes of each form, by name. Hex in both cases covers 0x and bytea too; base64 at each of its three alignments. */
export function formsOf(key: Uint8Array): [name: string, bytes: Buffer][] {
  const bytes = Buffer.from(key);
  const hex = bytes.toString("hex");
  // With 0, 1 or 2 bytes before it in its group: the characters that depend on the key alone.
  const aligned = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]).toString("base64").slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6)),
  );
  return [
    ["bytes", bytes],
    ["bytes, last first", Buffer.from(bytes.toReversed())],
    ["hex", Buffer.from(hex)],
    ["hex, upper case", Buffer.from(hex.toUpperCase())],
    ...aligned.flatMap((text, before): [string, Buffer][] => [
      [`base64, ${before} in`, Buffer.from(text)],
      [`base64url, ${before} in`, Buffer.from(text.replaceAll("+", "-").replaceAll("/", "_"))],
    ]),
    ["decimal number", Buffer.from(BigInt(`0x${hex}`).toString())],
    ["list of bytes", Buffer.from([...bytes].join(","))],
    ["hex as UTF-16", Buffer.from(hex, "utf16le")],
  ];
}

export type Finding = { place: string; key: string; form: string };

/** Which keys stand in these bytes, and in which form. */
export function findKeys(place: string, haystack: Buffer, keys: ReadonlyMap<string, Uint8Array>): Finding[] {
  return [...keys].flatMap(([key, bytes]) => formsOf(bytes).flatMap(([form, needle]) => (haystack.includes(needle) ? [{ place, key, form }] : [])));
}

/** The same in every file of a folder, however deep. */
export function findKeysInFiles(folder: string, keys: ReadonlyMap<string, Uint8Array>): Finding[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => findKeys(file, readFileSync(file), keys));
}

/** Every row of every table as text (bytea as hex, json as it is): what a dump would carry away. As the database's owner. */
export async function dumpDatabase(sql: Sql): Promise<Buffer> {
  const tables = await sql<{ name: string }[]>`
    SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`;
  const lines: string[] = [];
  for (const { name } of tables) for (const { line } of await sql.unsafe<{ line: string }[]>(`SELECT to_jsonb(t)::text AS line FROM ${name} t`)) lines.push(line);
  return Buffer.from(lines.join("\n"));
}
