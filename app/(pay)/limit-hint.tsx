import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import { isLargePayment, LIMITS, nearnessOf, type DayRule } from "@/lib/limits/rules";
import { brlCentavosFromUsd, type Currency } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";

/** What is left of a person's day, by the rule that leaves least. */
export type TodayLeft = { leftUsdMicros: bigint; rule: DayRule };

/** Says that an amount comes near a limit, passes it, or will ask for a passkey, while it can still be changed. Nothing otherwise. */
export function LimitHint({ amountUsdMicros, today, currency, brlPerUsdMicros }: { amountUsdMicros: bigint; today: TodayLeft; currency: Currency; brlPerUsdMicros: bigint }) {
  const t = useTranslations("limits.hint");
  const locale = useLocale();
  const nearness = nearnessOf(amountUsdMicros, today.leftUsdMicros);
  const isLarge = isLargePayment(amountUsdMicros);
  if (amountUsdMicros === 0n || (nearness === "far" && !isLarge)) return null;
  const say = (usdMicros: bigint) => (currency === "USD" ? formatUsd(usdMicros, locale) : formatBrl(brlCentavosFromUsd(usdMicros, brlPerUsdMicros), locale));
  const left = say(today.leftUsdMicros);
  return (
    <Note tone={nearness === "over" ? "caution" : "neutral"} isLive>
      {nearness === "over" ? t(`over.${today.rule}`, { left }) : nearness === "near" ? t("near", { left }) : null}{" "}
      {isLarge && nearness !== "over" ? t("large", { amount: say(LIMITS.largePaymentUsdMicros) }) : null}{" "}
      <Link href={paths.limits()} className="font-semibold text-inherit">
        {t("more")}
      </Link>
    </Note>
  );
}
