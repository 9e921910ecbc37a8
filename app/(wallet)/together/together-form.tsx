"use client";

import { CircleDollarSign } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { startAction } from "./actions";

/** One thing that can be brought together, in words, with what the server compares again. */
export type Choice = {
  what: string; fromChainId: string; units: string; fee: string; name: string; amount: string; beside: string; time: string; cost: string; tile: { storeId: string; qrVersion: number } | null;
};

/** What to bring together, how long it takes, what it costs, and the button that does it. */
export function TogetherForm({ formKey, choices, next }: { formKey: string; choices: readonly Choice[]; next: string | undefined }) {
  const t = useTranslations("together");
  const errorText = useErrorText();
  const [state, start] = useActionState(startAction, null);
  const [index, setIndex] = useState(0);
  const [key] = useState(formKey);
  const chosen = choices[index] ?? choices[0];
  if (!chosen) return null;
  return (
    <form action={start} className="grid gap-4">
      <input type="hidden" name="k" value={key} />
      <input type="hidden" name="what" value={chosen.what} />
      <input type="hidden" name="from" value={chosen.fromChainId} />
      <input type="hidden" name="units" value={chosen.units} />
      <input type="hidden" name="fee" value={chosen.fee} />
      {next ? <input type="hidden" name="next" value={next} /> : null}
      <fieldset className="min-w-0">
        <legend className="mb-2 text-label">{t("choose")}</legend>
        <div className="overflow-hidden rounded-card bg-card py-1 shadow-1">
          {choices.map((choice, at) => (
            <label
              key={`${choice.what} ${choice.fromChainId}`}
              className="relative flex min-h-[68px] cursor-pointer items-center gap-3.5 px-4 py-2.5 has-focus-visible:outline-3 has-focus-visible:-outline-offset-3 has-focus-visible:outline-focus"
            >
              <input type="radio" name="choice" value={at} checked={choice === chosen} onChange={() => setIndex(at)} className="size-5 flex-none accent-brand" />
              {choice.tile ? (
                <Tile seed={tileSeed(choice.tile.storeId, choice.tile.qrVersion)} size={44} />
              ) : (
                <span className="grid size-11 flex-none place-items-center rounded-[14px] bg-brand-soft text-brand-ink">
                  <Icon of={CircleDollarSign} />
                </span>
              )}
              <span className="min-w-0 flex-1">
                <span className="block leading-5 font-semibold">{choice.name}</span>
                <span className="text-small text-muted tabular-nums">{choice.beside}</span>
              </span>
              <span className="font-semibold tabular-nums">{choice.amount}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Card as="div">
        <dl className="grid gap-3" aria-live="polite">
          <div className="flex justify-between gap-4">
            <dt className="text-muted">{t("time")}</dt>
            <dd className="text-right font-semibold">{chosen.time}</dd>
          </div>
          <div className="flex justify-between gap-4">
            <dt className="text-muted">{t("cost")}</dt>
            <dd className="text-right font-semibold tabular-nums">{chosen.cost}</dd>
          </div>
        </dl>
        <p className="mt-3 text-small text-muted">{t("meanwhile")}</p>
      </Card>
      {state?.ok === false ? (
        <div role="alert">
          <Note tone="danger">{errorText(state.code, state.details)}</Note>
        </div>
      ) : null}
      <SubmitButton isWide busyLabel={t("confirming")}>
        {t("confirm", { amount: chosen.amount })}
      </SubmitButton>
    </form>
  );
}
