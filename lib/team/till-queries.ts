import "server-only";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { touchSitting } from "./current-seller";
import { requirePermission } from "./require-permission";
import { can, type Role } from "./rules";

/** Somebody of the team as a shared till shows them: as short as tells people apart, null without a name. Nothing of the PIN but that there is one. */
export type TillPerson = { userId: string; name: string | null; hasPin: boolean; canOverride: boolean };

export type SharedTill = {
  storeName: string;
  tillName: string | null;
  idleMinutes: number;
  /** The session's own person, whose PIN ends the sharing. */
  ownName: string | null;
  /** Who sells now; null while it is locked. */
  sitting: { id: string; sellerId: string; sellerName: string | null; managerName: string | null } | null;
  people: TillPerson[];
};

/** This device as a shared till; null when it is none. Fails with not_found. */
export async function getSharedTill(actor: Actor, storeId: string): Promise<SharedTill | null> {
  await requirePermission(db, actor, storeId, "till.use");
  if (actor.sharedStoreId !== storeId) return null;
  type Row = { storeName: string; tillName: string | null; idleMinutes: number; sittingId: string | null; sellerId: string | null; managerId: string | null };
  type Person = { userId: string; name: string | null; hasPin: boolean; role: Role };
  const [[row], members] = await Promise.all([
    sql<Row[]>`
      SELECT s.name AS "storeName", k.name AS "tillName", d.idle_minutes AS "idleMinutes", t.id AS "sittingId", t.user_id AS "sellerId", t.override_by AS "managerId"
      FROM shared_tills d JOIN stores s ON s.id = d.store_id LEFT JOIN tills k ON k.id = d.till_id
      LEFT JOIN till_sittings t ON t.session_id = d.session_id AND t.ended_at IS NULL AND t.last_used_at > now() - make_interval(mins => d.idle_minutes)
        AND EXISTS (SELECT FROM store_members m WHERE m.store_id = t.store_id AND m.user_id = t.user_id AND m.accepted_at IS NOT NULL)
      WHERE d.session_id = ${actor.sessionId}`,
    sql<Person[]>`
      SELECT m.user_id AS "userId", nullif(btrim(u.name), '') AS name, p.user_id IS NOT NULL AS "hasPin", m.role
      FROM store_members m JOIN users u ON u.id = m.user_id LEFT JOIN store_pins p ON p.store_id = m.store_id AND p.user_id = m.user_id
      WHERE m.store_id = ${storeId} AND m.accepted_at IS NOT NULL ORDER BY m.accepted_at, m.id`,
  ]);
  if (!row) return null;
  const names = shortNames(members);
  const { sittingId, sellerId, managerId, ...till } = row;
  return {
    ...till,
    ownName: names.get(actor.userId) ?? null,
    sitting: sittingId && sellerId ? { id: sittingId, sellerId, sellerName: names.get(sellerId) ?? null, managerName: managerId ? (names.get(managerId) ?? null) : null } : null,
    people: members.map(({ userId, hasPin, role }) => ({ userId, name: names.get(userId) ?? null, hasPin, canOverride: hasPin && can(role, "tills.override") })),
  };
}

/** First names; where two people share one, with the first letter of the last. */
function shortNames(people: readonly { userId: string; name: string | null }[]): Map<string, string | null> {
  const firstOf = (name: string) => name.split(/\s+/)[0]!;
  const times = new Map<string, number>();
  for (const { name } of people) if (name) times.set(firstOf(name), (times.get(firstOf(name)) ?? 0) + 1);
  return new Map(
    people.map(({ userId, name }) => {
      if (!name) return [userId, null];
      const last = name.split(/\s+/).slice(1).at(-1);
      return [userId, (times.get(firstOf(name)) ?? 0) > 1 && last ? `${firstOf(name)} ${[...last][0]}.` : firstOf(name)];
    }),
  );
}

/**
 * Whose sitting is open at this shared till; null when it is locked or idle for too long. `isTouched`: somebody used it since the last question.
 * Fails with: not_found.
 */
export async function tillPulse(actor: Actor, { storeId, isTouched }: { storeId: string; isTouched: boolean }): Promise<{ sittingId: string | null }> {
  if (isTouched) {
    await requirePermission(db, actor, storeId, "till.use");
    return { sittingId: (await touchSitting(db, actor, storeId))?.id ?? null };
  }
  return { sittingId: (await getSharedTill(actor, storeId))?.sitting?.id ?? null };
}

/** The tills that a device may be, by name. Fails with not_found, forbidden. */
export async function tillsToShare(actor: Actor, storeId: string): Promise<{ tills: { id: string; name: string }[]; hasPin: boolean }> {
  await requirePermission(db, actor, storeId, "tills.share");
  const [tills, pins] = await Promise.all([
    sql<{ id: string; name: string }[]>`SELECT id, name FROM tills WHERE store_id = ${storeId} AND removed_at IS NULL ORDER BY lower(name) LIMIT 50`,
    sql`SELECT 1 FROM store_pins WHERE store_id = ${storeId} AND user_id = ${actor.userId}`,
  ]);
  return { tills, hasPin: pins.length > 0 };
}
