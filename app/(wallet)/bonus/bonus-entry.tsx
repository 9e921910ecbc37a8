import { Sparkles } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { bonusOf } from "@/lib/loans/queries";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";

/** The way from the rewards to what they could bring today. Nothing where there is nothing to take and no advance is open. */
export async function BonusEntry({ actor, brlPerUsdMicros, isFlush }: { actor: { userId: string }; brlPerUsdMicros: bigint; /** The page has its own margins. */ isFlush?: boolean }) {
  const [t, locale, { cashOutUsdMicros, advanceUsdMicros, headroomUsdMicros, loans }] = await Promise.all([getTranslations("bonus"), getLocale(), bonusOf(actor)]);
  const most = (cashOutUsdMicros > advanceUsdMicros ? cashOutUsdMicros : advanceUsdMicros) + headroomUsdMicros;
  if (most === 0n && loans.length === 0) return null;
  return (
    <div className={isFlush ? undefined : "px-3 lg:px-5"}>
      <RowList>
        <Row
          href={paths.bonus()}
          leading={
            <RowIcon ground="reward">
              <Icon of={Sparkles} />
            </RowIcon>
          }
          title={t("entry")}
          line={most > 0n ? t("entryText", { amount: formatBrl(brlCentavosFromUsd(most, brlPerUsdMicros), locale) }) : t("advancesTitle")}
        />
      </RowList>
    </div>
  );
}
