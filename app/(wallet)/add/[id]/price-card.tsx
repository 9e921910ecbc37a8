import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { Money, MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { TopUpView } from "@/lib/topups/queries";
import { feeKindOf } from "@/lib/topups/rules";
import { ConfirmForm } from "./confirm-form";

/** While the provider is asked: for the price, or for the code. */
export function Preparing({ view }: { view: TopUpView }) {
  const t = useTranslations("topups");
  const isOpening = view.shown !== "quoting";
  return (
    <section role="status" className="grid flex-1 content-center justify-items-center gap-3 py-10 text-center">
      <Spinner className="size-8 text-brand-ink" />
      <h2 className="text-heading">{t(isOpening ? "price.openingTitle" : "price.quotingTitle")}</h2>
      <p className="text-muted">{t("price.quotingText")}</p>
      {view.isSlow ? (
        <div className="mt-2">
          <Note tone="caution">{t("price.slow")}</Note>
        </div>
      ) : null}
      <RefreshUntilReady />
    </section>
  );
}

/** What is paid, each fee as a line, what arrives and the least that may. */
export function PriceCard({ view, price }: { view: TopUpView; price: NonNullable<TopUpView["price"]> }) {
  const t = useTranslations("topups");
  const locale = useLocale();
  return (
    <>
      <div className="pt-3 text-center">
        <p className="text-label text-muted">{t("price.youGet")}</p>
        <p className="mt-1.5">
          <MoneyDisplay currency="USD" amount={price.quotedUsdMicros} size="l" />
        </p>
      </div>
      {view.isRequoted ? (
        <Note tone="caution" isLive>
          {t("price.moved")}
        </Note>
      ) : null}
      <Card aria-labelledby="price">
        <h2 id="price" className="text-heading">
          {t("price.title")}
        </h2>
        <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-4 gap-y-2.5">
          <div className="col-span-2 grid grid-cols-subgrid font-semibold">
            <dt>{t("price.youPay")}</dt>
            <dd className="text-right">
              <Money currency="BRL" amount={view.amountBrlCentavos} />
            </dd>
          </div>
          {price.fees.map(({ type, currency, amount }) => (
            <div key={`${type} ${currency}`} className="col-span-2 grid grid-cols-subgrid text-muted">
              <dt>{t(`price.fees.${feeKindOf(type)}`)}</dt>
              <dd className="text-right">
                <Money currency={currency} amount={BigInt(amount)} />
              </dd>
            </div>
          ))}
          <div className="col-span-2 grid grid-cols-subgrid border-t border-line pt-2.5 font-semibold">
            <dt>{t("price.youGet")}</dt>
            <dd className="text-right">
              <Money currency="USD" amount={price.quotedUsdMicros} />
            </dd>
          </div>
        </dl>
        <p className="mt-3 text-small text-muted">{t("price.least", { amount: formatUsd(price.minimumUsdMicros, locale) })}</p>
      </Card>
      <div className="mt-auto grid gap-2">
        <ConfirmForm topUpId={view.id} minimum={price.minimumUsdMicros.toString()} />
        <Link href={paths.addMoney()} className="grid min-h-11 place-items-center text-small font-semibold text-brand-ink underline underline-offset-3">
          {t("price.change")}
        </Link>
        <p className="text-center text-caption text-muted">{t("partner")}</p>
      </div>
    </>
  );
}
