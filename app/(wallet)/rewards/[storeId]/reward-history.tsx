import { ArrowLeftRight, HandCoins, Minus, Plus, Sparkles, Undo2, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { RewardEntry } from "@/lib/rewards/history";
import { REWARD_SIGNS, type RewardMove } from "@/lib/rewards/rules";

const DRAWINGS: Record<RewardMove, LucideIcon> = { earned: Plus, spent: Minus, cashed: Sparkles, locked: HandCoins, unlocked: HandCoins, moved: ArrowLeftRight, returned: Undo2 };

/** Every change of a store's rewards, each leading to its receipt, at what it was worth on its day. */
export function RewardHistory({ storeId, history: { items, next }, isOlder }: { storeId: string; history: { items: RewardEntry[]; next: string | null }; isOlder: boolean }) {
  const t = useTranslations("rewards");
  const locale = useLocale();
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="text-heading">
        {t("history")}
      </h2>
      {items.length === 0 ? <p className="mt-1 text-muted">{t("historyEmpty")}</p> : null}
      {items.length > 0 ? (
        <div className="-mx-2 mt-2">
          <RowList label={t("history")}>
            {items.map(({ transactionId, move, valueUsdMicros, brlPerUsdMicros, at, createdAt }) => {
              const sign = REWARD_SIGNS[move];
              const amount = valueUsdMicros === null ? "" : brlPerUsdMicros === null ? formatUsd(sign < 0 ? -valueUsdMicros : valueUsdMicros, locale, sign > 0 ? "plus" : "none") : formatBrl(brlCentavosFromUsd(valueUsdMicros, brlPerUsdMicros) * (sign < 0 ? -1n : 1n), locale, sign > 0 ? "plus" : "none");
              return (
                <Row
                  key={`${transactionId}-${move}`}
                  href={paths.receipt(transactionId)}
                  leading={
                    <RowIcon ground={sign > 0 ? "reward" : "neutral"}>
                      <Icon of={DRAWINGS[move]} />
                    </RowIcon>
                  }
                  title={at ? t("spentAt", { store: at.name }) : t(`move.${move}`)}
                  line={formatDateTime(createdAt, locale)}
                  amount={<span className={sign > 0 ? "text-reward-ink" : undefined}>{amount}</span>}
                />
              );
            })}
          </RowList>
        </div>
      ) : null}
      {next || isOlder ? (
        <nav aria-label={t("history")} className="mt-3 flex flex-wrap gap-2">
          {isOlder ? (
            <LinkButton kind="quiet" size="medium" href={paths.storeRewards(storeId)}>
              {t("newest")}
            </LinkButton>
          ) : null}
          {next ? (
            <LinkButton kind="soft" size="medium" href={paths.storeRewards(storeId, next)}>
              {t("older")}
            </LinkButton>
          ) : null}
        </nav>
      ) : null}
    </section>
  );
}
