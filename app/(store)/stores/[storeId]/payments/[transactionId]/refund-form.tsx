"use client";

import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useActionState, useEffect, useState } from "react";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { formatBrl, formatUsd, moneyParts } from "@/lib/money-format";
import type { RefundQuote } from "@/lib/refunds/quote-refund";
import { REASON_CHARACTERS_MAX } from "@/lib/refunds/rules";
import { quoteRefundAction, requestRefundAction } from "./actions";
import { Line, Lines } from "./lines";

type Sale = { storeId: string; transactionId: string };
type Asked = { amount: string; reason: string; quote: RefundQuote };

/** Amount and reason, then what they mean, then the second factor. The form's key stays until the refund is made, so that sending it again makes no second one. */
export function RefundForm({ sale, formKey, leftBrlCentavos, fundableBrlCentavos }: { sale: Sale; formKey: string; leftBrlCentavos: string; fundableBrlCentavos: string }) {
  const locale = useLocale();
  const [key] = useState(formKey);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [kept, setKept] = useState({ amount: moneyParts(BigInt(leftBrlCentavos), "BRL", locale).number, reason: "" });
  return asked ? (
    <Review sale={sale} formKey={key} asked={asked} onChange={() => setAsked(null)} />
  ) : (
    <Ask
      sale={sale}
      kept={kept}
      left={BigInt(leftBrlCentavos)}
      fundable={BigInt(fundableBrlCentavos)}
      onPriced={(next) => {
        setKept({ amount: next.amount, reason: next.reason });
        setAsked(next);
      }}
    />
  );
}

function Ask({ sale, kept, left, fundable, onPriced }: { sale: Sale; kept: { amount: string; reason: string }; left: bigint; fundable: bigint; onPriced: (asked: Asked) => void }) {
  const t = useTranslations("refunds.refund");
  const locale = useLocale();
  const errorText = useErrorText();
  const [amount, setAmount] = useState(kept.amount);
  const [reason, setReason] = useState(kept.reason);
  const [needsReason, setNeedsReason] = useState(false);
  const [state, submit] = useActionState(async (previous: Awaited<ReturnType<typeof quoteRefundAction>>, form: FormData) => {
    setNeedsReason(reason.trim() === "");
    const answer = await quoteRefundAction(previous, form);
    if (answer?.ok && reason.trim() !== "") onPriced({ amount, reason, quote: answer.value });
    return answer;
  }, null);
  return (
    <form action={submit} noValidate className="grid gap-4">
      <SaleFields sale={sale} />
      {fundable < left ? (
        <Note tone="caution">{fundable > 0n ? t("canFund", { amount: formatBrl(fundable, locale) }) : t("cannotFund")}</Note>
      ) : (
        <p className="text-small text-muted">{t("canFundAll")}</p>
      )}
      <Field
        name="amount"
        label={t("amount")}
        hint={t("amountHint", { amount: formatBrl(left, locale) })}
        error={state && !state.ok ? errorText(state.code, state.details) : undefined}
        leading={<span className="text-muted">R$</span>}
        inputMode="decimal"
        autoComplete="off"
        maxLength={20}
        value={amount}
        onChange={(event) => setAmount(event.target.value)}
      />
      <Field
        name="reason"
        label={t("reason")}
        hint={t("reasonHint")}
        error={needsReason && reason.trim() === "" ? errorText("reason_missing") : undefined}
        autoComplete="off"
        maxLength={REASON_CHARACTERS_MAX}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <SubmitButton isWide busyLabel={t("reviewing")}>
        {t("review")}
      </SubmitButton>
    </form>
  );
}

function Review({ sale, formKey, asked: { amount, reason, quote }, onChange }: { sale: Sale; formKey: string; asked: Asked; onChange: () => void }) {
  const t = useTranslations("refunds.refund");
  const locale = useLocale();
  const errorText = useErrorText();
  const router = useRouter();
  const { state, submit, dialog } = useConfirmedAction(requestRefundAction, "refund");
  const isDone = state?.ok === true;
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  const brl = (centavos: string) => formatBrl(BigInt(centavos), locale);
  const isLosing = BigInt(quote.goneUnits) > 0n;
  return (
    <>
      <form action={submit} className="grid gap-4">
        <SaleFields sale={sale} />
        <input type="hidden" name="amount" value={amount} />
        <input type="hidden" name="reason" value={reason} />
        <input type="hidden" name="key" value={formKey} />
        <input type="hidden" name="goneUnits" value={quote.goneUnits} />
        <h3 className="text-heading">{t("reviewTitle")}</h3>
        <Lines>
          <Line term={t("back")}>
            <b className="font-semibold">{brl(quote.brlCentavos)}</b>
            <span className="block text-small text-muted">{formatUsd(BigInt(quote.usdMicros), locale)}</span>
          </Line>
          <Line term={t("keeps")}>{brl(quote.keptBrlCentavos)}</Line>
          <Line term={t("returned")}>{BigInt(quote.returnedUsdMicros) > 0n ? formatUsd(BigInt(quote.returnedUsdMicros), locale) : t("nothing")}</Line>
          <Line term={t("reason")}>
            <span className="break-words">{reason}</span>
          </Line>
        </Lines>
        {isLosing ? (
          <>
            <Note tone="caution">
              <b className="block">{t("goneTitle")}</b>
              {t("gone", { amount: brl(quote.goneBrlCentavos) })}
            </Note>
            <label className="flex min-h-11 items-start gap-3 py-1">
              <input type="checkbox" name="acceptsCost" required className="mt-0.5 size-6 flex-none accent-brand" />
              <span>{t("acceptGone", { amount: brl(quote.goneBrlCentavos) })}</span>
            </label>
          </>
        ) : null}
        <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
        <div className="grid gap-2">
          <SubmitButton isWide busyLabel={t("confirming")} stopped={isDone && t("confirming")}>
            {t("confirm", { amount: brl(quote.brlCentavos) })}
          </SubmitButton>
          <Button kind="quiet" isWide onClick={onChange}>
            {t("change")}
          </Button>
        </div>
      </form>
      {dialog}
    </>
  );
}

const SaleFields = ({ sale }: { sale: Sale }) => (
  <>
    <input type="hidden" name="storeId" value={sale.storeId} />
    <input type="hidden" name="transactionId" value={sale.transactionId} />
  </>
);
