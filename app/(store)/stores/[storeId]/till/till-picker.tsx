"use client";

import { Check, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { TILL_NAME_MAX } from "@/lib/charges/rules";
import type { NamedTill } from "@/lib/charges/tills";
import { addTillAction, chooseTillAction, removeTillAction } from "./actions";

/** `sharedName` is there on a shared till, which stands where it was shared, with or without a name. */
export type Tills = { tills: readonly NamedTill[]; chosenId: string | null; sharedName?: string | null };
type Props = { storeId: string; tills: Tills; canManage: boolean; isOpen: boolean; onOpenChange: (isOpen: boolean) => void; onTills: (tills: Tills) => void };

/** At which till this device stands. Everybody chooses; owners and admins add and remove. */
export function TillPicker({ storeId, tills: { tills, chosenId }, canManage, isOpen, onOpenChange, onTills }: Props) {
  const t = useTranslations("sale.tills");
  const errorText = useErrorText();
  const [name, setName] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const run = async (act: typeof chooseTillAction | typeof addTillAction | typeof removeTillAction, fields: Record<string, string>) => {
    if (isBusy) return false;
    setBusy(true);
    const form = new FormData();
    for (const [key, value] of Object.entries({ storeId, ...fields })) form.set(key, value);
    const answer = await act(null, form).catch(() => null);
    setBusy(false);
    setError(answer?.ok ? undefined : errorText(answer?.code ?? "unavailable", answer?.details ?? {}));
    if (answer?.ok) onTills(answer.value);
    return answer?.ok ?? false;
  };
  return (
    <Dialog title={t("title")} lead={t("lead")} isOpen={isOpen} onOpenChange={onOpenChange}>
      <div className="grid gap-4 pb-2">
        {tills.length === 0 ? <p className="text-muted">{t(canManage ? "none" : "noneStaff")}</p> : null}
        <ul className="grid gap-2">
          {tills.map((till) => (
            <li key={till.id} className="flex items-center gap-2">
              <button
                type="button"
                aria-pressed={till.id === chosenId}
                onClick={() => void run(chooseTillAction, { tillId: till.id === chosenId ? "" : till.id })}
                className={`flex min-h-14 min-w-0 flex-1 items-center justify-between gap-3 rounded-control px-4 text-left font-semibold ${till.id === chosenId ? "bg-brand-soft text-brand-ink" : "bg-sunk text-ink"}`}
              >
                <span className="truncate">{till.name}</span>
                {till.id === chosenId ? <Icon of={Check} /> : null}
              </button>
              {canManage ? (
                <IconButton aria-label={t("remove", { name: till.name })} onClick={() => void run(removeTillAction, { tillId: till.id })}>
                  <Icon of={Trash2} />
                </IconButton>
              ) : null}
            </li>
          ))}
        </ul>
        {canManage ? (
          <form
            className="grid gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              void run(addTillAction, { name }).then((isDone) => isDone && setName(""));
            }}
          >
            <Field label={t("name")} hint={t("nameHint")} value={name} onChange={(event) => setName(event.target.value)} error={error} maxLength={TILL_NAME_MAX} autoComplete="off" required />
            <Button type="submit" kind="soft" isWide busy={isBusy && t("saving")}>
              {t("add")}
            </Button>
          </form>
        ) : error ? (
          <p role="alert" className="text-small font-semibold text-danger">
            {error}
          </p>
        ) : null}
      </div>
    </Dialog>
  );
}
