import { getLocale, getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { quoteRefund } from "@/lib/guests/request-refund";
import { isRefundable, type OutsideOutcome, type OutsideRefundStatus } from "@/lib/guests/rules";
import { errorValues } from "@/lib/i18n/error-values";
import { formatUsd } from "@/lib/money-format";
import { Line, Lines } from "./lines";
import { SendBack } from "./send-back";

type Props = { actor: Actor; storeId: string; transactionId: string; outcome: Exclude<OutsideOutcome, "paid">; refund: OutsideRefundStatus | null; canRefund: boolean };

/** Money that no page of ours asked for in this way: what it is, and its way back. The store returns what it got; the payer keeps the rewards. */
export async function OutsideCard({ actor, storeId, transactionId, outcome, refund, canRefund }: Props) {
  const [t, errors, locale] = await Promise.all([getTranslations("guest.atStore"), getTranslations("errors"), getLocale()]);
  const isOpen = canRefund && isRefundable({ outcome, refundStatus: refund });
  const quote = isOpen
    ? await quoteRefund(actor, { storeId, transactionId }).catch((error: unknown) => {
        if (error instanceof DomainError) return error;
        throw error;
      })
    : null;
  const usd = (micros: string) => formatUsd(BigInt(micros), locale);
  return (
    <Card aria-labelledby="outside">
      <h2 id="outside">
        {t(outcome)}
        {refund ? ` · ${t(refund)}` : ""}
      </h2>
      <p className="mt-1 mb-3 text-muted">{t(`lead.${outcome}`)}</p>
      {quote instanceof DomainError ? (
        <Note tone="caution">{errors(quote.code, errorValues(quote.details, locale))}</Note>
      ) : quote ? (
        <>
          <Lines>
            <Line term={t("amount")}>{usd(quote.amountUsdMicros)}</Line>
            <Line term={t("back")}>{usd(quote.refundUsdMicros)}</Line>
            <Line term={t("kept")}>{usd(quote.keptUsdMicros)}</Line>
          </Lines>
          {quote.isOthersReward ? <p className="mt-2 text-small text-caution">{t("othersReward")}</p> : null}
          <p className="mt-2 text-small text-muted">{t("details.payer", { address: quote.payer })}</p>
          <SendBack storeId={storeId} transactionId={transactionId} label={t("confirm", { amount: usd(quote.refundUsdMicros) })} />
        </>
      ) : null}
    </Card>
  );
}
