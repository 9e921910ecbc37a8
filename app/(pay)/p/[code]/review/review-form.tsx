"use client";

import { Hand, RefreshCw } from "lucide-react";
import dynamic from "next/dynamic";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useCallback, useEffect, useRef, useState, useTransition } from "react";
import { LimitHint, type TodayLeft } from "@/app/(pay)/limit-hint";
import type { Signing } from "@/app/sign/signing";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { Button, SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import { useWhenSeen } from "@/components/use-when-seen";
import type { ActionState } from "@/lib/action";
import { formatBrl, formatCents, formatUsd, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { backOf } from "./back-of";
import { changePartsAction, confirmAction, refreshAction } from "./actions";
import { FeeLines, PartsCard } from "./parts-card";
import type { Price } from "./price";

/** Chain code for those who sign by themselves; everybody else's page does not carry it. */
const SignedPayForm = dynamic(() => import("./signed-pay-form").then(({ SignedPayForm }) => SignedPayForm));

type Failure = Extract<ActionState, { ok: false }>;
type Ended = Pick<Price, "amountUsdMicros" | "amountBrlCentavos">;

/**
 * The price, its parts and the one button. At zero seconds the price is made new with the same key, says what changed and waits for a
 * new tap. A failure is said in place and loses nothing. `signing` is there for people whose browser signs.
 */
export function ReviewForm({ paymentKey, shortCode, initial, ended, timeZone, today, signing }: {
  paymentKey: string; shortCode: string; initial: Price; ended: Ended | null; timeZone: string; today: TodayLeft; signing: Signing | null;
}) {
  const t = useTranslations("pay");
  const parts = useTranslations("parts");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, confirm, isConfirming] = useActionState(confirmAction, null);
  const [signedFailure, setSignedFailure] = useState<Failure>();
  const [isSigning, setSigning] = useState(false);
  const isPaying = isConfirming || isSigning;
  const [price, setPrice] = useState(initial);
  const [before, setBefore] = useState(ended);
  const [refreshFailure, setRefreshFailure] = useState<Failure>();
  const [isRefreshing, startRefresh] = useTransition();
  const [hasRewardsMoved, setRewardsMoved] = useState(false);
  const [changeState, change] = useActionState(changePartsAction, null);
  const [changeFailure, setChangeFailure] = useState<Failure>();
  const [isChanging, startChange] = useTransition();

  const show = useCallback(
    (next: Price) => {
      setPrice(next);
      setRefreshFailure(undefined);
      setChangeFailure(undefined);
      // A reload keeps the new price and the same key.
      window.history.replaceState(null, "", paths.review(shortCode, paymentKey, next.signed));
    },
    [paymentKey, shortCode],
  );
  const refresh = useCallback((becauseRewardsMoved = false) => {
    startRefresh(async () => {
      const form = new FormData();
      form.set("q", price.signed);
      // Offline is no failure of the price: it stays ended, with a button to ask again.
      const answer = await refreshAction(null, form).catch((): Failure => ({ ok: false, code: "quote_expired", details: {} }));
      if (!answer?.ok) return setRefreshFailure(answer ?? undefined);
      setBefore({ amountUsdMicros: price.amountUsdMicros, amountBrlCentavos: price.amountBrlCentavos });
      setRewardsMoved(becauseRewardsMoved);
      show(answer.value);
    });
  }, [price, show]);
  const changeParts = (form: FormData) => {
    if (isPaying) return;
    startChange(async () => {
      form.set("stay", "1");
      const answer = await changePartsAction(null, form).catch((): Failure => ({ ok: false, code: "unavailable", details: {} }));
      if (!answer?.ok) return setChangeFailure(answer ?? undefined);
      setBefore(null);
      show(answer.value);
    });
  };
  const atEnd = useWhenSeen(refresh);

  const { ask, dialog } = useStepUp();
  const form = useRef<HTMLFormElement>(null);
  const shownPrice = useRef(price);
  useEffect(() => {
    shownPrice.current = price;
  }, [price]);

  // The price ended on the way to the server, or its rewards moved: the same as ending here.
  const failure = signedFailure ?? (state?.ok === false ? state : undefined);
  const judged = useRef(failure);
  const [failedFor, setFailedFor] = useState<string>();
  useEffect(() => {
    if (failure === judged.current) return;
    judged.current = failure;
    setFailedFor(price.signed);
    if (failure?.code === "quote_expired" || failure?.code === "quote_moved") refresh(failure.code === "quote_moved");
    // A large payment: once confirmed, the same tap goes on with the same key, unless another price is shown by now.
    if (failure?.code === "step_up_required") void ask("large_payment").then((isConfirmed) => isConfirmed && shownPrice.current === price && form.current?.requestSubmit());
  }, [failure, refresh, ask, price]);

  const ownAccount = signing?.setup.accounts.find(({ chainId }) => chainId === price.settles?.chainId)?.address;
  const inReais = formatBrl(price.amountBrlCentavos, locale);
  const inDollars = formatCents(usdCentsFromMicros(price.amountUsdMicros, "up"), "USD", locale);
  const [main, beside] = price.currency === "BRL" ? [inReais, inDollars] : [inDollars, inReais];
  const hasMoved = before !== null && (before.amountUsdMicros !== price.amountUsdMicros || before.amountBrlCentavos !== price.amountBrlCentavos);
  const notChanged = changeFailure ?? (changeState?.ok === false ? changeState : undefined);
  // A refusal belongs to the price that was sent; other parts are judged anew.
  const refusal = failure?.code === "quote_expired" || failure?.code === "quote_moved" || (failedFor !== undefined && failedFor !== price.signed) ? undefined : failure;
  const shown = refreshFailure ?? notChanged ?? refusal;

  return (
    <>
      <div className="text-center">
        <MoneyDisplay currency={price.currency} amount={price.currency === "BRL" ? price.amountBrlCentavos : price.amountUsdMicros} />
        <p className="mt-1 text-small text-muted tabular-nums">
          {beside} · <RateLine brlPerUsdMicros={price.brlPerUsdMicros} at={price.rateAt} timeZone={timeZone} />
        </p>
        {price.charge && price.charge.tipBrlCentavos > 0n ? <p className="mt-1 text-small text-muted">{t("tipIncluded", { amount: price.currency === "BRL" ? formatBrl(price.charge.tipBrlCentavos, locale) : formatUsd(price.charge.tipUsdMicros, locale) })}</p> : null}
      </div>

      <PartsCard paymentKey={paymentKey} price={price} timeZone={timeZone} action={change} onChange={changeParts} />
      {price.rewardBrlCentavos > 0n ? <Note tone="reward">{t.rich("willEarn", { amount: formatBrl(price.rewardBrlCentavos, locale), b: (text) => <b>{text}</b> })}</Note> : null}
      <FeeLines price={price} />

      {shown ? null : <LimitHint amountUsdMicros={price.amountUsdMicros} today={today} currency={price.currency} brlPerUsdMicros={price.brlPerUsdMicros} />}
      <div aria-live="polite">
        {before === null || shown ? null : (
          <Note tone={hasMoved || hasRewardsMoved ? "caution" : "neutral"} icon={<Icon of={hasMoved || hasRewardsMoved ? Hand : RefreshCw} />}>
            {hasRewardsMoved ? parts("rewardsMoved") : hasMoved ? t("rateMoved", { amount: beside }) : t("rateSame")}
          </Note>
        )}
      </div>
      {failure?.code === "quote_moved" ? (
        // With a script the price is made new in place.
        <noscript>
          <Note tone="caution">
            {parts("rewardsMoved")} <a href={backOf(price, shortCode)}>{t("newPrice")}</a>
          </Note>
        </noscript>
      ) : null}
      {shown ? (
        <div role="alert">
          <Note tone="danger">
            {errorText(shown.code, shown.details)}
            {price.charge ? (
              <a href={backOf(price, shortCode)} className="mt-1 flex min-h-11 items-center font-semibold text-inherit">
                {t("seeCharge")}
              </a>
            ) : null}
          </Note>
        </div>
      ) : null}

      <div className="mt-auto grid gap-3 pt-2">
        {refreshFailure ? (
          <Button kind="soft" isWide onClick={() => refresh()} busy={isRefreshing && t("refreshing")}>
            {t("newPrice")}
          </Button>
        ) : isRefreshing || isChanging ? (
          <p className="text-center text-small text-muted">{t("refreshing")}</p>
        ) : (
          <QuoteRing key={price.signed} secondsLeft={price.secondsLeft} onEnd={isPaying ? undefined : atEnd} />
        )}
        {ownAccount && signing ? (
          <SignedPayForm confirm={confirm} form={form} paymentKey={paymentKey} price={price} account={ownAccount} signing={signing} label={t("payAmount", { amount: main })} isBusy={isSigning} onBusy={setSigning} onFailure={setSignedFailure} />
        ) : (
          <form action={confirm} ref={form}>
            <input type="hidden" name="k" value={paymentKey} />
            <input type="hidden" name="q" value={price.signed} />
            <SubmitButton isWide busyLabel={t("paying")}>
              {t("payAmount", { amount: main })}
            </SubmitButton>
          </form>
        )}
      </div>
      {dialog}
    </>
  );
}
