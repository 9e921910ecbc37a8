"use client";

import { useTranslations } from "next-intl";
import { isRefundable } from "@/lib/guests/rules";
import type { StorePayment } from "@/lib/live/rules";
import { RefundDialog } from "./refund-dialog";

/** What a payment by a wallet is when it is not its page's own, what became of its refund, and the way to one for whoever may. */
export function OutsideState({ payment, storeId, canRefund, onAsked }: { payment: StorePayment; storeId: string; canRefund: boolean; onAsked?: () => void }) {
  const t = useTranslations("guest.atStore");
  const { outside } = payment;
  if (!outside || outside.outcome === "paid") return null;
  const { outcome, refund } = outside;
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-2">
      <span className="font-semibold text-caution">
        {t(outcome)}
        {refund ? ` · ${t(refund)}` : ""}
      </span>
      {canRefund && payment.state === "paid" && isRefundable({ outcome, refundStatus: refund }) ? <RefundDialog storeId={storeId} payment={payment} outcome={outcome} onAsked={onAsked} /> : null}
    </span>
  );
}
