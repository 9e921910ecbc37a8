import { useLocale, useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import { formatDateTime } from "@/lib/money-format";
import type { Rate } from "@/lib/rates/rules";
import type { ValuesAt } from "@/lib/rewards/queries";

/** When the values were read, and a warning where they or the rate are old. */
export function ValuesNote({ values, rate }: { values: ValuesAt; rate: Rate & { isStale: boolean } }) {
  const t = useTranslations("rewards");
  const locale = useLocale();
  return (
    <div className="mt-1 grid gap-3">
      {values?.isFresh ? <p className="text-small text-muted">{t("valuesAt", { time: formatDateTime(values.at, locale) })}</p> : null}
      <div className="grid gap-3 text-left empty:hidden">
        {values && !values.isFresh ? <Note tone="caution">{t("valuesOld", { time: formatDateTime(values.at, locale) })}</Note> : null}
        {rate.isStale ? <Note tone="caution">{t("staleRate", { time: formatDateTime(rate.quotedAt, locale) })}</Note> : null}
      </div>
    </div>
  );
}
