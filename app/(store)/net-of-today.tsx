import { useLocale, useTranslations } from "next-intl";
import { formatBrl } from "@/lib/money-format";

/** Below the day's sales: what was given back, and what is left. Nothing on a day without refunds. */
export function NetOfToday({ sumBrlCentavos, refundedBrlCentavos }: { sumBrlCentavos: bigint; refundedBrlCentavos: bigint }) {
  const t = useTranslations("refunds.list");
  const locale = useLocale();
  if (refundedBrlCentavos === 0n) return null;
  return (
    <p className="mt-1 text-small text-muted tabular-nums">
      {t("refunds")} {formatBrl(-refundedBrlCentavos, locale)} · {t("net")} <b className="font-semibold text-ink">{formatBrl(sumBrlCentavos - refundedBrlCentavos, locale)}</b>
    </p>
  );
}
