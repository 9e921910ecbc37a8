import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { stores } from "@/db/schema";
import { windowOf, type StoreWindow } from "@/lib/analytics/read-figures";
import { daysBetween, periodOf, type Period, type PeriodKind } from "@/lib/analytics/rules";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError, invariant } from "@/lib/errors";
import { dayKey } from "@/lib/money-format";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { DEFAULT_TIME_ZONE } from "@/lib/stores/rules";
import { requirePermission } from "@/lib/team/require-permission";
import { can, type Permission, type Role } from "@/lib/team/rules";

/** What a file says of the store at its head. */
export type ExportStore = { id: string; name: string; legalName: string | null; cnpj: string | null; place: string | null; shortCode: string; timeZone: string };

export type AllowedExport = { store: ExportStore; role: Role; period: Period; window: StoreWindow; canSeePayouts: boolean };

type Asked = {
  file: string;
  /** Its spelling or kind, for the trail. */
  format: string;
  query: Record<string, string>;
  needs?: Permission;
  standard?: Exclude<PeriodKind, "range">;
  daysMax?: number;
};

/**
 * Who may take a file of a store away, and of which days. It is counted and written down before the first row is read: a period leaves at once.
 * Fails with not_found, forbidden, period_invalid, too_many_requests.
 */
export async function allowExport(actor: Actor, storeId: string, { file, format, query, needs = "exports.download", standard, daysMax }: Asked, now = new Date()): Promise<AllowedExport> {
  const role = await requirePermission(db, actor, storeId, needs);
  const [row] = await db
    .select({ id: stores.id, name: stores.name, legalName: stores.legalName, cnpj: stores.cnpj, place: stores.address, shortCode: stores.shortCode, timeZone: stores.timeZone })
    .from(stores)
    .where(eq(stores.id, storeId));
  invariant(row?.shortCode, `store ${storeId} has members and no short code`);
  const store = { ...row, shortCode: row.shortCode, timeZone: row.timeZone ?? DEFAULT_TIME_ZONE };
  const period = periodOf(query, dayKey(now, store.timeZone), standard);
  if (daysMax !== undefined && daysBetween(period.from, period.to) > daysMax) throw new DomainError("period_invalid");
  await consumeLimit(db, "store_export_account", actor.userId);
  await db.transaction((tx) =>
    recordAudit(tx, { action: "store.exported", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, newValues: { file, format, from: period.from, to: period.to } }),
  );
  return { store, role, period, window: await windowOf(store, period), canSeePayouts: can(role, "payouts.manage") };
}
