import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { NETWORK_FEE_BPS, percentText, PREPAID_FEE_BPS, PROTOCOL_FEE_BPS } from "@/lib/loans/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import type { PayoutReview } from "@/lib/payouts/review";
import { shownBridgeFee } from "@/lib/payouts/rules";
import { feeKindOf } from "@/lib/topups/rules";

/** Every line between the store's balance and what arrives, and the least that may. */
export function PayoutLines({ review: { quote, price } }: { review: PayoutReview }) {
  const t = useTranslations("payouts.review");
  const fees = useTranslations("topups.price.fees");
  const locale = useLocale();
  const { terms } = quote;
  const percent = (bps: number) => ({ percent: percentText(bps, locale) });
  const minus = (text: string) => `− ${text}`;
  const usd = (amount: bigint) => formatUsd(amount, locale);
  const output = price?.outputBrlCentavos ?? brlCentavosFromUsd(terms.netUsdMicros, quote.brlPerUsdMicros);
  const rate = price?.brlPerUsdMicros ?? quote.brlPerUsdMicros;
  const least = price?.minimumBrlCentavos ?? brlCentavosFromUsd(terms.leastUsdMicros, quote.brlPerUsdMicros);
  return (
    <dl className="mt-3.5 border-t border-line pt-2">
      <Line name={t("fromBalance")} value={usd(terms.amountUsdMicros)} />
      {terms.storeFeeUsdMicros + terms.protocolFeeUsdMicros + terms.networkFeeUsdMicros === 0n ? (
        <Line name={t("noFee")} value={t("zero")} isMuted />
      ) : (
        <>
          <Line name={t("storeFee", percent(PREPAID_FEE_BPS))} value={minus(usd(terms.storeFeeUsdMicros))} isMuted />
          <Line name={t("protocolFee", percent(PROTOCOL_FEE_BPS))} value={minus(usd(terms.protocolFeeUsdMicros))} isMuted />
          <Line name={t("networkFee", percent(NETWORK_FEE_BPS))} value={minus(usd(terms.networkFeeUsdMicros))} isMuted />
        </>
      )}
      <Line name={t("net")} value={usd(terms.netUsdMicros)} />
      {terms.bridgeToChainId === null ? null : terms.bridgeFeeUsdMicros === 0n ? (
        <Line name={t("bridgeFree")} value={t("zero")} isMuted />
      ) : (
        <Line name={t("bridgeFee")} value={minus(usd(shownBridgeFee(terms.bridgeFeeUsdMicros)))} isMuted />
      )}
      <Line name={t("rate")} value={t("rateValue", { amount: formatBrl((rate + 5_000n) / 10_000n, locale) })} isMuted />
      {price?.fees.map((fee) => (
        <Line key={`${fee.name} ${fee.currency}`} name={t("partnerFee", { name: fees(feeKindOf(fee.name)) })} value={minus(fee.currency === "BRL" ? formatBrl(BigInt(fee.amount), locale) : usd(BigInt(fee.amount)))} isMuted />
      ))}
      <Line name={t("youGet")} value={formatBrl(output, locale)} isTotal />
      <Line name={t("least")} value={formatBrl(least, locale)} isMuted />
    </dl>
  );
}

const Line = ({ name, value, isMuted, isTotal }: { name: string; value: string; isMuted?: boolean; isTotal?: boolean }) => (
  <div className={clsx("flex justify-between gap-4 py-2", isTotal && "mt-1 border-t border-line pt-3 text-[1.0625rem] font-[650]")}>
    <dt className={clsx("min-w-0", isMuted && "text-muted")}>{name}</dt>
    <dd className={clsx("font-semibold whitespace-nowrap tabular-nums", isMuted && "text-muted")}>{value}</dd>
  </div>
);
