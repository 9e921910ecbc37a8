import { useLocale, useTranslations } from "next-intl";
import type { StorePayment } from "@/lib/live/rules";
import { formatBrl } from "@/lib/money-format";

/** Whether a sale's line has something to say beside its amount. */
export const hasSaleState = ({ outside, refund }: StorePayment): boolean => (outside !== null && outside.outcome !== "paid") || Boolean(refund);

/** Money past our pages and its way back, or what was given back of a sale. Nothing for a plain paid one. */
export function SaleState({ payment: { outside, refund } }: { payment: StorePayment }) {
  const t = useTranslations("guest.atStore");
  const share = useTranslations("refunds.share");
  const locale = useLocale();
  if (outside && outside.outcome !== "paid") {
    return <span className={outside.refund === "refunded" ? "text-muted" : "font-semibold text-caution"}>{outside.refund ? `${t(outside.outcome)} · ${t(outside.refund)}` : t(outside.outcome)}</span>;
  }
  if (!refund) return null;
  if (refund.isOnItsWay) return <span className="font-semibold text-caution">{share("onItsWay")}</span>;
  return <span className="text-muted">{refund.isFull ? share("fully") : share("partly", { amount: formatBrl(BigInt(refund.brlCentavos), locale) })}</span>;
}
