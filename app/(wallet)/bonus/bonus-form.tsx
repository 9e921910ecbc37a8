"use client";

import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Tile } from "@/components/tile";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import type { BonusWay } from "@/lib/loans/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { quoteClaimAction } from "./actions";

/** Rewards of one store, with what the two ways bring. `opensOn` is there while cashing out is not open. */
export type PotChoice = { key: string; name: string; seed: string; /** Of several places with this store's rewards. */ number: number; cashOutUsdMicros: bigint | null; advanceUsdMicros: bigint; opensOn: string | null };

const ALL = "all";
const WAYS: readonly BonusWay[] = ["cash_out", "advance"];
const LABEL = "relative flex cursor-pointer rounded-card bg-card shadow-[inset_0_0_0_1.5px_var(--color-line)] has-checked:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus";

/** The two honest ways side by side, from which store, and how much. Real radio buttons, so that it works before the page wakes up. */
export function BonusForm({ choices, brlPerUsdMicros }: { choices: readonly PotChoice[]; brlPerUsdMicros: bigint }) {
  const t = useTranslations("bonus");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(quoteClaimAction, null);
  const [from, setFrom] = useState(choices.length > 1 ? ALL : (choices[0]?.key ?? ALL));
  const [way, setWay] = useState<BonusWay>(choices.some(({ cashOutUsdMicros }) => cashOutUsdMicros !== null) ? "cash_out" : "advance");
  const chosen = from === ALL ? choices : choices.filter(({ key }) => key === from);
  const netOf: Record<BonusWay, bigint> = {
    cash_out: chosen.reduce((sum, { cashOutUsdMicros }) => sum + (cashOutUsdMicros ?? 0n), 0n),
    advance: chosen.reduce((sum, { advanceUsdMicros }) => sum + advanceUsdMicros, 0n),
  };
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, brlPerUsdMicros), locale);
  const closed = chosen.find(({ opensOn }) => opensOn !== null)?.opensOn;
  const valueOf = (choice: PotChoice) => (way === "cash_out" ? choice.cashOutUsdMicros : choice.advanceUsdMicros);
  return (
    <form action={submit} className="grid gap-3">
      <fieldset>
        <legend className="mb-2 text-label">{t("waysTitle")}</legend>
        <div className="grid grid-cols-2 gap-3">
          {WAYS.map((one) => (
            <label key={one} className={clsx(LABEL, "min-h-40 flex-col p-4")}>
              <input type="radio" name="way" value={one} checked={way === one} onChange={() => setWay(one)} className="absolute inset-0 cursor-pointer opacity-0" />
              <span className="font-semibold">{t(`ways.${one}`)}</span>
              <span className="mt-1 text-[1.375rem]/7 font-[750] tabular-nums" data-testid={`net-${one}`}>
                {netOf[one] === 0n ? t("wayClosed") : inReais(netOf[one])}
              </span>
              <span className="text-caption text-muted tabular-nums">{netOf[one] === 0n ? null : formatUsd(netOf[one], locale)}</span>
              <span className={clsx("mt-1 w-fit rounded-chip px-2 py-0.5 text-caption font-semibold", one === "cash_out" ? "bg-positive-soft text-positive" : "bg-reward-soft text-reward-ink")}>
                {t(one === "cash_out" ? "noFee" : "fee")}
              </span>
              <span className="mt-2 text-small text-muted">{t(`wayTexts.${one}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {closed ? <Note tone="caution">{t("delayed", { date: closed })}</Note> : null}

      {choices.length > 1 ? (
        <fieldset>
          <legend className="mb-2 text-label">{t("fromTitle")}</legend>
          <Card isFlush as="div" className="overflow-hidden py-1">
            <Choice value={ALL} current={from} onChoose={setFrom} name={t("allStores")} line={t("allText", { count: choices.length })} />
            {choices.map((choice) => (
              <Choice
                key={choice.key}
                value={choice.key}
                current={from}
                onChoose={setFrom}
                seed={choice.seed}
                name={choice.name}
                line={choice.number > 1 ? t("placeNumber", { number: String(choice.number) }) : undefined}
                amount={valueOf(choice) === null ? t("wayClosed") : inReais(valueOf(choice) ?? 0n)}
              />
            ))}
          </Card>
        </fieldset>
      ) : (
        <input type="hidden" name="from" value={from} />
      )}

      {from === ALL && choices.length > 1 ? null : (
        <Field name="amount" label={t("amountTitle")} hint={t("amountHint")} inputMode="decimal" autoComplete="off" maxLength={20} leading={<span aria-hidden="true" className="text-muted">R$</span>} placeholder={inReais(netOf[way]).replace(/^R\$\s*/, "")} />
      )}
      {state?.ok === false ? (
        <div role="alert">
          <Note tone="danger">{errorText(state.code, state.details)}</Note>
        </div>
      ) : null}
      <SubmitButton isWide busyLabel={t("quoting")}>
        {t("continue")}
      </SubmitButton>
    </form>
  );
}

function Choice({ value, current, onChoose, seed, name, line, amount }: { value: string; current: string; onChoose: (value: string) => void; seed?: string; name: string; line?: string; amount?: string }) {
  return (
    <label className="relative flex min-h-[60px] cursor-pointer items-center gap-3.5 px-4 py-2 has-checked:bg-brand-soft has-focus-visible:outline-3 has-focus-visible:-outline-offset-3 has-focus-visible:outline-focus">
      <input type="radio" name="from" value={value} checked={current === value} onChange={() => onChoose(value)} className="size-5 flex-none accent-brand" />
      {seed ? <Tile seed={seed} size={36} /> : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{name}</span>
        {line ? <span className="block text-caption text-muted">{line}</span> : null}
      </span>
      {amount ? <span className="font-semibold tabular-nums">{amount}</span> : null}
    </label>
  );
}
