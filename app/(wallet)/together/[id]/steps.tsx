import clsx from "clsx";
import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Spinner } from "@/components/ui/spinner";
import { stepsDone, STEPS_OF, type ConsolidationKind, type ConsolidationStage } from "@/lib/consolidation/rules";

/** The steps in their order, each with its state in a word. */
export function Steps({ kind, stage, isWaiting }: { kind: ConsolidationKind; stage: ConsolidationStage; isWaiting: boolean }) {
  const t = useTranslations("together");
  const done = stepsDone(kind, stage);
  return (
    <ol className="grid gap-1" aria-label={t("progressTitle")}>
      {STEPS_OF[kind].map((step, index) => {
        const state = index < done ? "stepDone" : index === done ? "stepNow" : "stepLater";
        return (
          <li key={step} aria-current={state === "stepNow" ? "step" : undefined} className="flex min-h-12 items-center gap-3.5">
            <span
              className={clsx(
                "grid size-9 flex-none place-items-center rounded-full",
                state === "stepDone" ? "bg-positive-soft text-positive" : state === "stepNow" ? (isWaiting ? "bg-caution-soft text-caution" : "bg-brand-soft text-brand-ink") : "bg-sunk text-muted",
              )}
            >
              {state === "stepDone" ? <Icon of={Check} /> : state === "stepNow" ? <Spinner /> : <span aria-hidden="true">{index + 1}</span>}
            </span>
            <span className={clsx("min-w-0 flex-1", state === "stepLater" ? "text-muted" : "font-semibold")}>{t(`steps.${step}`)}</span>
            <span className="text-small text-muted">{t(state)}</span>
          </li>
        );
      })}
    </ol>
  );
}
