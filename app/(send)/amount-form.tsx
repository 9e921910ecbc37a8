"use client";

import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { TogetherLink } from "@/app/(pay)/p/[code]/together-link";
import { LimitHint, type TodayLeft } from "@/app/(pay)/limit-hint";
import { AmountEntry } from "@/components/amount-entry";
import { useErrorText } from "@/components/error-text";
import { RateLine } from "@/components/rate-line";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Segments } from "@/components/ui/segments";
import { brlCentavosFromUsd, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { formatBrl, formatCents, formatDateTime, formatUsd, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { NOTE_MAX } from "@/lib/transfers/rules";
import { NO_AMOUNT, type AmountState } from "./amount-state";

export type FormRate = { brlPerUsdMicros: bigint; at: Date; isStale: boolean };
type Props = {
  /** What the form carries beside the amount. */
  hidden: Record<string, string>;
  action: (previous: AmountState, form: FormData) => Promise<AmountState>;
  kept: { cents: bigint; currency: Currency } | null;
  rate: FormRate;
  /** Null for a stranger, and for who asks instead of paying. */
  availableUsdMicros: bigint | null;
  today: TodayLeft | null;
  labels: { note: string; submit: string; busy: string; below?: string };
};

/** How much, in reais or dollars, and a note. A plain form: it can be typed and sent before the page wakes up. */
export function TransferAmountForm({ hidden, action, kept, rate, availableUsdMicros, today, labels }: Props) {
  const t = useTranslations("pay");
  const transfers = useTranslations("transfers");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(action, NO_AMOUNT);
  const start = state.typed ? { cents: BigInt(state.typed.cents), currency: state.typed.currency } : (kept ?? { cents: 0n, currency: "BRL" as Currency });
  const [currency, setCurrency] = useState<Currency>(start.currency);
  const [initialCents, setInitialCents] = useState(start.cents);
  const [cents, setCents] = useState(start.cents);
  const [sentCents, setSentCents] = useState<bigint>();

  const usdMicros = currency === "BRL" ? usdMicrosFromBrl(cents, rate.brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  const brlCentavos = currency === "BRL" ? cents : brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros);
  const isOver = availableUsdMicros !== null && usdMicros > availableUsdMicros;
  const available = availableUsdMicros === null ? "" : currency === "USD" ? formatUsd(availableUsdMicros, locale) : formatBrl(brlCentavosFromUsd(availableUsdMicros, rate.brlPerUsdMicros), locale);
  const isNoteFailure = state.failure?.code === "note_too_long";
  const failure = state.failure && !isNoteFailure && (sentCents === undefined || sentCents === cents) ? errorText(state.failure.code, state.failure.details) : undefined;
  const error = isOver ? t("overBalance", { available }) : failure;

  // What reaches only over several places is brought together first, and comes back here.
  const isApart = failure !== undefined && state.failure?.details["reachesTogether"] === 1;
  const next = hidden["code"] ? paths.person(hidden["code"], { cents, currency }) : hidden["choice"] ? paths.sendAmount(hidden["choice"]) : null;

  const change = (chosen: string) => {
    const to: Currency = chosen === "USD" ? "USD" : "BRL";
    const carried = to === "USD" ? usdCentsFromMicros(usdMicros, "up") : brlCentavos;
    setCurrency(to);
    setInitialCents(carried);
    setCents(carried);
  };

  return (
    <form action={submit} onSubmit={() => setSentCents(cents)} className="flex flex-1 flex-col pt-2 pb-5">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="flex flex-1 flex-col px-4 [&>div]:flex-1">
        <AmountEntry key={currency} name="amount" label={transfers("amountLabel")} currency={currency} initialCents={initialCents} error={error} onCents={setCents}>
          <p className="text-center text-small text-muted tabular-nums">
            {currency === "BRL" ? formatCents(usdCentsFromMicros(usdMicros, "up"), "USD", locale) : formatBrl(brlCentavos, locale)}
            {" · "}
            <RateLine brlPerUsdMicros={rate.brlPerUsdMicros} at={rate.at} />
          </p>
          <div className="mt-3 flex justify-center">
            <Segments
              name="currency"
              legend={t("currencyLegend")}
              value={currency}
              onChange={change}
              segments={[
                { value: "BRL", label: t("inReais") },
                { value: "USD", label: t("inDollars") },
              ]}
            />
          </div>
          <div className="mt-3">
            <Field
              label={labels.note}
              name="note"
              size="medium"
              maxLength={NOTE_MAX}
              autoComplete="off"
              defaultValue={state.typed?.note ?? ""}
              key={state.typed?.note ?? ""}
              error={isNoteFailure ? transfers("noteTooLong") : undefined}
            />
          </div>
          {today && !isOver && !failure ? (
            <div className="mt-3 empty:hidden">
              <LimitHint amountUsdMicros={usdMicros} today={today} currency={currency} brlPerUsdMicros={rate.brlPerUsdMicros} />
            </div>
          ) : null}
          {isApart && next ? (
            <div className="mt-3">
              <TogetherLink next={next} />
            </div>
          ) : null}
          {rate.isStale ? (
            <div className="mt-3">
              <Note tone="caution">{t("staleRate", { time: formatDateTime(rate.at, locale) })}</Note>
            </div>
          ) : null}
        </AmountEntry>
      </div>
      <div className="px-5 pt-2">
        <SubmitButton isWide busyLabel={labels.busy}>
          {labels.submit}
        </SubmitButton>
        {labels.below ? <p className="mt-2 text-center text-caption text-muted">{labels.below}</p> : null}
      </div>
    </form>
  );
}
