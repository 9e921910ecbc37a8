"use client";

import { CircleDollarSign, Info, ReceiptText } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { FormEvent } from "react";
import { MixBar } from "@/components/mix-bar";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { SwitchButton } from "@/components/ui/switch-button";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatCents, formatDate, usdCentsFromMicros } from "@/lib/money-format";
import type { Price, PricePart } from "./price";

type Props = {
  paymentKey: string;
  price: Price;
  timeZone: string;
  /** What the switches do where no script runs: the review of the other parts. */
  action: (form: FormData) => void;
  /** The same with a script, in place. */
  onChange: (form: FormData) => void;
};

/** What pays the price: the parts as a bar and a list, switches for each rewards part, and why some rewards take no part. */
export function PartsCard({ paymentKey, price, timeZone, action, onChange }: Props) {
  const t = useTranslations("parts");
  const pay = useTranslations("pay");
  const locale = useLocale();
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, price.brlPerUsdMicros), locale);
  const heading = (
    <h2 id="parts" className="font-sans text-body font-[650] tracking-normal">
      {pay("howYouPay")}
    </h2>
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange(new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter));
  };
  return (
    <Card className="px-4.5! pt-4! pb-2.5!" aria-labelledby="parts">
      {price.choices.length === 0 ? (
        heading
      ) : (
        <details>
          <summary className="-my-2.5 flex min-h-11 items-center justify-between gap-3 rounded-control marker:content-none">
            {heading}
            <span className="-mr-1.5 px-1.5 text-small font-semibold text-brand-ink">{t("changeParts")}</span>
          </summary>
          <form action={action} onSubmit={submit} className="mt-2 border-b border-line pb-2">
            <input type="hidden" name="k" value={paymentKey} />
            <input type="hidden" name="q" value={price.signed} />
            <SwitchButton name="change" value={price.isDollarsOnly ? "rewards" : "dollars"} isOn={price.isDollarsOnly} label={t("dollarsOnly")} line={t("dollarsOnlyLine")} leading={<DollarSquare />} />
            {price.isDollarsOnly
              ? null
              : price.choices.map(({ store, isOwn, valueUsdMicros, isOn }) => (
                  <SwitchButton
                    key={store.id}
                    name="change"
                    value={`${isOn ? "off" : "on"}:${store.id}`}
                    isOn={isOn}
                    label={t("useRewardsOf", { store: store.name })}
                    line={t(isOwn ? "ownRewardsWorth" : "rewardsWorth", { amount: inReais(valueUsdMicros) })}
                    leading={<Tile seed={tileSeed(store.id, store.qrVersion)} size={36} />}
                  />
                ))}
          </form>
        </details>
      )}
      <div className="mt-3.5 mb-2">
        <MixBar parts={price.parts.map((part) => ({ key: part.store?.id ?? "dollars", weight: part.amountUsdMicros, seed: part.store ? tileSeed(part.store.id, part.store.qrVersion) : undefined }))} />
      </div>
      <ul aria-label={pay("howYouPay")} data-testid="parts">
        {price.parts.map((part) => (
          <PartRow key={part.store?.id ?? "dollars"} part={part} />
        ))}
      </ul>
      {price.leftOut.length > 0 ? (
        <ul aria-label={t("leftOut.title")} className="mt-1.5 grid gap-1.5 border-t border-line py-2.5 text-caption text-muted" data-testid="left-out">
          {price.leftOut.map(({ store, valueUsdMicros, reason, until }) => (
            <li key={`${store.id}-${reason}`} className="flex gap-2">
              <Icon of={Info} size="chip" />
              <span>{t(`leftOut.${reason}`, { store: store.name, amount: inReais(valueUsdMicros), date: until ? formatDate(until, locale, timeZone) : "" })}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function PartRow({ part }: { part: PricePart }) {
  const t = useTranslations("parts");
  const pay = useTranslations("pay");
  const locale = useLocale();
  return (
    <li className="flex min-h-[50px] items-center gap-3">
      {part.store ? <Tile seed={tileSeed(part.store.id, part.store.qrVersion)} size={36} /> : <DollarSquare />}
      <span className="min-w-0 flex-1">
        <span className="block truncate leading-5 font-semibold">{part.store?.name ?? pay("dollars")}</span>
        <span className="text-caption text-muted tabular-nums">
          {part.kind === "dollars" ? formatCents(usdCentsFromMicros(part.amountUsdMicros, "up"), "USD", locale) : t(part.kind === "own" ? "ownRewards" : "rewards")}
        </span>
      </span>
      <span className="font-semibold tabular-nums">{formatBrl(part.amountBrlCentavos, locale)}</span>
    </li>
  );
}

const DollarSquare = () => (
  <span className="grid size-9 flex-none place-items-center rounded-[11px] bg-brand-soft text-brand-ink">
    <Icon of={CircleDollarSign} />
  </span>
);

/** Fees as lines, closed until asked for; nothing where selling the rewards is free. */
export function FeeLines({ price }: { price: Price }) {
  const t = useTranslations("parts");
  const locale = useLocale();
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, price.brlPerUsdMicros), locale);
  if (price.feeUsdMicros === 0n) {
    return price.parts.some(({ kind }) => kind === "other") ? (
      <p className="flex items-center gap-2 px-1 text-small text-muted">
        <Icon of={ReceiptText} size="chip" />
        {t("noFees")}
      </p>
    ) : null;
  }
  return (
    <details className="px-1 text-small text-muted">
      <summary className="flex min-h-11 items-center gap-2 rounded-control marker:content-none">
        <Icon of={ReceiptText} size="chip" />
        <span className="flex-1">{t("fees", { amount: inReais(price.feeUsdMicros) })}</span>
        <span className="text-brand-ink underline underline-offset-3">{t("seeFees")}</span>
      </summary>
      <dl className="grid gap-1 pb-2">
        <div className="flex justify-between gap-4">
          <dt className="font-normal">{t("protocolFee")}</dt>
          <dd className="tabular-nums">{inReais(price.feeUsdMicros)}</dd>
        </div>
        {price.surplusUsdMicros > 0n ? (
          <div className="flex justify-between gap-4">
            <dt className="font-normal">{t("surplusExpected")}</dt>
            <dd className="tabular-nums">{inReais(price.surplusUsdMicros)}</dd>
          </div>
        ) : null}
      </dl>
    </details>
  );
}
