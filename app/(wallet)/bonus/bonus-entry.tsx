import { ChevronRight, Sparkles } from "lucide-react";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { Icon } from "@/components/ui/icon";
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
    <div className={isFlush ? undefined : "px-5 lg:px-7"}>
      <Link href={paths.bonus()} className="flex min-h-15 items-center gap-3 rounded-control bg-reward-soft px-4 font-semibold text-reward-ink no-underline">
        <Icon of={Sparkles} />
        <span className="min-w-0 flex-1">{t("entry")}</span>
        <span className="flex-none tabular-nums">{most > 0n ? formatBrl(brlCentavosFromUsd(most, brlPerUsdMicros), locale) : t("advancesTitle")}</span>
        <Icon of={ChevronRight} />
      </Link>
    </div>
  );
}
