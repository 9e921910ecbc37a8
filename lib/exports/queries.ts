import "server-only";
import { db } from "@/db/client";
import { daysBetween, periodAround, periodOf, previousOf, type Day, type Period } from "@/lib/analytics/rules";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { dayKey } from "@/lib/money-format";
import { getStoreFrame, type StoreHead } from "@/lib/stores/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { can, type Role } from "@/lib/team/rules";
import { STATEMENT_DAYS_MAX } from "./rules";

export type ExportsPage = {
  store: StoreHead;
  role: Role;
  today: Day;
  period: Period;
  thisMonth: Period;
  lastMonth: Period;
  /** The period that was asked for can't be had; `period` is this month instead. */
  isRefused: boolean;
  canHaveStatement: boolean;
  canHavePayouts: boolean;
};

/** Which files a member may take, and of which period. Fails with not_found, forbidden. */
export async function getExportsPage(actor: Actor, storeId: string, query: Record<string, string>, now = new Date()): Promise<ExportsPage> {
  await requirePermission(db, actor, storeId, "exports.download");
  const { store, role } = await getStoreFrame(actor, storeId);
  const today = dayKey(now, store.timeZone);
  const thisMonth = periodAround("month", today);
  const { period, isRefused } = periodOr(query, today, thisMonth);
  return { store, role, today, period, thisMonth, lastMonth: previousOf(thisMonth), isRefused, canHaveStatement: daysBetween(period.from, period.to) <= STATEMENT_DAYS_MAX, canHavePayouts: can(role, "payouts.manage") };
}

function periodOr(query: Record<string, string>, today: Day, standard: Period): { period: Period; isRefused: boolean } {
  try {
    return { period: periodOf(query, today), isRefused: false };
  } catch (error) {
    if (error instanceof DomainError && error.code === "period_invalid") return { period: standard, isRefused: true };
    throw error;
  }
}
