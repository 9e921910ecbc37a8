import { ArrowDownLeft, ArrowUpRight, Gift, HandCoins, Landmark, Plus, ReceiptText, Sparkles, Undo2, Waypoints, X, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { Avatar, Row, RowIcon } from "@/components/ui/row";
import type { ActivityKind } from "@/lib/activity/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { activityTitle } from "./activity-title";

const DRAWINGS: Record<ActivityKind, LucideIcon> = {
  payment: ReceiptText, sent: ArrowUpRight, received: ArrowDownLeft, top_up: Plus, incoming: ArrowDownLeft, refund: Undo2, cash_out: Sparkles, advance: HandCoins, headroom: HandCoins,
  repayment: HandCoins, bonus: Sparkles, dollars: Waypoints, rewards: Waypoints, moved: Waypoints, payout: Landmark, till_reward: Gift,
};

/** One line of a person's money. Checking stays orange and leads to the checking screen; what failed is struck through and says that nothing was charged. */
export function ActivityRow({ payment }: { payment: PaymentView }) {
  const t = useTranslations("wallet");
  const words = useTranslations("activity");
  const common = useTranslations("common");
  const locale = useLocale();
  const { status, note } = payment;
  const time = formatTime(payment.createdAt, locale);
  const sign = payment.direction === "in" ? "plus" : "none";
  const amount = payment.amountBrlCentavos === null ? formatUsd(payment.amountUsdMicros, locale, sign) : formatBrl(payment.amountBrlCentavos, locale, sign);
  return (
    <Row
      href={hrefOf(payment)}
      leading={<Leading payment={payment} />}
      title={activityTitle(payment, words)}
      line={
        status === "pending" ? (
          <>
            <span className="font-semibold text-caution">{payment.isHeld ? words("state.held") : common("statusChecking")}</span> · {time}
          </>
        ) : (
          [time, status === "failed" ? t("notCharged") : note].filter(Boolean).join(" · ")
        )
      }
      amount={<span className={sign === "plus" ? "text-positive" : undefined}>{amount}</span>}
      isStruck={status === "failed"}
      state={status === "pending" ? null : <State payment={payment} />}
    />
  );
}

/** Money between people, and a bonus on its way, have pages of their own, with what each side can still do. */
function hrefOf({ id, type, status, purpose, store }: PaymentView) {
  if (purpose === "send" || purpose === "request") return paths.sent(id);
  if (type === "bonus_claim" && status === "pending") return paths.bonusClaim(id);
  if (purpose === "till_reward" && store) return paths.storeRewards(store.id);
  if (type === "consolidation" && status === "pending") return paths.consolidation(id);
  return status === "pending" && type === "payment" ? paths.payment(id) : paths.receipt(id);
}

/** A store's tile, a person's initials, or what kind of movement it is. */
function Leading({ payment: { status, kind, store, counterparty, direction } }: { payment: PaymentView }) {
  if (status === "failed") {
    return (
      <RowIcon ground="danger">
        <Icon of={X} />
      </RowIcon>
    );
  }
  if (store && kind === "payment") return <Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />;
  if (counterparty?.name) return <Avatar name={counterparty.name} />;
  return (
    <RowIcon ground={direction === "in" ? "positive" : "neutral"}>
      <Icon of={DRAWINGS[kind]} />
    </RowIcon>
  );
}

function State({ payment: { status, kind, reward, refund, brlPerUsdMicros } }: { payment: PaymentView }) {
  const t = useTranslations("wallet");
  const words = useTranslations("activity");
  const common = useTranslations("common");
  const locale = useLocale();
  if (status === "failed") return <span className="text-danger">{common("statusFailed")}</span>;
  if (refund?.status === "refunded") return refund.ofSale?.isPartial ? words("refundedPart", { amount: formatBrl(refund.ofSale.amountBrlCentavos, locale) }) : common("statusRefunded");
  const earned = reward?.valueUsdMicros && brlPerUsdMicros ? brlCentavosFromUsd(reward.valueUsdMicros, brlPerUsdMicros) : 0n;
  if (earned > 0n) return <span className="text-reward-ink">{t("earned", { amount: formatBrl(earned, locale) })}</span>;
  if (kind === "payment") return common("statusPaid");
  return words(kind === "sent" ? "state.sent" : kind === "received" || kind === "incoming" ? "state.received" : "state.done");
}
