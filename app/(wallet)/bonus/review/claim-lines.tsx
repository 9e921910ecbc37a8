import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { feeLinesBrlCentavos, NETWORK_FEE_BPS, percentText, PREPAID_FEE_BPS, PROTOCOL_FEE_BPS } from "@/lib/loans/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import type { ShownClaim } from "../shown-claim";

/** Every line between what rewards are worth and what arrives; what is guaranteed of it below. */
export function ClaimLines({ claim }: { claim: ShownClaim }) {
  const t = useTranslations("bonus.lines");
  const bonus = useTranslations("bonus");
  const locale = useLocale();
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, claim.brlPerUsdMicros), locale);
  const less = (amountBrlCentavos: bigint) => `− ${formatBrl(amountBrlCentavos, locale)}`;
  const percent = (bps: number) => ({ percent: percentText(bps, locale) });
  const { way } = claim;
  if (way === "repayment") {
    return (
      <Lines>
        <Line name={t("principal")} value={inReais(claim.grossUsdMicros)} />
        <Line isMuted name={t("lateFee")} value={claim.storeFeeUsdMicros === 0n ? bonus("zero") : inReais(claim.storeFeeUsdMicros)} />
        <Line isTotal name={t("youPay")} value={inReais(claim.netUsdMicros)} />
        {claim.boundUsdMicros > claim.netUsdMicros ? <Line isMuted name={t("atMost")} value={inReais(claim.boundUsdMicros)} /> : null}
      </Lines>
    );
  }
  const fees = feeLinesBrlCentavos(claim, claim.brlPerUsdMicros);
  return (
    <Lines>
      <Line name={t(way)} value={inReais(claim.grossUsdMicros)} />
      {fees === null ? (
        <Line isMuted name={t("noFee")} value={bonus("zero")} />
      ) : (
        <>
          {claim.storeFeeUsdMicros > 0n ? <Line isMuted name={t("storeFee", percent(PREPAID_FEE_BPS))} value={less(fees.store)} /> : null}
          <Line isMuted name={t("protocolFee", percent(PROTOCOL_FEE_BPS))} value={less(fees.protocol)} />
          {claim.networkFeeUsdMicros > 0n ? <Line isMuted name={t("networkFee", percent(NETWORK_FEE_BPS))} value={less(fees.network)} /> : null}
        </>
      )}
      <Line isTotal name={t("youGet")} value={inReais(claim.netUsdMicros)} />
      <Line isMuted name={t("guaranteed")} value={inReais(claim.boundUsdMicros)} />
    </Lines>
  );
}

const Lines = ({ children }: { children: ReactNode }) => (
  <Card as="div" className="px-5! py-1.5!">
    <dl>{children}</dl>
  </Card>
);

const Line = ({ name, value, isMuted, isTotal }: { name: string; value: string; isMuted?: boolean; isTotal?: boolean }) => (
  <div className={clsx("flex justify-between gap-4 py-2", isTotal && "mt-1 border-t border-line pt-3 text-[1.0625rem] font-[650]")}>
    <dt className={clsx(isMuted && "text-muted", !isTotal && "font-normal")}>{name}</dt>
    <dd className={clsx("font-semibold tabular-nums", isMuted && "text-muted")}>{value}</dd>
  </div>
);
