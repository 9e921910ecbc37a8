"use client";

import { Share } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useEffect } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { formatBrl, formatUsd } from "@/lib/money-format";
import type { PaymentView } from "@/lib/payments/queries";
import { priceOfPayment } from "../price-of-payment";
import { createReceiptLinkAction } from "./actions";
import { CopyButton } from "./copy-button";

/** Makes a link and hands it to the phone's own sharing. The link stays on the page to copy, because it is told only once. */
export function ShareReceipt({ payment }: { payment: PaymentView }) {
  const t = useTranslations("receipts");
  const pay = useTranslations("pay");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, create] = useActionState(createReceiptLinkAction, null);
  const url = state?.ok ? state.value.url : null;
  const { currency, amount } = priceOfPayment(payment);
  const text = pay("shareText", { amount: currency === "BRL" ? formatBrl(amount, locale) : formatUsd(amount, locale), store: payment.store?.name ?? "", code: payment.confirmationCode ?? "" });
  useEffect(() => {
    // Whoever dismisses the phone's sheet, or a browser that asks for another tap, still has the link below.
    if (url && typeof navigator.share === "function") void navigator.share({ text, url }).catch(() => undefined);
  }, [url, text]);
  return (
    <form action={create} className="contents">
      <input type="hidden" name="transactionId" value={payment.id} />
      <SubmitButton busyLabel={t("sending")} icon={<Icon of={Share} />} isWide>
        {t("send")}
      </SubmitButton>
      {url ? (
        <div className="order-last col-span-2 grid gap-2.5">
          <Note tone="positive" isLive>
            <b className="block">{t("linkReady")}</b>
            {t("linkText")}
          </Note>
          <Field label={t("linkLabel")} value={url} readOnly onFocus={(event) => event.currentTarget.select()} trailing={<CopyButton text={url} label={t("copyLink")} />} />
        </div>
      ) : null}
      {state?.ok === false ? (
        <div className="order-last col-span-2">
          <FieldError error={errorText(state.code, state.details)} />
        </div>
      ) : null}
    </form>
  );
}
