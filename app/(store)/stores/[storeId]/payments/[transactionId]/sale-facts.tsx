import { ExternalLink } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { payerName } from "@/app/(store)/payer-name";
import { StatusChip } from "@/components/status-chip";
import { MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { chainName, transactionUrl } from "@/lib/chain/chains";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import type { SaleView } from "@/lib/sales/get-sale";
import { Line, Lines } from "./lines";

/** What was sold, by whom, to whom, how it was paid, and what of it the store keeps. */
export async function SaleFacts({ sale }: { sale: SaleView }) {
  const [t, words, locale] = await Promise.all([getTranslations("refunds.sale"), getTranslations("store"), getLocale()]);
  const { payment, charge, tip, parts, timeZone, refunds } = sale;
  const isInReais = sale.amountBrlCentavos !== null;
  const refundedBrlCentavos = refunds.reduce((sum, { status, amountBrlCentavos }) => sum + (status === "refunded" ? amountBrlCentavos : 0n), 0n);
  return (
    <>
      <Card aria-label={t("title")}>
        <div className="flex flex-wrap items-start justify-between gap-3">
          <MoneyDisplay {...(sale.amountBrlCentavos === null ? { currency: "USD", amount: sale.amountUsdMicros } : { currency: "BRL", amount: sale.amountBrlCentavos })} size="l" />
          {payment.state === "checking" ? <StatusChip state="checking" /> : payment.refund?.isFull ? <StatusChip state="refunded" /> : payment.outside && payment.outside.outcome !== "paid" ? <Chip tone="caution">{(await getTranslations("guest.atStore"))(payment.outside.outcome)}</Chip> : <StatusChip state="paid" />}
        </div>
        {isInReais ? <p className="text-muted">{formatUsd(sale.amountUsdMicros, locale)}</p> : null}
        <div className="mt-3">
          <Lines>
            <Line term={t("customer")}>{payerName(payment, words)}</Line>
            <Line term={t("when")}>{formatDateTime(new Date(payment.at), locale, timeZone)}</Line>
            {payment.code ? (
              <Line term={t("code")}>
                <span className="font-semibold tracking-[.06em]">{payment.code}</span>
              </Line>
            ) : null}
            {tip ? <Line term={t("tip")}>{formatBrl(tip.amountBrlCentavos, locale)}</Line> : null}
            {charge?.seller ? <Line term={t("seller")}>{charge.seller}</Line> : null}
            {charge?.standIn ? <Line term={(await getTranslations("sharedtill"))("overriddenBy")}>{charge.standIn}</Line> : null}
            {charge?.till ? <Line term={t("till")}>{charge.till}</Line> : null}
            {charge?.note ? (
              <Line term={t("note")}>
                <span className="break-words">{charge.note}</span>
              </Line>
            ) : null}
            {sale.rewardUsdMicros ? <Line term={t("reward")}>{formatUsd(sale.rewardUsdMicros, locale)}</Line> : null}
            {refundedBrlCentavos > 0n && sale.amountBrlCentavos !== null ? (
              <>
                <Line term={t("refunded")}>{formatBrl(-refundedBrlCentavos, locale)}</Line>
                <Line term={t("net")}>
                  <b className="font-semibold">{formatBrl(sale.amountBrlCentavos - refundedBrlCentavos, locale)}</b>
                </Line>
              </>
            ) : null}
          </Lines>
        </div>
      </Card>
      {charge && charge.lines.length > 0 ? (
        <Card aria-labelledby="lines">
          <h2 id="lines">{t("lines")}</h2>
          <Lines>
            {charge.lines.map(({ name, quantity, unitBrlCentavos }, index) => (
              <Line key={`${index}:${name}`} term={`${quantity} × ${name}`}>
                {formatBrl(BigInt(unitBrlCentavos) * BigInt(quantity), locale)}
              </Line>
            ))}
          </Lines>
        </Card>
      ) : null}
      <Card aria-labelledby="parts">
        <h2 id="parts">{t("parts")}</h2>
        <Lines>
          {sale.origin ? (
            <Line term={t(sale.origin === "pix" ? "pix" : "wallet")}>{isInReais ? formatBrl(sale.amountBrlCentavos ?? 0n, locale) : formatUsd(sale.amountUsdMicros, locale)}</Line>
          ) : (
            parts.map(({ kind, amountBrlCentavos, amountUsdMicros }, index) => (
              <Line key={`${index}:${kind}`} term={t(`part.${kind}`)}>
                {isInReais ? formatBrl(amountBrlCentavos, locale) : formatUsd(amountUsdMicros, locale)}
              </Line>
            ))
          )}
        </Lines>
      </Card>
      <Disclosure title={t("details")}>
        <dl className="grid gap-3 px-5.5 pb-5 text-small">
          <div>
            <dt className="text-muted">{t("network")}</dt>
            <dd className="font-semibold">{chainName(sale.details.chainId)}</dd>
          </div>
          <div>
            <dt className="text-muted">{t("id")}</dt>
            <dd className="font-semibold break-all">{payment.id}</dd>
          </div>
          {sale.details.transactionHash ? (
            <div>
              <dt className="text-muted">{t("record")}</dt>
              <dd>
                <a href={transactionUrl(sale.details.chainId, sale.details.transactionHash)} rel="noopener noreferrer" target="_blank" className="inline-flex min-h-11 items-center gap-2 font-semibold break-all text-brand-ink underline underline-offset-3">
                  {sale.details.transactionHash}
                  <Icon of={ExternalLink} size="chip" />
                </a>
              </dd>
            </div>
          ) : null}
        </dl>
      </Disclosure>
    </>
  );
}
