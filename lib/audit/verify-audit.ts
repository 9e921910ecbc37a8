import "server-only";
import { sql } from "@/db/client";
import { GENESIS, rowHash, sealHash } from "./seal-hash";

/**
 * What differs first. `changed`, `removed` and `inserted` name the row; `chain` is a seal that does not follow from the one before
 * or does not match its own rows' hashes: somebody sealed anew.
 */
export type BrokenAudit = { what: "changed" | "removed" | "inserted" | "chain"; sealId: string; rowId: string | null };
export type AuditVerdict = { seals: number; rows: number; unsealed: number; broken: BrokenAudit | null };

type Seal = { id: string; sealed_to: string; row_count: number; hash: string; previous_hash: string; row_ids: string[] | null; row_hashes: string[] | null };
const SEALS_AT_ONCE = 20;

/**
 * Goes through the trail from its first seal and stops at the first row that is not as it was sealed. One snapshot, so that a seal
 * made meanwhile cannot confuse it. Whoever can rewrite rows and every later seal at once is found by an earlier copy of the last
 * seal's hash: keep one outside (the log line of each seal has it).
 */
export async function verifyAudit(): Promise<AuditVerdict> {
  return sql.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", async (tx) => {
    await tx`SET LOCAL TIME ZONE 'UTC'`;
    const verdict: AuditVerdict = { seals: 0, rows: 0, unsealed: 0, broken: null };
    let previous = { id: "0", hash: GENESIS, to: "-infinity" };
    for (;;) {
      const seals = await tx<Seal[]>`
        SELECT id::text, sealed_to::text, row_count, hash, previous_hash, row_ids, row_hashes FROM audit_seals WHERE id > ${previous.id}::bigint ORDER BY id LIMIT ${SEALS_AT_ONCE}`;
      for (const seal of seals) {
        const rows = await tx<{ id: string; line: string }[]>`
          SELECT a.id, to_jsonb(a)::text AS line FROM audit_logs a
          WHERE a.created_at > ${previous.to}::text::timestamptz AND a.created_at <= ${seal.sealed_to}::text::timestamptz ORDER BY a.created_at, a.id`;
        const broken = differenceOf(seal, previous.hash, rows);
        if (broken) return { ...verdict, broken };
        verdict.seals += 1;
        verdict.rows += rows.length;
        previous = { id: seal.id, hash: seal.hash, to: seal.sealed_to };
      }
      if (seals.length < SEALS_AT_ONCE) break;
    }
    const [rest] = await tx<{ count: number }[]>`SELECT count(*)::int AS count FROM audit_logs WHERE created_at > ${previous.to}::text::timestamptz`;
    return { ...verdict, unsealed: rest?.count ?? 0 };
  });
}

function differenceOf(seal: Seal, previousHash: string, rows: readonly { id: string; line: string }[]): BrokenAudit | null {
  const broken = (what: BrokenAudit["what"], rowId: string | null = null): BrokenAudit => ({ what, sealId: seal.id, rowId });
  if (seal.previous_hash !== previousHash) return broken("chain");
  if (seal.row_ids && seal.row_hashes) {
    for (const [index, id] of seal.row_ids.entries()) {
      const row = rows[index];
      if (row?.id === id) {
        if (rowHash(row.line) !== seal.row_hashes[index]) return broken("changed", id);
      } else if (row && !seal.row_ids.includes(row.id)) return broken("inserted", row.id);
      else return broken("removed", id);
    }
    const extra = rows[seal.row_ids.length];
    if (extra) return broken("inserted", extra.id);
  }
  // Seals from before rows were listed say only that something differs.
  return sealHash(previousHash, rows.map(({ line }) => line)) === seal.hash && rows.length === seal.row_count ? null : broken("chain");
}
