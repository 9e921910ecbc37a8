"use client";

import { Hand, RefreshCw } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useEffect, useRef } from "react";
import { LimitHint, type TodayLeft } from "@/app/(pay)/limit-hint";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import { useWhenSeen } from "@/components/use-when-seen";
import { formatBrl, formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { PayeeHead } from "../../payee-head";
import { confirmSendAction } from "./actions";
import type { ShownSend } from "./price";
import { useSendPrice, type Ended } from "./use-send-price";

/**
 * Whom, how much and the one button. Somebody new is confirmed by name, a phone by its number, an address in full with its network. At zero
 * seconds the price is made new with the same key and waits for a new tap.
 */
export function SendReviewForm({ sendKey, initial, ended, today }: { sendKey: string; initial: ShownSend; ended: Ended | null; today: TodayLeft }) {
  const t = useTranslations("transfers");
  const pay = useTranslations("pay");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, confirm, isConfirming] = useActionState(confirmSendAction, null);
  const { send, before, failure: refreshFailure, isRefreshing, refresh } = useSendPrice(sendKey, initial, ended);
  const atEnd = useWhenSeen(refresh);
  const { ask, dialog } = useStepUp();
  const form = useRef<HTMLFormElement>(null);

  const failure = state?.ok === false ? state : undefined;
  const judged = useRef(failure);
  useEffect(() => {
    if (failure === judged.current) return;
    judged.current = failure;
    if (failure?.code === "quote_expired") refresh();
    if (failure?.code === "step_up_required") void ask("large_payment").then((isConfirmed) => isConfirmed && form.current?.requestSubmit());
  }, [failure, refresh, ask]);

  const { payee, outside, note } = send;
  const inReais = formatBrl(send.amountBrlCentavos, locale);
  const inDollars = formatCents(usdCentsFromMicros(send.amountUsdMicros, "up"), "USD", locale);
  const [main, beside] = send.currency === "BRL" ? [inReais, inDollars] : [inDollars, inReais];
  const hasMoved = before !== null && (before.amountUsdMicros !== send.amountUsdMicros || before.amountBrlCentavos !== send.amountBrlCentavos);
  const shown = refreshFailure ?? (failure?.code === "quote_expired" ? undefined : failure);
  // An address is looked at each time: nobody gives that money back.
  const asksSure = outside !== null || !payee.isKnown;
  const sureText = outside ? t("details.sureAddress") : payee.kind === "phone" ? t("surePhone") : payee.name ? t("sureName", { name: payee.name }) : t("sureHidden");

  return (
    <>
      <div className="pt-1">
        <PayeeHead payee={payee} />
      </div>
      <div className="text-center">
        <MoneyDisplay currency={send.currency} amount={send.currency === "BRL" ? send.amountBrlCentavos : send.amountUsdMicros} />
        <p className="mt-1 text-small text-muted tabular-nums">
          {beside} · <RateLine brlPerUsdMicros={send.brlPerUsdMicros} at={send.rateAt} />
        </p>
      </div>
      {note ? (
        <Card className="px-4.5! py-3.5!" aria-label={t("note")}>
          <p className="text-caption text-muted">{t("note")}</p>
          <p className="break-words">{note}</p>
        </Card>
      ) : null}
      {outside ? (
        <>
          <Card className="px-4.5! py-3.5!" aria-label={t("details.address")}>
            <p className="text-caption text-muted">
              {t("details.network")}: <b className="text-ink">{outside.network}</b>
            </p>
            <p className="mt-1 font-semibold break-all">{payee.shown}</p>
          </Card>
          <Note tone="danger">{t("details.addressWarning", { network: outside.network })}</Note>
        </>
      ) : null}
      {payee.kind === "phone" ? <Note tone="info">{t("heldNote")}</Note> : null}
      {shown ? null : <LimitHint amountUsdMicros={send.amountUsdMicros} today={today} currency={send.currency} brlPerUsdMicros={send.brlPerUsdMicros} />}
      <div aria-live="polite">
        {before === null || shown ? null : (
          <Note tone={hasMoved ? "caution" : "neutral"} icon={<Icon of={hasMoved ? Hand : RefreshCw} />}>
            {hasMoved ? pay("rateMoved", { amount: beside }) : pay("rateSame")}
          </Note>
        )}
      </div>
      {shown ? (
        <div role="alert">
          <Note tone="danger">{errorText(shown.code, shown.details)}</Note>
        </div>
      ) : null}

      <div className="mt-auto grid gap-3 pt-2">
        {refreshFailure ? (
          <Button kind="soft" isWide onClick={refresh} busy={isRefreshing && pay("refreshing")}>
            {pay("newPrice")}
          </Button>
        ) : isRefreshing ? (
          <p className="text-center text-small text-muted">{pay("refreshing")}</p>
        ) : (
          <QuoteRing key={send.signed} secondsLeft={send.secondsLeft} onEnd={isConfirming ? undefined : atEnd} />
        )}
        <form action={confirm} ref={form} className="grid gap-3">
          <input type="hidden" name="k" value={sendKey} />
          <input type="hidden" name="q" value={send.signed} />
          {asksSure ? (
            <div className="rounded-[18px] bg-caution-soft px-4 py-3 text-caution">
              <p className="text-[.9375rem]/[1.3125rem]">{outside ? t("details.compare") : payee.kind === "phone" ? t("firstPhone") : payee.name ? t("firstName", { name: payee.name }) : t("firstHidden")}</p>
              <label className="mt-1 flex min-h-11 cursor-pointer items-center gap-3 font-semibold">
                <input type="checkbox" name="sure" value="1" required className="size-6 flex-none accent-brand" />
                {sureText}
              </label>
            </div>
          ) : null}
          <SubmitButton isWide busyLabel={t("sending")}>
            {t("sendAmount", { amount: main })}
          </SubmitButton>
        </form>
      </div>
      {dialog}
    </>
  );
}
