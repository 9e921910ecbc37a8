"use client";

import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { TogetherLink } from "@/app/(pay)/p/[code]/together-link";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { centsOfCharge, type TipChoice } from "@/lib/charges/rules";
import { brlCentavosFromUsd, type Currency } from "@/lib/money";
import { formatBrl, formatCents, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { payChargeAction } from "./actions";
import type { ChargeFormState } from "./charge-state";
import { TipFields, tipCents } from "./tip-fields";

type Props = {
  charge: { id: string; currency: Currency; amountUsdMicros: bigint; amountBrlCentavos: bigint; brlPerUsdMicros: bigint; isTipAllowed: boolean };
  /** A tip that was chosen before a sign-in. */
  kept: { tip: TipChoice; tipText: string } | null;
  isSignedIn: boolean;
  availableUsdMicros: bigint | null;
  togetherUsdMicros: bigint | null;
};
const NOTHING: ChargeFormState = { failure: null, chosen: null };

/** The tip, where the store allows one, and the way to the review. A plain form: it works before the page wakes up. */
export function ChargeForm({ charge, kept, isSignedIn, availableUsdMicros, togetherUsdMicros }: Props) {
  const t = useTranslations("charges");
  const pay = useTranslations("pay");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(payChargeAction, NOTHING);
  const start = state.chosen ?? kept ?? { tip: "0" as const, tipText: "" };
  const [tip, setTip] = useState<TipChoice>(start.tip);
  const [tipText, setTipText] = useState(start.tipText);
  const cents = centsOfCharge(charge);
  const total = cents + (charge.isTipAllowed ? (tipCents(cents, tip, tipText) ?? 0n) : 0n);
  const isOver = availableUsdMicros !== null && charge.amountUsdMicros > availableUsdMicros;
  const money = (usdMicros: bigint) => (charge.currency === "USD" ? formatUsd(usdMicros, locale) : formatBrl(brlCentavosFromUsd(usdMicros, charge.brlPerUsdMicros), locale));
  const isApart = (isOver && togetherUsdMicros !== null && charge.amountUsdMicros <= togetherUsdMicros) || state.failure?.details["reachesTogether"] === 1;

  return (
    <form action={submit} className="mt-auto grid gap-4 pt-5">
      <input type="hidden" name="chargeId" value={charge.id} />
      {/* React resets a form after its action, and radios forget what was chosen: new ones begin with it. */}
      {charge.isTipAllowed ? <TipFields key={`${state.chosen?.tip}|${state.chosen?.tipText}`} cents={cents} currency={charge.currency} tip={tip} tipText={tipText} onTip={setTip} onText={setTipText} /> : null}
      {isApart ? <TogetherLink next={paths.charge(charge.id)} /> : null}
      {state.failure || isOver ? (
        <div role="alert">
          <Note tone={state.failure ? "danger" : "caution"}>
            {state.failure
              ? errorText(state.failure.code, state.failure.details)
              : pay("overBalanceHere", { available: money(availableUsdMicros ?? 0n), missing: money(charge.amountUsdMicros - (availableUsdMicros ?? 0n)) })}
          </Note>
        </div>
      ) : null}
      <div>
        <SubmitButton isWide busyLabel={pay("quoting")}>
          {t("continueWith", { amount: formatCents(total, charge.currency, locale) })}
        </SubmitButton>
        {isSignedIn ? null : <p className="mt-2 text-center text-caption text-muted">{t("signInFirst")}</p>}
      </div>
    </form>
  );
}
