import "server-only";
import { sql } from "@/db/client";
import { log } from "@/lib/log";
import { GENESIS, rowHash, sealHash } from "./seal-hash";

/** Rows this young may still belong to open transactions; they wait for the next seal. */
const SETTLE_SECONDS = 60;
/** Rows of one seal: a longer backlog makes several. */
const BATCH = 5_000;

/**
 * Chains the audit trail: each seal hashes its rows together with the seal before, so a row that is changed or removed later no
 * longer matches. In a job, because a chain inside the payment's transaction would be a lock for everybody (MODEL.md §2, 30).
 * Returns how many rows were sealed.
 */
export async function sealAudit(): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await sealNext();
    total += sealed;
    if (sealed < BATCH) return total;
  }
}

const sealNext = () =>
  sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended('audit_seals', 0))`;
    // A row's text is hashed, and its times in it: they must not depend on the session.
    await tx`SET LOCAL TIME ZONE 'UTC'`;
    // Instants travel as text: a JavaScript date would cut their microseconds off.
    const [previous] = await tx<{ sealed_to: string; hash: string }[]>`SELECT sealed_to::text AS sealed_to, hash FROM audit_seals ORDER BY id DESC LIMIT 1`;
    const from = previous?.sealed_to ?? "-infinity";
    // Whole instants only: rows of one microsecond are sealed together or not at all.
    const [end] = await tx<{ until: string | null }[]>`
      SELECT max(created_at)::text AS until FROM (
        SELECT created_at FROM audit_logs
        WHERE created_at > ${from}::text::timestamptz AND created_at < now() - make_interval(secs => ${SETTLE_SECONDS})
        ORDER BY created_at LIMIT ${BATCH}) AS next`;
    if (!end?.until) return 0;
    const rows = await tx<{ id: string; line: string; created_at: string }[]>`
      SELECT a.id, to_jsonb(a)::text AS line, a.created_at::text AS created_at FROM audit_logs a
      WHERE a.created_at > ${from}::text::timestamptz AND a.created_at <= ${end.until}::text::timestamptz ORDER BY a.created_at, a.id`;
    const previousHash = previous?.hash ?? GENESIS;
    const hash = sealHash(previousHash, rows.map((row) => row.line));
    const [first] = rows;
    await tx`
      INSERT INTO audit_seals (sealed_from, sealed_to, row_count, hash, previous_hash, row_ids, row_hashes)
      VALUES (
        ${first?.created_at ?? end.until}::text::timestamptz, ${end.until}::text::timestamptz, ${rows.length}, ${hash}, ${previousHash},
        ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ line }) => rowHash(line))}::text[])`;
    // Outside of the database, so that a chain that was made anew in there shows.
    log().info({ rows: rows.length, until: end.until, hash }, "audit sealed");
    return rows.length;
  });
