"use client";

import { Hand, RefreshCw } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, useState, useTransition } from "react";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { BrandPattern } from "@/components/tile";
import { Button, SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import type { ActionState } from "@/lib/action";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { confirmClaimAction, refreshClaimAction } from "../actions";
import type { ShownClaim } from "../shown-claim";
import { ClaimLines } from "./claim-lines";
import { GivenCard } from "./given-card";

type Failure = Extract<ActionState, { ok: false }>;

/** The amount, its lines, what is given, and the one button. At zero seconds it is worked out anew under the same key and waits for a new tap. */
export function ReviewClaim({ claimKey, initial, endedUsdMicros }: { claimKey: string; initial: ShownClaim; /** What an older link promised. */ endedUsdMicros: bigint | null }) {
  const t = useTranslations("bonus");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, confirm, isConfirming] = useActionState(confirmClaimAction, null);
  const [claim, setClaim] = useState(initial);
  const [before, setBefore] = useState(endedUsdMicros);
  const [refreshFailure, setRefreshFailure] = useState<Failure>();
  const [isRefreshing, startRefresh] = useTransition();

  const refresh = () => {
    startRefresh(async () => {
      const form = new FormData();
      form.set("q", claim.signed);
      const answer = await refreshClaimAction(null, form).catch((): Failure => ({ ok: false, code: "quote_expired", details: {} }));
      if (!answer?.ok) return setRefreshFailure(answer ?? undefined);
      setRefreshFailure(undefined);
      setBefore(claim.netUsdMicros);
      setClaim(answer.value);
      window.history.replaceState(null, "", paths.bonusReview(claimKey, answer.value.signed));
    });
  };
  const failure = state?.ok === false ? state : undefined;
  const judged = useRef(failure);
  const again = useRef(refresh);
  useEffect(() => {
    again.current = refresh;
  });
  // It ended or moved on the way to the server: the same as ending here.
  useEffect(() => {
    if (failure === judged.current) return;
    judged.current = failure;
    if (failure?.code === "quote_expired" || failure?.code === "quote_moved") again.current();
  }, [failure]);

  const isRepayment = claim.way === "repayment";
  const inReais = brlCentavosFromUsd(claim.netUsdMicros, claim.brlPerUsdMicros);
  const hasMoved = before !== null && before !== claim.netUsdMicros;
  const shown = refreshFailure ?? (failure?.code === "quote_expired" || failure?.code === "quote_moved" ? undefined : failure);
  return (
    <>
      <section aria-labelledby="now" className="relative overflow-hidden rounded-[28px] bg-reward px-5.5 py-4 text-on-reward">
        <BrandPattern />
        <div className="relative">
          <h2 id="now" className="font-sans text-body font-semibold tracking-normal">
            {t(isRepayment ? "youPayNow" : "youGetNow")}
          </h2>
          <p className="mt-0.5">
            <MoneyDisplay amount={inReais} currency="BRL" />
          </p>
          <p className="mt-1 text-small tabular-nums" data-testid="claim-usd">
            {t(isRepayment ? "fromDollars" : "inDollars", { usd: formatUsd(claim.netUsdMicros, locale) })}
          </p>
        </div>
      </section>
      <ClaimLines claim={claim} />
      <GivenCard claim={claim} />
      <p className="text-center text-caption text-muted">
        <RateLine brlPerUsdMicros={claim.brlPerUsdMicros} at={claim.rateAt} />
      </p>
      <div aria-live="polite" className="empty:hidden">
        {before === null || shown ? null : (
          <Note tone={hasMoved ? "caution" : "neutral"} icon={<Icon of={hasMoved ? Hand : RefreshCw} />}>
            {t(hasMoved ? "moved" : "same")}
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
            {t("refresh")}
          </Button>
        ) : isRefreshing ? (
          <p className="text-center text-small text-muted">{t("refreshing")}</p>
        ) : (
          <QuoteRing key={claim.signed} secondsLeft={claim.secondsLeft} onEnd={isConfirming ? undefined : () => whenSeen(() => again.current())} />
        )}
        <form action={confirm}>
          <input type="hidden" name="k" value={claimKey} />
          <input type="hidden" name="q" value={claim.signed} />
          <SubmitButton isWide busyLabel={t("working")}>
            {t(isRepayment ? "pay" : "take", { amount: formatBrl(inReais, locale) })}
          </SubmitButton>
        </form>
      </div>
    </>
  );
}

/** At once when the page is seen, else as soon as it is seen again: a page in the background asks for no prices. */
function whenSeen(run: () => void) {
  if (document.visibilityState === "visible") return run();
  document.addEventListener("visibilitychange", () => whenSeen(run), { once: true });
}
