"use client";

import { Wallet } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState, type ComponentProps } from "react";
import { useFormStatus } from "react-dom";
import { TogetherLink } from "@/app/(pay)/p/[code]/together-link";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { centsOfCharge, type TipChoice } from "@/lib/charges/rules";
import { brlCentavosFromUsd, type Currency } from "@/lib/money";
import { formatBrl, formatCents, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { payChargeAction } from "./actions";
import type { ChargeFormState, PaidBy } from "./charge-state";
import { TipFields, tipCents } from "./tip-fields";

type Props = {
  charge: { id: string; currency: Currency; amountUsdMicros: bigint; amountBrlCentavos: bigint; brlPerUsdMicros: bigint; isTipAllowed: boolean };
  /** A tip that was chosen before a sign-in. */
  kept: { tip: TipChoice; tipText: string } | null;
  isSignedIn: boolean;
  availableUsdMicros: bigint | null;
  togetherUsdMicros: bigint | null;
  isWalletOffered: boolean;
};
const NOTHING: ChargeFormState = { failure: null, chosen: null };

/** The tip, where the store allows one, and the way to the review. A plain form: it works before the page wakes up. */
export function ChargeForm({ charge, kept, isSignedIn, availableUsdMicros, togetherUsdMicros, isWalletOffered }: Props) {
  const t = useTranslations("charges");
  const pay = useTranslations("pay");
  const guest = useTranslations("guest");
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
        <PayBy by="account" busyLabel={pay("quoting")}>
          {t("continueWith", { amount: formatCents(total, charge.currency, locale) })}
        </PayBy>
        {isSignedIn ? null : <p className="mt-2 text-center text-caption text-muted">{t("signInFirst")}</p>}
        {isWalletOffered ? (
          <div className="mt-2">
            <PayBy by="wallet" busyLabel={pay("quoting")} kind="quiet" icon={<Icon of={Wallet} />}>
              {guest("byWallet")}
            </PayBy>
          </div>
        ) : null}
      </div>
    </form>
  );
}

/** One of the form's two ways; the one that was tapped is busy. The first one is what the keyboard's "go" sends. */
function PayBy({ by, busyLabel, ...rest }: { by: PaidBy; busyLabel: string } & Pick<ComponentProps<typeof Button>, "kind" | "icon" | "children">) {
  const { pending, data } = useFormStatus();
  return <Button {...rest} type="submit" name="by" value={by} isWide busy={pending && (data.get("by") ?? "account") === by && busyLabel} />;
}
