"use client";

import { useLocale, useTranslations } from "next-intl";
import { useActionState, useEffect, useState } from "react";
import { AmountEntry } from "@/components/amount-entry";
import { useErrorText } from "@/components/error-text";
import { RateLine } from "@/components/rate-line";
import { SubmitButton } from "@/components/ui/button";
import { usdMicrosFromBrl } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { TOP_UP_BRL_CENTAVOS_MAX, TOP_UP_BRL_CENTAVOS_MIN } from "@/lib/topups/rules";
import { requestTopUpAction } from "./actions";

/** How many reais. The price comes next, from the provider; here stands about what they are worth. */
export function AddForm({ newKey, brlPerUsdMicros, rateAt }: { newKey: string; brlPerUsdMicros: bigint; rateAt: Date }) {
  const t = useTranslations("topups");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(requestTopUpAction, null);
  const [cents, setCents] = useState(0n);
  const [sentCents, setSentCents] = useState<bigint>();
  // One key for each amount: sent twice it is one request, and another amount is another one.
  const [key, setKey] = useState(newKey);
  useEffect(() => setKey(crypto.randomUUID()), [cents]);
  const error = state && !state.ok && (sentCents === undefined || sentCents === cents) ? errorText(state.code, state.details) : undefined;
  return (
    <form action={submit} onSubmit={() => setSentCents(cents)} className="flex flex-1 flex-col pt-[clamp(0.5rem,4dvh,2.25rem)]">
      <input type="hidden" name="key" value={key} suppressHydrationWarning />
      <div className="flex flex-1 flex-col px-4 [&>div]:flex-1">
        <AmountEntry name="amount" label={t("amountLabel")} currency="BRL" error={error} onCents={setCents}>
          <p className="text-center text-small text-muted tabular-nums">
            {t("about", { amount: formatUsd(usdMicrosFromBrl(cents, brlPerUsdMicros), locale) })}
          </p>
          <p className="mt-1 text-center text-small text-muted">
            <RateLine brlPerUsdMicros={brlPerUsdMicros} at={rateAt} />
          </p>
          <p className="mt-3 text-center text-small text-muted">{t("range", { least: formatBrl(TOP_UP_BRL_CENTAVOS_MIN, locale), most: formatBrl(TOP_UP_BRL_CENTAVOS_MAX, locale) })}</p>
        </AmountEntry>
      </div>
      <div className="px-5 pt-2">
        <SubmitButton isWide busyLabel={t("seeingPrice")}>
          {t("seePrice")}
        </SubmitButton>
        <p className="mt-2 text-center text-caption text-muted">{t("partner")}</p>
      </div>
    </form>
  );
}
