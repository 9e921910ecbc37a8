import { useLocale, useTranslations } from "next-intl";
import { formatBrl, formatUsd } from "@/lib/money-format";
import type { PaymentView } from "@/lib/payments/queries";
import { partsOfPayment } from "./price-of-payment";

/** What paid it, on the green. Not for payments in dollars alone, which have nothing to add. */
export function PaidParts({ payment }: { payment: PaymentView }) {
  const t = useTranslations("parts");
  const pay = useTranslations("pay");
  const locale = useLocale();
  return (
    <ul aria-label={t("paidWith")} data-testid="paid-parts" className="mx-auto mt-3 grid w-full max-w-[340px] text-caption">
      {partsOfPayment(payment).map((part) => (
        <li key={part.store?.id ?? "dollars"} className="flex justify-between gap-4">
          <span className="truncate">{part.kind === "dollars" ? pay("dollars") : part.kind === "own" ? pay("ownRewardsPart") : pay("rewardsPart", { store: part.store?.name ?? "" })}</span>
          <span className="flex-none font-semibold tabular-nums">{part.amountBrlCentavos === null ? formatUsd(part.amountUsdMicros, locale) : formatBrl(part.amountBrlCentavos, locale)}</span>
        </li>
      ))}
    </ul>
  );
}
