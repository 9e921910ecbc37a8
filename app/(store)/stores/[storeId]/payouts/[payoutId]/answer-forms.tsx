"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { acceptOfferAction, retryPayoutAction } from "../actions";

/** Says yes to exactly the amount on the screen. */
export function AcceptOffer({ storeId, payoutId, offered, label }: { storeId: string; payoutId: string; offered: string; label: string }) {
  const t = useTranslations("payouts.detail");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(acceptOfferAction, "payout");
  useFresh(state);
  return (
    <form action={submit} className="grid gap-2">
      {dialog}
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="payoutId" value={payoutId} />
      <input type="hidden" name="offered" value={offered} />
      <SubmitButton isWide busyLabel={t("accepting")}>
        {label}
      </SubmitButton>
      <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}

/** Orders once more, to the same destination or another that can be used. */
export function RetryPayout({ storeId, payoutId, others }: { storeId: string; payoutId: string; others: { value: string; label: string }[] }) {
  const t = useTranslations("payouts.detail");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(retryPayoutAction, "payout");
  useFresh(state);
  return (
    <form action={submit} className="grid gap-3">
      {dialog}
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="payoutId" value={payoutId} />
      {others.length > 0 ? <Select name="destinationId" label={t("retryTo")} options={[{ value: "", label: t("sameDestination") }, ...others]} /> : <input type="hidden" name="destinationId" value="" />}
      <SubmitButton isWide busyLabel={t("retrying")}>
        {t("retry")}
      </SubmitButton>
      <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
    </form>
  );
}

/** The page is drawn anew once the answer is there: it went on, or it had gone on already. */
function useFresh(state: unknown) {
  const router = useRouter();
  useEffect(() => {
    if (state) router.refresh();
  }, [state, router]);
}
