import { ArrowDownLeft, Landmark, ReceiptText, X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon } from "@/components/ui/row";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";

const WORDS = { payment: "payment", received: "received", bonus_claim: "bonus", payout: "payout", consolidation: "consolidation" } as const;

/** One line of a person's money. Checking stays orange and leads to the checking screen; what failed is struck through and says that nothing was charged. */
export function ActivityRow({ payment }: { payment: PaymentView }) {
  const t = useTranslations("wallet");
  const common = useTranslations("common");
  const locale = useLocale();
  const { store, status, reward } = payment;
  const isIn = payment.direction === "in";
  const time = formatTime(payment.createdAt, locale);
  const amount = payment.amountBrlCentavos === null ? formatUsd(payment.amountUsdMicros, locale, isIn ? "plus" : "none") : formatBrl(payment.amountBrlCentavos, locale, isIn ? "plus" : "none");
  const earned = status === "confirmed" && reward?.valueUsdMicros && payment.brlPerUsdMicros ? brlCentavosFromUsd(reward.valueUsdMicros, payment.brlPerUsdMicros) : 0n;
  return (
    <Row
      href={status === "pending" ? paths.payment(payment.id) : paths.receipt(payment.id)}
      leading={
        status === "failed" ? (
          <RowIcon ground="danger">
            <Icon of={X} />
          </RowIcon>
        ) : store ? (
          <Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />
        ) : (
          <RowIcon ground={isIn ? "positive" : "neutral"}>
            <Icon of={isIn ? ArrowDownLeft : payment.type === "payout" ? Landmark : ReceiptText} />
          </RowIcon>
        )
      }
      title={store?.name ?? t(WORDS[payment.type])}
      line={
        status === "pending" ? (
          <>
            <span className="font-semibold text-caution">{common("statusChecking")}</span> · {time}
          </>
        ) : status === "failed" ? (
          `${time} · ${t("notCharged")}`
        ) : (
          time
        )
      }
      amount={<span className={isIn ? "text-positive" : undefined}>{amount}</span>}
      isStruck={status === "failed"}
      state={
        status === "failed" ? (
          <span className="text-danger">{common("statusFailed")}</span>
        ) : status === "pending" ? null : earned > 0n ? (
          <span className="text-reward-ink">{t("earned", { amount: formatBrl(earned, locale) })}</span>
        ) : (
          common("statusPaid")
        )
      }
    />
  );
}
