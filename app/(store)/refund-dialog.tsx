"use client";

import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import type { ErrorCode } from "@/lib/errors";
import type { RefundQuote } from "@/lib/guests/request-refund";
import type { OutsideOutcome } from "@/lib/guests/rules";
import type { StorePayment } from "@/lib/live/rules";
import { formatUsd } from "@/lib/money-format";
import { quoteRefundAction, requestRefundAction } from "./refund-actions";

type Problem = { code: ErrorCode; details: Record<string, string | number> };

/** Sends a payment back to its payer: what goes back and what stays with the payer is shown first; one tap confirms. */
export function RefundDialog({ storeId, payment, outcome, onAsked }: { storeId: string; payment: StorePayment; outcome: Exclude<OutsideOutcome, "paid">; onAsked?: () => void }) {
  const t = useTranslations("guest.atStore");
  const locale = useLocale();
  const errorText = useErrorText();
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [quote, setQuote] = useState<RefundQuote | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);

  const form = () => {
    const fields = new FormData();
    fields.set("storeId", storeId);
    fields.set("transactionId", payment.id);
    return fields;
  };
  const open = async (wanted: boolean) => {
    setOpen(wanted);
    if (!wanted) return;
    setQuote(null);
    setProblem(null);
    const answer = await quoteRefundAction(null, form()).catch(() => null);
    if (answer?.ok) setQuote(answer.value);
    else setProblem(answer ?? { code: "unavailable", details: {} });
  };
  const confirm = async () => {
    setSending(true);
    const answer = await requestRefundAction(null, form()).catch(() => null);
    setSending(false);
    if (!answer?.ok) return setProblem(answer ?? { code: "unavailable", details: {} });
    setOpen(false);
    toast(t("asked"));
    if (onAsked) onAsked();
    else router.refresh();
  };

  const usd = (micros: string) => formatUsd(BigInt(micros), locale);
  return (
    <Dialog
      title={t("title")}
      lead={t(`lead.${outcome}`)}
      isOpen={isOpen}
      onOpenChange={(wanted) => void open(wanted)}
      isHeld={isSending}
      trigger={
        <button type="button" className="inline-flex min-h-11 items-center px-1 font-semibold text-brand-ink underline md:min-h-8">
          {t("refund")}
        </button>
      }
      actions={
        quote && !problem ? (
          <Button isWide busy={isSending && t("sending")} onClick={() => void confirm()}>
            {t("confirm", { amount: usd(quote.refundUsdMicros) })}
          </Button>
        ) : null
      }
    >
      {problem ? (
        <div role="alert">
          <Note tone="danger">{errorText(problem.code, problem.details)}</Note>
        </div>
      ) : quote ? (
        <>
          <dl className="grid">
            <Line term={t("amount")}>{usd(quote.amountUsdMicros)}</Line>
            <Line term={t("back")}>{usd(quote.refundUsdMicros)}</Line>
            <Line term={t("kept")}>{usd(quote.keptUsdMicros)}</Line>
          </dl>
          {quote.isOthersReward ? <p className="mt-2 text-small text-caution">{t("othersReward")}</p> : null}
          <p className="mt-2 text-small text-muted">{t("details.payer", { address: quote.payer })}</p>
        </>
      ) : (
        <Spinner />
      )}
    </Dialog>
  );
}

const Line = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex justify-between gap-4 border-b border-line py-2.5 text-label last:border-0">
    <dt className="font-normal text-muted">{term}</dt>
    <dd className="text-right tabular-nums">{children}</dd>
  </div>
);
