import { Check, LoaderCircle, Wallet } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon } from "@/components/ui/row";
import type { StorePayment } from "@/lib/live/rules";
import { dayKey, formatTime } from "@/lib/money-format";
import { payerName } from "./payer-name";
import { OutsideState } from "./outside-state";
import { PaymentAmount } from "./payment-amount";

/** One payment in a list of the store: who, when, code, amount; an orange word while a reorganisation is being checked. */
export function PaymentRow({ payment, timeZone, storeId, canRefund = false, onAsked }: { payment: StorePayment; timeZone: string; storeId: string; canRefund?: boolean; onAsked?: () => void }) {
  const t = useTranslations("store");
  const locale = useLocale();
  const isChecking = payment.state === "checking";
  const isOutside = payment.outside !== null && payment.outside.outcome !== "paid";
  const at = new Date(payment.at);
  const isToday = dayKey(at, timeZone) === dayKey(new Date(), timeZone);
  const day = isToday ? "" : `${new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone }).format(at)}, `;
  return (
    <Row
      leading={
        <RowIcon ground={isChecking || isOutside ? "caution" : "positive"}>
          <Icon of={isChecking ? LoaderCircle : isOutside ? Wallet : Check} />
        </RowIcon>
      }
      title={payerName(payment, t)}
      line={[`${day}${formatTime(at, locale, timeZone)}`, payment.code].filter(Boolean).join(" · ")}
      amount={<PaymentAmount payment={payment} />}
      state={isChecking ? <span className="font-semibold text-caution">{t("checkingAgain")}</span> : isOutside ? <OutsideState payment={payment} storeId={storeId} canRefund={canRefund} onAsked={onAsked} /> : undefined}
    />
  );
}
