import type { QuickItem } from "@/lib/charges/queries";
import type { StorePayment } from "@/lib/live/rules";
import type { TillSnapshot } from "@/lib/stores/queries";

/** What of the server's snapshot moves while a till is open. JSON: amounts are integers as text. */
export type TillView = { payments: readonly StorePayment[]; lastEventId: string; count: number; sumBrlCentavos: string; refundedBrlCentavos: string; isPreparing: boolean; items: readonly QuickItem[] };

export const tillViewOf = ({ payments, lastEventId, today, readiness }: TillSnapshot, items: readonly QuickItem[]): TillView => ({
  payments,
  lastEventId,
  count: today.count,
  sumBrlCentavos: today.sumBrlCentavos.toString(),
  refundedBrlCentavos: today.refundedBrlCentavos.toString(),
  isPreparing: readiness === "preparing" || readiness === "failed",
  items,
});
