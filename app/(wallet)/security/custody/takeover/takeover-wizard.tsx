"use client";

import { Fingerprint, FileWarning, PhoneOff, Users, type LucideIcon } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState, type ReactNode } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { RowIcon } from "@/components/ui/row";
import { RowsSkeleton } from "@/components/ui/skeleton";
import type { OwnerInput } from "@/lib/accounts/rules";
import { paths } from "@/lib/paths";
import { startTakeoverAction } from "../actions";
import { OWNER_ICONS } from "../owner-icons";
import { OwnerStep, type OwnerSources } from "../owner-step";
import { forgetChosen, keepChosen, readChosen, type Chosen } from "./chosen-owners";

const STEPS = ["explain", "first", "second", "summary"] as const;
type Step = (typeof STEPS)[number];

/** The furthest step that the choices allow: an address with `?step=summary` and nothing chosen begins anew. */
function stepOf(asked: string | null, chosen: Chosen): Step {
  const furthest = chosen.first ? (chosen.second ? 3 : 2) : 1;
  const wanted = STEPS.indexOf(asked as Step);
  return STEPS[Math.min(Math.max(wanted, 0), furthest)] ?? "explain";
}

/** Steps are addresses, so that back goes back; choices outlive a reload; nothing is done before the last button. */
export function TakeoverWizard({ sources }: { sources: OwnerSources }) {
  const t = useTranslations("takeover");
  const router = useRouter();
  const asked = useSearchParams().get("step");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  useEffect(() => setChosen(readChosen(sources.account)), [sources.account]);
  if (!chosen) return <RowsSkeleton count={3} label={t("title")} />;

  const step = stepOf(asked, chosen);
  const go = (to: Step) => window.history.pushState(null, "", `${paths.takeover()}?step=${to}`);
  const choose = (place: "first" | "second", owner: OwnerInput) => {
    // Another first owner that was the second one leaves the second place free.
    const next: Chosen = { ...chosen, [place]: owner, ...(place === "first" && chosen.second?.address === owner.address ? { second: null } : {}) };
    keepChosen(next);
    setChosen(next);
    go(place === "first" && !next.second ? "second" : "summary");
  };
  const finish = () => {
    forgetChosen();
    router.replace(paths.custody());
  };

  return (
    <div className="grid gap-3 px-3 pt-1" key={step}>
      {step === "explain" ? (
        <Explain onBegin={() => go("first")} />
      ) : step === "first" ? (
        <Choosing step={1} title={t("firstTitle")} text={t("firstText")}>
          <OwnerStep sources={sources} taken={[]} hasWords={false} onChoose={(owner) => choose("first", owner)} />
        </Choosing>
      ) : step === "second" && chosen.first ? (
        <Choosing step={2} title={t("secondTitle")} text={t("secondText")}>
          <OwnerStep sources={sources} taken={[chosen.first.address]} hasWords onChoose={(owner) => choose("second", owner)} />
        </Choosing>
      ) : chosen.first && chosen.second ? (
        <Summary owners={[chosen.first, chosen.second]} onChange={(place) => go(place)} onDone={finish} />
      ) : null}
    </div>
  );
}

const POINTS = [["only", Fingerprint], ["loss", FileWarning], ["two", Users], ["backup", PhoneOff]] as const satisfies readonly (readonly [string, LucideIcon])[];

function Explain({ onBegin }: { onBegin: () => void }) {
  const t = useTranslations("takeover");
  return (
    <>
      <Card aria-labelledby="explain">
        <h2 id="explain">{t("explainTitle")}</h2>
        <ul className="mt-3 grid gap-4">
          {POINTS.map(([point, icon]) => (
            <li key={point} className="flex gap-3.5">
              <RowIcon ground={point === "loss" ? "caution" : "brand"}>
                <Icon of={icon} />
              </RowIcon>
              <span className="min-w-0">
                <b className="block font-semibold">{t(`points.${point}.title`)}</b>
                <span className="text-muted">{t(`points.${point}.text`)}</span>
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <Button isWide onClick={onBegin}>
        {t("begin")}
      </Button>
    </>
  );
}

function Choosing({ step, title, text, children }: { step: number; title: string; text: string; children: ReactNode }) {
  const t = useTranslations("takeover");
  return (
    <>
      <div className="px-2 pt-2">
        <p className="text-small text-muted">{t("stepOf", { step: String(step) })}</p>
        <h2 className="mt-1">{title}</h2>
        <p className="mt-1 text-muted">{text}</p>
      </div>
      {children}
    </>
  );
}

function Summary({ owners, onChange, onDone }: { owners: readonly [OwnerInput, OwnerInput]; onChange: (place: "first" | "second") => void; onDone: () => void }) {
  const t = useTranslations("takeover");
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [hasAgreed, setAgreed] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    const form = () => formOf({ owners: JSON.stringify(owners) });
    let answer = await startTakeoverAction(null, form());
    if (answer?.ok === false && answer.code === "step_up_required" && (await ask("custody"))) answer = await startTakeoverAction(null, form());
    // Asked for from another page meanwhile: the overview shows it.
    if (answer?.ok || (answer && ["owner_change_pending", "custody_not_managed"].includes(answer.code))) return onDone();
    if (answer && answer.code !== "step_up_required") setError(errorText(answer.code, answer.details));
    setBusy(false);
  };

  return (
    <>
      <Choosing step={3} title={t("summaryTitle")} text={t("summaryText")}>
        <ul className="overflow-hidden rounded-card bg-card py-1 shadow-1" data-testid="chosen">
          {(["first", "second"] as const).map((place, index) => {
            const owner = owners[index];
            return owner ? (
              <li key={place} className="flex min-h-[68px] items-center gap-3.5 px-4 py-2.5">
                <RowIcon ground="brand">
                  <Icon of={OWNER_ICONS[owner.kind]} />
                </RowIcon>
                <span className="min-w-0 flex-1">
                  <span className="block text-small text-muted">{t(place)}</span>
                  <b className="block truncate leading-5 font-semibold">{owner.name}</b>
                </span>
                <Button kind="quiet" size="medium" aria-label={`${t("change")}: ${t(place)}`} onClick={() => onChange(place)}>
                  {t("change")}
                </Button>
              </li>
            ) : null;
          })}
        </ul>
      </Choosing>
      <label className="flex min-h-11 items-start gap-3 rounded-card bg-caution-soft px-4 py-3.5 text-caution">
        <input type="checkbox" checked={hasAgreed} onChange={(event) => setAgreed(event.target.checked)} className="mt-0.5 size-5 flex-none accent-[var(--color-brand)]" />
        <span>{t("agree")}</span>
      </label>
      <FieldError error={error} />
      <Button isWide busy={isBusy && t("confirming")} stopped={!hasAgreed && t("agreeFirst")} onClick={() => void confirm()}>
        {t("confirm")}
      </Button>
      {dialog}
    </>
  );
}
