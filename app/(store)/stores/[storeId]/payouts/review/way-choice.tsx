"use client";

import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { useActionState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { FieldError } from "@/components/ui/field";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { PAYOUT_WAYS, type PayoutWay } from "@/lib/payouts/rules";
import { refreshPayoutAction } from "../actions";

const TEXT = { cash_out: "cashOutText", borrow: "borrowText" } as const;

/** Both ways side by side, each with what it brings before the partner's part; choosing the other works everything out anew. */
export function WayChoice({ storeId, payoutKey, signed, chosen, nets, brlPerUsdMicros }: { storeId: string; payoutKey: string; signed: string; chosen: PayoutWay; nets: Record<PayoutWay, bigint | null>; brlPerUsdMicros: bigint }) {
  const t = useTranslations("payouts.review");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(refreshPayoutAction, null);
  return (
    <Card aria-labelledby="how">
      <h2 id="how">{t("how")}</h2>
      <ul className="mt-3 grid gap-3 sm:grid-cols-2">
        {PAYOUT_WAYS.map((way) => {
          const net = nets[way];
          return (
            <li key={way} className={clsx("grid content-between gap-3 rounded-[18px] p-4", way === chosen ? "bg-brand-soft shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)]" : "shadow-[inset_0_0_0_1.5px_var(--color-line)]")}>
              <div>
                <div className="flex flex-wrap items-center justify-between gap-2">
                  <b>{t(way)}</b>
                  <b className="tabular-nums">{net === null ? t("closed") : formatBrl(brlCentavosFromUsd(net, brlPerUsdMicros), locale)}</b>
                </div>
                <p className={clsx("mt-1 text-small", way !== chosen && "text-muted")}>{t(TEXT[way])}</p>
              </div>
              {way === chosen ? (
                <Chip tone="brand">{t("chosen")}</Chip>
              ) : net === null ? null : (
                <form action={submit}>
                  <input type="hidden" name="storeId" value={storeId} />
                  <input type="hidden" name="k" value={payoutKey} />
                  <input type="hidden" name="q" value={signed} />
                  <input type="hidden" name="way" value={way} />
                  <SubmitButton kind="soft" size="medium" busyLabel={t("refreshing")} aria-label={`${t("choose")}: ${t(way)}`}>
                    {t("choose")}
                  </SubmitButton>
                </form>
              )}
            </li>
          );
        })}
      </ul>
      <div className="mt-2 empty:hidden">
        <FieldError error={state && !state.ok ? errorText(state.code, state.details) : undefined} />
      </div>
    </Card>
  );
}
