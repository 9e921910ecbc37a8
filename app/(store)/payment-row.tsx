import { Check, LoaderCircle, Undo2, Wallet } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon } from "@/components/ui/row";
import type { StorePayment } from "@/lib/live/rules";
import { dayKey, formatTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { payerName } from "./payer-name";
import { PaymentAmount } from "./payment-amount";
import { hasSaleState, SaleState } from "./sale-state";

/** One payment in a list of the store: who, when, code, amount; an orange word while a reorganisation is being checked. It leads to the sale. */
export function PaymentRow({ payment, timeZone, storeId }: { payment: StorePayment; timeZone: string; storeId: string }) {
  const t = useTranslations("store");
  const locale = useLocale();
  const isChecking = payment.state === "checking";
  const isOutside = payment.outside !== null && payment.outside.outcome !== "paid";
  const at = new Date(payment.at);
  const isToday = dayKey(at, timeZone) === dayKey(new Date(), timeZone);
  const day = isToday ? "" : `${new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone }).format(at)}, `;
  return (
    <Row
      href={paths.storeSale(storeId, payment.id)}
      leading={
        <RowIcon ground={isChecking || isOutside ? "caution" : payment.refund?.isFull ? "neutral" : "positive"}>
          <Icon of={isChecking ? LoaderCircle : isOutside ? Wallet : payment.refund?.isFull ? Undo2 : Check} />
        </RowIcon>
      }
      title={payerName(payment, t)}
      line={[`${day}${formatTime(at, locale, timeZone)}`, payment.code].filter(Boolean).join(" · ")}
      amount={<PaymentAmount payment={payment} />}
      state={isChecking ? <span className="font-semibold text-caution">{t("checkingAgain")}</span> : hasSaleState(payment) ? <SaleState payment={payment} /> : undefined}
    />
  );
}
