import type { StorePayment } from "@/lib/live/rules";
import type { TillSnapshot } from "@/lib/stores/queries";

/** What of the server's snapshot moves while a till is open. JSON: amounts are integers as text. */
export type TillView = { payments: readonly StorePayment[]; lastEventId: string; count: number; sumBrlCentavos: string; refundedBrlCentavos: string; isPreparing: boolean };

export const tillViewOf = ({ payments, lastEventId, today, readiness }: TillSnapshot): TillView => ({
  payments,
  lastEventId,
  count: today.count,
  sumBrlCentavos: today.sumBrlCentavos.toString(),
  refundedBrlCentavos: today.refundedBrlCentavos.toString(),
  isPreparing: readiness === "preparing" || readiness === "failed",
});
