import { useLocale, useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import type { ExtraPayment } from "@/lib/guests/queries";
import { formatUsd } from "@/lib/money-format";

/** Further payments for this price, by name, and what becomes of each. */
export function Extras({ extras }: { extras: readonly ExtraPayment[] }) {
  const t = useTranslations("guest.extras");
  const locale = useLocale();
  if (extras.length === 0) return null;
  return (
    <section aria-label={t("title")} className="grid gap-2 text-left">
      {extras.map(({ outcome, amountUsdMicros, refundStatus, payer, txHash }) => (
        <Note key={txHash} tone={refundStatus === "refunded" ? "positive" : "caution"}>
          <b className="block">{t(outcome, { amount: formatUsd(amountUsdMicros, locale) })}</b>
          {t(refundStatus ?? "ask")} <span className="whitespace-nowrap">{payer}</span>
        </Note>
      ))}
    </section>
  );
}
