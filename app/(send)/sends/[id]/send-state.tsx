import { Check, Clock, Fingerprint, Send, Undo2, X, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { isErrorCode } from "@/lib/errors";
import { formatCents, formatDate, formatDateTime, usdCentsFromMicros } from "@/lib/money-format";
import type { SendView } from "@/lib/transfers/queries";
import type { SendState } from "@/lib/transfers/rules";
import { PayeeName } from "../../payee-head";
import { SendDetails } from "./send-details";

const LOOKS: Record<SendState, readonly [LucideIcon, string]> = {
  waiting: [Clock, "bg-caution-soft text-caution"],
  unconfirmed: [Fingerprint, "bg-caution-soft text-caution"],
  sending: [Send, "bg-brand-soft text-brand-ink"],
  done: [Check, "bg-positive-soft text-positive"],
  cancelled: [Undo2, "bg-sunk text-ink"],
  returned: [Undo2, "bg-sunk text-ink"],
  failed: [X, "bg-danger-soft text-danger"],
};

/** One send as its state says it, for either side. `children` is what can be done. */
export function SendStateView({ send, children }: { send: SendView; children: ReactNode }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  const errorText = useErrorText();
  const { state, direction, other, errorCode } = send;
  const [icon, ground] = LOOKS[state];
  const isOut = direction === "out";
  const date = send.expiresAt ? formatDate(send.expiresAt, locale) : "";
  const titles: Record<SendState, string> = {
    waiting: t("states.waiting"),
    unconfirmed: t(isOut ? "states.unconfirmedOut" : "states.unconfirmedIn"),
    sending: t(isOut ? "states.sending" : "states.sendingIn"),
    done: t(isOut ? "states.doneOut" : "states.doneIn"),
    cancelled: t(isOut ? "states.cancelled" : "states.cancelledIn"),
    returned: t(isOut ? "states.returned" : "states.returnedIn"),
    failed: t(isOut ? "states.failedOut" : "states.failedIn"),
  };
  const reason = errorCode === "expired" || errorCode === "reverted" || errorCode === "not_signed" ? t(`failedReasons.${errorCode}`) : isErrorCode(errorCode) ? errorText(errorCode) : null;
  const texts: Partial<Record<SendState, string | null>> = {
    waiting: t("states.waitingText", { phone: other.shown ?? "", date }),
    unconfirmed: isOut ? t("states.unconfirmedOutText", { name: other.name ?? other.shown ?? "", date }) : t("states.unconfirmedInText", { date }),
    sending: t("states.sendingText"),
    failed: isOut ? reason : null,
  };
  const isStruck = state === "failed" || state === "cancelled" || state === "returned";
  return (
    <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
      <div className="my-auto grid justify-items-center py-6">
        <span className={`grid size-[84px] place-items-center rounded-tile ${ground}`}>
          <Icon of={icon} size="large" />
        </span>
        <div role="status" className="mt-5">
          <h2 className="text-[1.625rem]/[2rem]" data-testid="send-state" data-state={state}>
            {titles[state]}
          </h2>
        </div>
        <p className={`mt-3 ${isStruck ? "text-muted line-through" : ""}`}>
          {send.amountBrlCentavos === null ? <MoneyDisplay currency="USD" amount={send.amountUsdMicros} size="m" /> : <MoneyDisplay currency="BRL" amount={send.amountBrlCentavos} size="m" />}
        </p>
        <p className="text-small text-muted tabular-nums">{formatCents(usdCentsFromMicros(send.amountUsdMicros, "up"), "USD", locale)}</p>
        <p className="mt-1.5 font-semibold">
          <PayeeName payee={other} direction={direction} />
        </p>
        {texts[state] ? <p className="mx-auto mt-3 max-w-[38ch] text-muted">{texts[state]}</p> : null}
        {send.note ? (
          <Card className="mt-4 w-full px-4.5! py-3.5! text-left" aria-label={t("note")}>
            <p className="text-caption text-muted">{t("note")}</p>
            <p className="break-words">{send.note}</p>
          </Card>
        ) : null}
        <p className="mt-3 text-small text-muted tabular-nums">{formatDateTime(send.confirmedAt ?? send.createdAt, locale)}</p>
        <SendDetails send={send} />
      </div>
      <div className="grid gap-2">{children}</div>
    </main>
  );
}
