"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { signChange } from "./sign-change";
import { SigningWays } from "@/app/sign/signing-ways";
import type { Signing } from "@/app/sign/signing";
import { formOf } from "@/app/step-up/form-of";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { CustodyView } from "@/lib/accounts/rules";
import { chainName, transactionUrl } from "@/lib/chain/chains";
import { retryChangeAction } from "./actions";

const SLOW_AFTER_MS = 25_000;
const REFRESH_MS = 2_000;

/** How far a change of owners is, what it waits for, and the way on when it stopped half way. Live news redraw it; so does its own clock. */
export function ChangeProgress({ change, chains, signing }: { change: NonNullable<CustodyView["change"]>; chains: CustodyView["chains"]; signing: Signing | null }) {
  const t = useTranslations("custody.progress");
  const router = useRouter();
  const errorText = useErrorText();
  const [isSlow, setSlow] = useState(false);
  const [isRetrying, setRetrying] = useState(false);
  const [error, setError] = useState<string>();
  const done = change.chains.filter(({ state }) => state === "done").length;
  const all = change.chains.length;
  const isStopped = change.chains.some(({ state }) => state === "stopped");
  const isToSign = change.chains.some(({ state }) => state === "to_sign");

  useEffect(() => {
    const slow = setTimeout(() => setSlow(true), Math.max(0, SLOW_AFTER_MS - (Date.now() - new Date(change.createdAt).getTime())));
    const refresh = setInterval(() => {
      if (document.visibilityState === "visible" && navigator.onLine) router.refresh();
    }, REFRESH_MS);
    return () => {
      clearTimeout(slow);
      clearInterval(refresh);
    };
  }, [change.createdAt, router]);

  const retry = async () => {
    setRetrying(true);
    setError(undefined);
    const answer = await retryChangeAction(null, formOf({ changeId: change.id }));
    // Done meanwhile is no failure: the page redraws as done.
    if (answer?.ok === false && answer.code !== "not_found") setError(errorText(answer.code, answer.details));
    setRetrying(false);
    router.refresh();
  };

  return (
    <div className="mt-4 grid gap-3" data-testid="change-progress">
      <div>
        <p className="font-semibold">{t(`title.${change.kind}`)}</p>
        <div className="mt-2 flex gap-1.5" aria-hidden="true">
          {change.chains.map(({ chainId, state }) => (
            <span key={chainId} className={`h-2 flex-1 rounded-full ${state === "done" ? "bg-positive" : state === "stopped" ? "bg-caution" : "bg-sunk"}`} />
          ))}
        </div>
        <p className="mt-1.5 text-small text-muted tabular-nums" role="status">
          {t("parts", { done: String(done), all: String(all) })}
        </p>
      </div>
      {isToSign && signing ? (
        <>
          <p className="text-muted">{t("signText")}</p>
          <SigningWays signing={signing} busyLabel={t("signing")} run={(signer) => signChange(change, chains, signer)} onDone={() => router.refresh()} />
        </>
      ) : null}
      {isStopped || (isSlow && !isToSign) ? (
        <>
          <Note tone="caution">{t(isStopped ? "stopped" : "slow")}</Note>
          <Button isWide busy={isRetrying && t("retrying")} onClick={() => void retry()}>
            {t("retry")}
          </Button>
        </>
      ) : null}
      <FieldError error={error} />
      <details>
        <summary className="flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3 marker:content-none">{t("details.open")}</summary>
        <ul className="grid gap-1 text-small">
          {change.chains.map(({ chainId, state, txHash }) => (
            <li key={chainId} className="flex flex-wrap justify-between gap-x-4">
              <span>{t("details.on", { chain: chainName(chainId) })}</span>
              <span className="text-muted" data-testid={`change-${chainId}`}>
                {t(`states.${state}`)}
                {txHash ? (
                  <>
                    {" · "}
                    <a href={transactionUrl(chainId, txHash)} target="_blank" rel="noreferrer">
                      {t("details.transaction")}
                    </a>
                  </>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
