"use client";

import { CircleDollarSign, Hand, RefreshCw } from "lucide-react";
import dynamic from "next/dynamic";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useCallback, useEffect, useRef, useState, useTransition } from "react";
import { LimitHint, type TodayLeft } from "@/app/(pay)/limit-hint";
import type { Signing } from "@/app/sign/signing";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { MixBar } from "@/components/mix-bar";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import type { ActionState } from "@/lib/action";
import { formatBrl, formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { confirmAction, refreshAction } from "./actions";
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

  const refresh = useCallback(() => {
    startRefresh(async () => {
      const form = new FormData();
      form.set("q", price.signed);
      // Offline is no failure of the price: it stays ended, with a button to ask again.
      const answer = await refreshAction(null, form).catch((): Failure => ({ ok: false, code: "quote_expired", details: {} }));
      if (!answer?.ok) return setRefreshFailure(answer ?? undefined);
      setRefreshFailure(undefined);
      setBefore({ amountUsdMicros: price.amountUsdMicros, amountBrlCentavos: price.amountBrlCentavos });
      setPrice(answer.value);
      // A reload keeps the new price and the same key.
      window.history.replaceState(null, "", paths.review(shortCode, paymentKey, answer.value.signed));
    });
  }, [price, paymentKey, shortCode]);
  const atEnd = useWhenSeen(refresh);

  const { ask, dialog } = useStepUp();
  const form = useRef<HTMLFormElement>(null);
  const shownPrice = useRef(price);
  useEffect(() => {
    shownPrice.current = price;
  }, [price]);

  // The price ended on the way to the server: the same as ending here.
  const failure = signedFailure ?? (state?.ok === false ? state : undefined);
  const judged = useRef(failure);
  useEffect(() => {
    if (failure === judged.current) return;
    judged.current = failure;
    if (failure?.code === "quote_expired") refresh();
    // A large payment: once confirmed, the same tap goes on with the same key, unless another price is shown by now.
    if (failure?.code === "step_up_required") void ask("large_payment").then((isConfirmed) => isConfirmed && shownPrice.current === price && form.current?.requestSubmit());
  }, [failure, refresh, ask, price]);

  const ownAccount = signing?.setup.accounts.find(({ chainId }) => chainId === price.settles?.chainId)?.address;
  const inReais = formatBrl(price.amountBrlCentavos, locale);
  const inDollars = formatCents(usdCentsFromMicros(price.amountUsdMicros, "up"), "USD", locale);
  const [main, beside] = price.currency === "BRL" ? [inReais, inDollars] : [inDollars, inReais];
  const hasMoved = before !== null && (before.amountUsdMicros !== price.amountUsdMicros || before.amountBrlCentavos !== price.amountBrlCentavos);
  const shown = refreshFailure ?? (failure?.code === "quote_expired" ? undefined : failure);

  return (
    <>
      <div className="text-center">
        <MoneyDisplay currency={price.currency} amount={price.currency === "BRL" ? price.amountBrlCentavos : price.amountUsdMicros} />
        <p className="mt-1 text-small text-muted tabular-nums">
          {beside} · <RateLine brlPerUsdMicros={price.brlPerUsdMicros} at={price.rateAt} timeZone={timeZone} />
        </p>
      </div>

      <Card className="px-4.5! pt-4! pb-2.5!" aria-labelledby="parts">
        <h2 id="parts" className="font-sans text-body font-[650] tracking-normal">
          {t("howYouPay")}
        </h2>
        <div className="mt-3.5 mb-2">
          <MixBar parts={[{ key: "dollars", weight: price.amountUsdMicros }]} />
        </div>
        <ul>
          <li className="flex min-h-[50px] items-center gap-3">
            <span className="grid size-9 flex-none place-items-center rounded-[11px] bg-brand-soft text-brand-ink">
              <Icon of={CircleDollarSign} />
            </span>
            <span className="min-w-0 flex-1">
              <span className="block leading-5 font-semibold">{t("dollars")}</span>
              <span className="text-caption text-muted tabular-nums">{inDollars}</span>
            </span>
            <span className="font-semibold tabular-nums">{inReais}</span>
          </li>
        </ul>
      </Card>
      {price.rewardBrlCentavos > 0n ? <Note tone="reward">{t.rich("willEarn", { amount: formatBrl(price.rewardBrlCentavos, locale), b: (text) => <b>{text}</b> })}</Note> : null}

      {shown ? null : <LimitHint amountUsdMicros={price.amountUsdMicros} today={today} currency={price.currency} brlPerUsdMicros={price.brlPerUsdMicros} />}
      <div aria-live="polite">
        {before === null || shown ? null : (
          <Note tone={hasMoved ? "caution" : "neutral"} icon={<Icon of={hasMoved ? Hand : RefreshCw} />}>
            {hasMoved ? t("rateMoved", { amount: beside }) : t("rateSame")}
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
          <Button kind="soft" isWide onClick={refresh} busy={isRefreshing && t("refreshing")}>
            {t("newPrice")}
          </Button>
        ) : isRefreshing ? (
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

/** Runs at once when the page is seen, else as soon as it is seen again: a page in the background asks for no prices. */
function useWhenSeen(run: () => void): () => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  }, [run]);
  return useCallback(() => {
    if (document.visibilityState === "visible") return latest.current();
    const seen = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", seen);
      latest.current();
    };
    document.addEventListener("visibilitychange", seen);
  }, []);
}
