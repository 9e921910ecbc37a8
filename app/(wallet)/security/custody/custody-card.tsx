"use client";

import { KeyRound, ShieldAlert, ShieldCheck, ShieldHalf, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note, type NoteTone } from "@/components/ui/note";
import { RowIcon } from "@/components/ui/row";
import type { CustodyView } from "@/lib/accounts/rules";
import { formatTimeWithSeconds } from "@/lib/money-format";
import { CheckDetails } from "./check-details";
import { judgeCheck, type CheckResult } from "./judge-check";
import { useChainCheck } from "./use-chain-check";

type Look = keyof typeof LOOKS;
const LOOKS = {
  preparing: [KeyRound, "neutral"],
  managed: [KeyRound, "brand"],
  taking_over: [ShieldHalf, "caution"],
  half_done: [ShieldHalf, "caution"],
  unchecked: [ShieldHalf, "neutral"],
  unconfirmed: [ShieldHalf, "caution"],
  self_custody: [ShieldCheck, "positive"],
} as const satisfies Record<string, readonly [LucideIcon, string]>;

const RESULTS: Record<CheckResult, [word: "yours" | "managed" | "halfDone" | "left" | "wrong" | "unreachable", tone: NoteTone]> = {
  yours: ["yours", "positive"],
  managed: ["managed", "info"],
  half_done: ["halfDone", "caution"],
  left: ["left", "danger"],
  wrong: ["wrong", "danger"],
  unreachable: ["unreachable", "caution"],
};

/**
 * Who can move the money, in one sentence, and the browser's own check of it. It says "only you" after this device heard so from every chain,
 * and not before.
 */
export function CustodyCard({ view, children }: { view: CustodyView; children?: ReactNode }) {
  const t = useTranslations("custody");
  const locale = useLocale();
  const { answers, checkedAt, isChecking, check } = useChainCheck(view.chains);
  const result = answers && judgeCheck({ owners: view.owners.map(({ address }) => address), serverKeys: view.serverKeys, chains: view.chains }, answers);

  // Asked by the page itself where the answer decides what it says.
  const mustCheck = view.state === "self_custody";
  const hasChecked = useRef(false);
  const latest = useRef(check);
  useEffect(() => {
    latest.current = check;
  });
  useEffect(() => {
    if (!mustCheck || hasChecked.current) return;
    hasChecked.current = true;
    void latest.current();
  }, [mustCheck]);

  const look: Look = !mustCheck ? view.state : result === "yours" ? "self_custody" : result ? "unconfirmed" : "unchecked";
  const [icon, ground] = LOOKS[look];
  const isAlarming = result === "wrong" || result === "left";
  const again = useCallback(() => void check(), [check]);
  return (
    <Card aria-labelledby="who">
      <RowIcon ground={isAlarming ? "danger" : ground}>
        <Icon of={isAlarming ? ShieldAlert : icon} size="nav" />
      </RowIcon>
      <div role="status">
        <h2 id="who" className="mt-3" data-testid="custody-state">
          {t(`states.${look}.title`)}
        </h2>
        <p className="mt-1.5 text-muted">{t(`states.${look}.text`)}</p>
      </div>
      {children}
      {view.state === "preparing" ? null : (
        <section aria-labelledby="check" className="mt-5 border-t border-line pt-4">
          <h3 id="check" className="font-sans text-label tracking-normal">
            {t("check.title")}
          </h3>
          <p className="mt-1 text-small text-muted">{t("check.text")}</p>
          {result ? (
            <div className="mt-3" role="status" data-testid="check-result" data-result={result}>
              <Note tone={RESULTS[result][1]}>
                {t(`check.${RESULTS[result][0]}`)}
                {checkedAt ? <span className="mt-0.5 block text-small tabular-nums">{t("check.last", { time: formatTimeWithSeconds(checkedAt, locale) })}</span> : null}
              </Note>
            </div>
          ) : null}
          <div className="mt-3">
            <Button kind="outline" size="medium" busy={isChecking && t("check.busy")} onClick={again}>
              {t(answers ? "check.again" : "check.now")}
            </Button>
          </div>
          {answers ? <CheckDetails view={view} answers={answers} /> : null}
        </section>
      )}
    </Card>
  );
}
