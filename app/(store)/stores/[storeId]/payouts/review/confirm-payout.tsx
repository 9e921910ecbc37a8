"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, useState } from "react";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { QuoteRing } from "@/components/ui/quote-ring";
import { refreshPayoutAction, requestPayoutAction } from "../actions";

/** The one button, with its seconds. At zero, and when the value moved on the way, everything is worked out anew under the same key and waits for a new tap. */
export function ConfirmPayout({ storeId, payoutKey, signed, label, secondsLeft }: { storeId: string; payoutKey: string; signed: string; /** Null where there is nothing to send yet. */ label: string | null; secondsLeft: number }) {
  const t = useTranslations("payouts.review");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(requestPayoutAction, "payout");
  const [refreshed, refresh, isRefreshing] = useActionState(refreshPayoutAction, null);
  const [hasEnded, setEnded] = useState(secondsLeft <= 0);
  const refreshForm = useRef<HTMLFormElement>(null);
  const failure = state?.ok === false ? state : refreshed?.ok === false ? refreshed : undefined;
  const hasMoved = failure?.code === "quote_expired" || failure?.code === "payout_moved";
  useEffect(() => setEnded(secondsLeft <= 0), [signed, secondsLeft]);
  useEffect(() => {
    if (hasMoved) setEnded(true);
  }, [hasMoved]);
  const isOver = hasEnded || label === null;
  return (
    <div className="grid gap-3">
      {dialog}
      {isOver ? null : (
        <>
          <QuoteRing key={signed} secondsLeft={secondsLeft} onEnd={() => (document.visibilityState === "visible" ? refreshForm.current?.requestSubmit() : setEnded(true))} />
          <form action={submit}>
            <Hidden storeId={storeId} payoutKey={payoutKey} signed={signed} />
            <SubmitButton isWide busyLabel={t("sending")} icon={<Icon of={Fingerprint} />}>
              {label}
            </SubmitButton>
          </form>
        </>
      )}
      <form action={refresh} ref={refreshForm} className={isOver ? undefined : "sr-only"} aria-hidden={isOver ? undefined : true}>
        <Hidden storeId={storeId} payoutKey={payoutKey} signed={signed} />
        {isOver ? (
          <SubmitButton kind="soft" isWide busyLabel={t("refreshing")}>
            {t("refresh")}
          </SubmitButton>
        ) : null}
      </form>
      <p aria-live="polite" className="text-center text-small text-muted empty:hidden">
        {isRefreshing ? t("refreshing") : ""}
      </p>
      <FieldError error={failure ? errorText(failure.code, failure.details) : undefined} />
    </div>
  );
}

const Hidden = ({ storeId, payoutKey, signed }: { storeId: string; payoutKey: string; signed: string }) => (
  <>
    <input type="hidden" name="storeId" value={storeId} />
    <input type="hidden" name="k" value={payoutKey} />
    <input type="hidden" name="q" value={signed} />
  </>
);
