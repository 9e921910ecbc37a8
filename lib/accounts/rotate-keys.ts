import "server-only";
import { db, sql } from "@/db/client";
import { recordAudit } from "@/lib/audit/record-audit";
import { addressOfKey } from "@/lib/chain/keys";
import { invariant } from "@/lib/errors";
import { sealVersionOf, type KeyEncryption } from "./key-encryption";
import { keyEncryption } from "./keys";

const BATCH = 100;
/** Keys of one batch that are opened and sealed at once. */
const AT_ONCE = 8;

type Row = { id: string; holder_id: string; address: string; sealed: string };
/** Rows by what their seals begin with, such as `v1.2`; destroyed keys are none. */
export type VersionCounts = Record<string, number>;
export type Rotation = { before: VersionCounts; after: VersionCounts; resealed: number; changedMeanwhile: number };

/** The two tables with sealed keys. A seal begins with its format and version; anything else was destroyed and stays as it is. */
const TABLES = [
  {
    rows: (after: string, newest: string) => sql<Row[]>`
      SELECT id, user_id AS holder_id, address, encrypted_private_key AS sealed FROM signing_keys
      WHERE id > ${after} AND encrypted_private_key ~ '^v[0-9]+[.][0-9]+[.]' AND NOT starts_with(encrypted_private_key, ${`${newest}.`}) ORDER BY id LIMIT ${BATCH}`,
    replace: (row: Row, sealed: string) => sql`UPDATE signing_keys SET encrypted_private_key = ${sealed} WHERE id = ${row.id} AND encrypted_private_key = ${row.sealed}`,
  },
  {
    rows: (after: string, newest: string) => sql<Row[]>`
      SELECT id, store_id AS holder_id, address, encrypted_private_key AS sealed FROM store_signing_keys
      WHERE id > ${after} AND encrypted_private_key ~ '^v[0-9]+[.][0-9]+[.]' AND NOT starts_with(encrypted_private_key, ${`${newest}.`}) ORDER BY id LIMIT ${BATCH}`,
    replace: (row: Row, sealed: string) => sql`UPDATE store_signing_keys SET encrypted_private_key = ${sealed} WHERE id = ${row.id} AND encrypted_private_key = ${row.sealed}`,
  },
];

/**
 * Seals every managed key anew under the newest version, while workers go on opening them: a row changes in one statement and opens
 * before and after. A new seal replaces the old one only when it opens to the row's address, and only when the row is still what was read.
 * Safe to repeat and to stop. Run it when every worker knows the new version; what an older one sealed meanwhile, the next run finds.
 * Throws at a seal that does not open: nothing is known of that row, and no key is lost.
 */
export async function rotateKeys(encryption: KeyEncryption = keyEncryption()): Promise<Rotation> {
  const before = await countVersions();
  const rotation = { resealed: 0, changedMeanwhile: 0 };
  for (const { rows, replace } of TABLES) {
    let after = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      const batch = await rows(after, encryption.newest);
      for (let from = 0; from < batch.length; from += AT_ONCE) {
        const counts = await Promise.all(batch.slice(from, from + AT_ONCE).map(async (row) => (await replace(row, await resealed(encryption, row))).count));
        for (const count of counts) rotation[count === 1 ? "resealed" : "changedMeanwhile"] += 1;
      }
      const last = batch.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  const versions = await countVersions();
  if (rotation.resealed > 0) await db.transaction((tx) => recordAudit(tx, { action: "keys.rotated", resourceType: "key", oldValues: before, newValues: { ...versions, resealed: rotation.resealed } }));
  return { before, after: versions, ...rotation };
}

async function resealed(encryption: KeyEncryption, row: Row): Promise<string> {
  const context = { holderId: row.holder_id, address: row.address };
  const privateKey = await encryption.open(row.sealed, context);
  try {
    const sealed = await encryption.seal(privateKey, context);
    const again = await encryption.open(sealed, context);
    try {
      invariant(addressOfKey(again) === row.address, "a new seal opens to the row's own key");
    } finally {
      again.fill(0);
    }
    return sealed;
  } finally {
    privateKey.fill(0);
  }
}

/** Both tables' rows by version. */
export async function countVersions(): Promise<VersionCounts> {
  const rows = await sql<{ sealed: string; count: number }[]>`
    SELECT split_part(sealed, '.', 1) || '.' || split_part(sealed, '.', 2) AS sealed, count(*)::int AS count
    FROM (SELECT encrypted_private_key AS sealed FROM signing_keys UNION ALL SELECT encrypted_private_key FROM store_signing_keys) AS keys
    WHERE sealed ~ '^v[0-9]+[.][0-9]+[.]' GROUP BY 1 ORDER BY 1`;
  return Object.fromEntries(rows.map((row) => [sealVersionOf(row.sealed), row.count]));
}
