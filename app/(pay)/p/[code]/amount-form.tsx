"use client";

import { Wallet } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { LimitHint, type TodayLeft } from "@/app/(pay)/limit-hint";
import { AmountEntry } from "@/components/amount-entry";
import { useErrorText } from "@/components/error-text";
import { RateLine } from "@/components/rate-line";
import { SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Segments } from "@/components/ui/segments";
import { brlCentavosFromUsd, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { formatBrl, formatCents, formatDateTime, formatUsd, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { TogetherLink } from "./together-link";
import { quoteAction } from "./actions";
import type { AmountState } from "./amount-state";

type Amount = { cents: bigint; currency: Currency };
type Rate = { brlPerUsdMicros: bigint; at: Date; isStale: boolean };
/** `byWallet` opens a price for a wallet of one's own instead. */
type Props = {
  shortCode: string; kept: Amount | null; rate: Rate; availableUsdMicros: bigint | null; togetherUsdMicros?: bigint | null; today: TodayLeft | null; timeZone: string;
  /** Whether the way to a wallet of one's own is shown. */
  isWalletOffered?: boolean;
  byWallet?: (previous: AmountState, form: FormData) => Promise<AmountState>;
};
const NOTHING: AmountState = { failure: null, typed: null };

/**
 * How much. A plain form with one real input: it can be typed and sent before the page wakes up. Reais first; the switch carries the
 * amount over at the rate. `availableUsdMicros` is null for a stranger, who signs in next and comes back with the amount.
 */
export function AmountForm({ shortCode, kept, rate, availableUsdMicros, togetherUsdMicros = null, today, timeZone, byWallet, isWalletOffered = false }: Props) {
  const t = useTranslations("pay");
  const guest = useTranslations("guest");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(byWallet ?? quoteAction, NOTHING);
  const start: Amount = state.typed ? { cents: BigInt(state.typed.cents), currency: state.typed.currency } : (kept ?? { cents: 0n, currency: "BRL" });
  const [currency, setCurrency] = useState<Currency>(start.currency);
  const [initialCents, setInitialCents] = useState(start.cents);
  const [cents, setCents] = useState(start.cents);
  const [sentCents, setSentCents] = useState<bigint>();

  const usdMicros = currency === "BRL" ? usdMicrosFromBrl(cents, rate.brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  const brlCentavos = currency === "BRL" ? cents : brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros);
  const available = availableUsdMicros === null ? null : amountText(availableUsdMicros, currency, rate, locale);
  const isOver = availableUsdMicros !== null && usdMicros > availableUsdMicros;
  // The server's sentence belongs to the amount that was sent; a changed amount is judged anew.
  const failure = state.failure && (sentCents === undefined || sentCents === cents) ? errorText(state.failure.code, state.failure.details) : undefined;
  const isApart = (isOver && togetherUsdMicros !== null && usdMicros <= togetherUsdMicros) || (failure !== undefined && state.failure?.details.reachesTogether === 1);
  const error = isOver && available ? t("overBalanceHere", { available, missing: amountText(usdMicros - availableUsdMicros, currency, rate, locale) }) : failure;

  const change = (next: string) => {
    const to: Currency = next === "USD" ? "USD" : "BRL";
    const carried = to === "USD" ? usdCentsFromMicros(usdMicros, "up") : brlCentavos;
    setCurrency(to);
    setInitialCents(carried);
    setCents(carried);
  };

  return (
    <form action={submit} onSubmit={() => setSentCents(cents)} className="flex flex-1 flex-col pt-[clamp(0.5rem,4dvh,2.25rem)] pb-5">
      <input type="hidden" name="shortCode" value={shortCode} />
      <div className="flex flex-1 flex-col px-4 [&>div]:flex-1">
        <AmountEntry key={currency} name="amount" label={t("amountLabel")} currency={currency} initialCents={initialCents} error={error} onCents={setCents}>
          <p className="text-center text-small text-muted tabular-nums">
            {currency === "BRL" ? formatCents(usdCentsFromMicros(usdMicros, "up"), "USD", locale) : formatBrl(brlCentavos, locale)}
            {" · "}
            <RateLine brlPerUsdMicros={rate.brlPerUsdMicros} at={rate.at} timeZone={timeZone} />
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
          {today && !isOver && !failure ? (
            <div className="mt-3 empty:hidden">
              <LimitHint amountUsdMicros={usdMicros} today={today} currency={currency} brlPerUsdMicros={rate.brlPerUsdMicros} />
            </div>
          ) : null}
          {isApart ? (
            <div className="mt-3">
              <TogetherLink next={paths.pay(shortCode, { cents, currency })} />
            </div>
          ) : null}
          {rate.isStale ? (
            <div className="mt-3">
              <Note tone="caution">{t("staleRate", { time: formatDateTime(rate.at, locale, timeZone) })}</Note>
            </div>
          ) : null}
        </AmountEntry>
      </div>
      <div className="px-5 pt-2">
        <SubmitButton isWide busyLabel={t("quoting")}>
          {t("continue")}
        </SubmitButton>
        {availableUsdMicros === null && !byWallet ? <p className="mt-2 text-center text-caption text-muted">{t("signInFirst")}</p> : null}
        {byWallet ? (
          <p className="mt-2 text-center text-caption text-muted">{guest("amountLead")}</p>
        ) : !isWalletOffered ? null : (
          <Link href={paths.payByWallet(shortCode, cents > 0n ? { cents, currency } : undefined)} prefetch={false} className="mx-auto mt-1 flex min-h-11 w-fit items-center gap-2 px-3 text-small font-semibold text-brand-ink">
            <Icon of={Wallet} size="chip" />
            {guest("link")}
          </Link>
        )}
      </div>
    </form>
  );
}

const amountText = (usdMicros: bigint, currency: Currency, rate: Rate, locale: Parameters<typeof formatUsd>[1]): string =>
  currency === "USD" ? formatUsd(usdMicros, locale) : formatBrl(brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros), locale);
