import { ArrowDownLeft, Clock, Hourglass, X, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { TopUpLine } from "@/lib/topups/queries";
import type { ShownTopUp } from "@/lib/topups/rules";

type Ground = "neutral" | "positive" | "caution" | "danger";
const LOOKS: Record<ShownTopUp, readonly [Ground, LucideIcon]> = {
  quoting: ["neutral", Hourglass], quoted: ["neutral", Hourglass], opening: ["caution", Hourglass], waiting: ["caution", Hourglass], held: ["caution", Hourglass], paid: ["caution", Hourglass],
  done: ["positive", ArrowDownLeft], paid_twice: ["positive", ArrowDownLeft], expired: ["neutral", Clock], underpaid: ["danger", X], paid_late: ["danger", X], refused: ["danger", X],
};

/** The last codes, so that nobody who left the page is left without an answer. */
export function RecentTopUps({ recent, locale }: { recent: readonly TopUpLine[]; locale: Locale }) {
  const t = useTranslations("topups");
  if (recent.length === 0) return null;
  return (
    <section aria-labelledby="recent-top-ups" className="px-3">
      <h2 id="recent-top-ups" className="px-2 font-sans text-label tracking-normal">
        {t("recent")}
      </h2>
      <div className="mt-1.5">
        <RowList label={t("recent")}>
          {recent.map(({ id, amountBrlCentavos, shown, createdAt }) => {
            const [ground, icon] = LOOKS[shown];
            return (
              <Row
                key={id}
                href={paths.topUp(id)}
                leading={
                  <RowIcon ground={ground}>
                    <Icon of={icon} />
                  </RowIcon>
                }
                title={t(`states.${shown}`)}
                line={formatDateTime(createdAt, locale)}
                amount={formatBrl(amountBrlCentavos, locale)}
              />
            );
          })}
        </RowList>
      </div>
    </section>
  );
}
