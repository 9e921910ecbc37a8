import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";
import { phoneEnd, TRAIL_KINDS, type TrailKind } from "./rules";

const PAGE = 50;
/** Whoever left the team is found among the newest lines. */
const PEOPLE_LOOKED_AT = 1_000;

export type TrailPerson = { id: string; name: string | null };
/** A line of the store's trail. The values are the trail's own, without what nobody needs to see. */
export type TrailLine = {
  id: string;
  action: string;
  at: Date;
  /** Null: the service itself, such as the chain's word. */
  person: TrailPerson | null;
  /** The member that it was done to. */
  member: TrailPerson | null;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  about: Record<string, unknown>;
};

type Row = { id: string; action: string; at: Date; personId: string | null; personName: string | null; memberId: string | null; memberName: string | null; old: Record<string, unknown> | null; new: Record<string, unknown> | null; metadata: Record<string, unknown> | null };

/**
 * What happened in a store and who did it, newest first, a page by key. Fails with not_found (also for a key that is none), forbidden.
 */
export async function getStoreTrail(actor: Actor, storeId: string, { kind = null, personId = null, before = null }: { kind?: TrailKind | null; personId?: string | null; before?: string | null } = {}): Promise<{ lines: TrailLine[]; next: string | null; people: TrailPerson[] }> {
  await requirePermission(db, actor, storeId, "audit.view");
  if ((before !== null && !isId(before)) || (personId !== null && !isId(personId))) throw new DomainError("not_found");
  const [rows, people] = await Promise.all([
    sql<Row[]>`
      SELECT a.id, a.action, l.created_at AS at, a.user_id AS "personId", u.name AS "personName", m.id AS "memberId", m.name AS "memberName", a.old_values AS old, a.new_values AS new, a.metadata
      FROM store_audit_lines l JOIN audit_logs a ON a.id = l.audit_id LEFT JOIN users u ON u.id = a.user_id
      LEFT JOIN LATERAL (SELECT COALESCE(a.new_values->>'memberId', a.old_values->>'memberId', a.new_values->>'ownerId') AS named) n ON true
      LEFT JOIN users m ON m.id = CASE WHEN n.named ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN n.named::uuid END
      WHERE l.store_id = ${storeId}
        ${before ? sql`AND (l.created_at, l.audit_id) < ((SELECT b.created_at FROM audit_logs b WHERE b.id = ${before}), ${before}::uuid)` : sql``}
        ${personId ? sql`AND a.user_id = ${personId}` : sql``}
        ${kind ? sql`AND a.action LIKE ANY (${[...TRAIL_KINDS[kind]]}::text[])` : sql``}
      ORDER BY l.created_at DESC, l.audit_id DESC LIMIT ${PAGE + 1}`,
    peopleOf(storeId),
  ]);
  const lines = rows.slice(0, PAGE).map(lineOf);
  return { lines, next: rows.length > PAGE ? (lines.at(-1)?.id ?? null) : null, people };
}

/** The team, and whoever else did something lately. */
const peopleOf = (storeId: string) => sql<TrailPerson[]>`
  SELECT u.id, u.name FROM users u WHERE u.id IN (
    SELECT m.user_id FROM store_members m WHERE m.store_id = ${storeId} AND m.accepted_at IS NOT NULL
    UNION SELECT a.user_id FROM (SELECT audit_id FROM store_audit_lines WHERE store_id = ${storeId} ORDER BY created_at DESC LIMIT ${PEOPLE_LOOKED_AT}) l JOIN audit_logs a ON a.id = l.audit_id)
  ORDER BY u.name NULLS LAST, u.id`;

const personOf = (id: string | null, name: string | null): TrailPerson | null => (id === null ? null : { id, name });

function lineOf({ id, action, at, personId, personName, memberId, memberName, old, new: now, metadata }: Row): TrailLine {
  return { id, action, at, person: personOf(personId, personName), member: personOf(memberId, memberName), before: shown(old), after: shown(now), about: shown(metadata) };
}

/** What may leave the trail for a page. Everything else (addresses of devices, ids of sessions, hashes) stays where it is. */
const SHOWN = new Set([
  "name", "description", "category", "rewardNote", "address", "latitude", "longitude", "openingHours", "website", "instagram", "timeZone", "tillCurrency", "legalName", "cnpj", "refundLimitUsdMicros",
  "section", "shortCode", "role", "permission", "phone", "amount_usd", "amount_brl_centavos", "amountUsdMicros", "net_usd", "state", "type", "way", "reason", "isFirst", "available", "added", "changed", "format", "kind", "status",
]);

const shown = (values: Record<string, unknown> | null): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values ?? {}).flatMap(([key, value]) => (SHOWN.has(key) ? [[key, key === "phone" && typeof value === "string" ? phoneEnd(value) : value]] : [])));
