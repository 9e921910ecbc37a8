import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { MoneyDisplay } from "@/components/money";
import { StatusChip } from "@/components/status-chip";
import { TileFrieze } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { formatBrl, formatCents, formatDate, formatDateTime, formatRate, formatTimeWithSeconds, usdCentsFromMicros } from "@/lib/money-format";
import type { PaymentView } from "@/lib/payments/queries";
import { inReaisOfPayment, partsOfPayment, priceOfPayment } from "../price-of-payment";

/** The paper itself: store, amount, parts, rate and its time, code. Times are the store's. It says that it is no tax document. */
export function Receipt({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const locale = useLocale();
  const { store, reward, brlPerUsdMicros, rateAt } = payment;
  const price = priceOfPayment(payment);
  const at = payment.confirmedAt ?? payment.createdAt;
  const isFailed = payment.status === "failed";
  const inDollars = (micros: bigint) => formatCents(usdCentsFromMicros(micros, "up"), "USD", locale);
  const inReais = (micros: bigint) => {
    const centavos = inReaisOfPayment(micros, payment);
    return centavos === null ? inDollars(micros) : formatBrl(centavos, locale);
  };
  const total = price.currency === "BRL" ? formatBrl(price.amount, locale) : inDollars(price.amount);
  return (
    <article className="overflow-hidden rounded-card bg-card shadow-1">
      {store ? <TileFrieze seed={tileSeed(store.id, store.qrVersion)} height={40} /> : null}
      <div className="px-5.5 pt-4.5">
        <h2>{store?.name ?? t("activityDetail")}</h2>
        {store ? <p className="text-small text-muted">{[store.place, store.cnpj && t("cnpj", { cnpj: cnpjText(store.cnpj) })].filter(Boolean).join(" · ")}</p> : null}
        {store?.legalName ? (
          <p className="text-small text-muted">
            {t("legalName")}: {store.legalName}
          </p>
        ) : null}
        <div className="mt-3.5 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <MoneyDisplay {...price} size="l" className={clsx(isFailed && "text-muted line-through")} />
          <StatusChip state={payment.status} />
        </div>
        <p className="text-small text-muted tabular-nums">
          {formatDate(at, locale, store?.timeZone)}, {formatTimeWithSeconds(at, locale, store?.timeZone)}
          {store ? ` (${zoneText(at, locale, store.timeZone)})` : null}
        </p>
      </div>
      {isFailed ? <p className="mx-5.5 mt-3 rounded-control bg-danger-soft px-4 py-3 text-small font-semibold text-danger">{t("failed")}</p> : null}
      <hr className="mt-4 border-t-2 border-dashed border-line" />
      <dl className="px-5.5 py-2">
        {partsOfPayment(payment).map((part) => (
          <Line
            key={part.store?.id ?? "dollars"}
            term={part.kind === "dollars" ? t("dollarsPart", { usd: inDollars(part.amountUsdMicros) }) : part.kind === "own" ? t("ownRewardsPart") : t("rewardsPart", { store: part.store?.name ?? "" })}
          >
            {part.amountBrlCentavos === null ? inDollars(part.amountUsdMicros) : formatBrl(part.amountBrlCentavos, locale)}
          </Line>
        ))}
        <Line term={t("total")} isTotal>
          {total}
        </Line>
        {payment.parts
          .filter(({ surplusUsdMicros }) => surplusUsdMicros > 0n)
          .map(({ store: issuer, surplusUsdMicros }) => (
            <Line key={issuer?.id} term={t("surplusPart", { store: issuer?.name ?? "" })}>
              {inReais(surplusUsdMicros)}
            </Line>
          ))}
        {reward?.valueUsdMicros ? (
          <Line term={t(reward.isExpected ? "youWillEarn" : "youEarned")}>
            <span className="text-reward-ink">{inReais(reward.valueUsdMicros)}</span>
          </Line>
        ) : null}
      </dl>
      {brlPerUsdMicros !== null && rateAt ? (
        <p className="px-5.5 pb-3 text-small text-muted tabular-nums">{t("rateAt", { rate: formatRate(brlPerUsdMicros, locale), time: formatDateTime(rateAt, locale, store?.timeZone) })}</p>
      ) : null}
      <hr className="border-t-2 border-dashed border-line" />
      <div className="px-5.5 py-4">
        <p className="text-small text-muted">{t("code")}</p>
        {payment.confirmationCode ? (
          <p data-testid="receipt-code" className="mt-1 font-display text-[1.75rem]/[2rem] font-[650] tracking-[.14em] tabular-nums">
            {payment.confirmationCode}
          </p>
        ) : (
          <p className="mt-1 font-semibold">{isFailed ? "–" : t("codeLater")}</p>
        )}
        <p className="mt-3 text-caption text-muted">{t("notFiscal")}</p>
      </div>
    </article>
  );
}

function Line({ term, isTotal, children }: { term: string; isTotal?: boolean; children: ReactNode }) {
  return (
    <div className={clsx("flex justify-between gap-4 py-2", isTotal ? "mt-1 border-t-[1.5px] border-line pt-3 text-button" : "text-label")}>
      <dt className={clsx(!isTotal && "font-normal text-muted")}>{term}</dt>
      <dd className="text-right whitespace-nowrap tabular-nums">{children}</dd>
    </div>
  );
}

/** 14 characters as people write them: 11.222.333/0001-81. Also the alphanumeric ones. */
const cnpjText = (cnpj: string): string => cnpj.replace(/^(\w{2})(\w{3})(\w{3})(\w{4})(\w{2})$/, "$1.$2.$3/$4-$5");

/** The zone in the reader's words: "Horário Padrão de Brasília". */
const zoneText = (at: Date, locale: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" }).formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
