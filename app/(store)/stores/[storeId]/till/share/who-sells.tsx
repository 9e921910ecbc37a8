"use client";

import clsx from "clsx";
import Link from "next/link";
import { unstable_rethrow } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useState, type ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { BrandPattern, Tile } from "@/components/tile";
import { Button, SubmitButton } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { Select } from "@/components/ui/select";
import type { ActionState } from "@/lib/action";
import { paths } from "@/lib/paths";
import type { SharedTill } from "@/lib/team/till-queries";
import { unlockTillAction } from "./actions";
import { PinPad } from "./pin-pad";

/** Without a server the till must stay on the screen: the failure becomes a sentence. */
async function unlockOrStay(previous: ActionState, form: FormData): Promise<ActionState> {
  try {
    return await unlockTillAction(previous, form);
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, code: "unavailable", details: {} };
  }
}

/** A locked shared till: who sells, by the own PIN or by that of a manager who stands in. `children`: what still waits on it, until a PIN is typed. */
export function WhoSells({ storeId, seed, till, children }: { storeId: string; seed: string; till: SharedTill; children?: ReactNode }) {
  const t = useTranslations("sharedtill");
  const errorText = useErrorText();
  const withPin = till.people.filter(({ hasPin }) => hasPin);
  const managers = till.people.filter(({ canOverride }) => canOverride);
  const [chosen, setChosen] = useState<string | null>(null);
  const [isOverride, setOverride] = useState(false);
  const [seller, setSeller] = useState(till.people[0]?.userId ?? "");
  const [manager, setManager] = useState(managers[0]?.userId ?? "");
  const [pin, setPin] = useState("");
  const [state, unlock] = useActionState<ActionState, FormData>(async (previous, form) => {
    const answer = await unlockOrStay(previous, form);
    setPin("");
    return answer;
  }, null);
  const nameOf = (userId: string | null) => till.people.find((person) => person.userId === userId)?.name ?? t("somebody");
  // What one person was told is not the next one's.
  const [seen, setSeen] = useState<ActionState>(null);
  const begin = () => {
    setSeen(state);
    setPin("");
  };
  const choose = (userId: string) => {
    setChosen(userId);
    setOverride(false);
    begin();
  };
  const error = state?.ok === false && state !== seen ? errorText(state.code, state.details) : undefined;

  return (
    <main id="content" className="grid min-h-dvh bg-surface md:grid-cols-2">
      <section className="relative overflow-hidden bg-deep px-6 py-8 text-on-deep md:px-12 md:py-14">
        <BrandPattern side={96} />
        <div className="relative">
          <p className="flex items-center gap-4">
            <Tile seed={seed} size={44} />
            <span>
              <b className="block text-heading font-semibold">{till.storeName}</b>
              <span className="text-small text-on-deep-muted">{till.tillName ?? t("title")}</span>
            </span>
          </p>
          <h1 className="mt-8 text-[2rem]/[2.375rem] md:mt-12 md:text-[3rem]/[3.375rem]">{t("who")}</h1>
          {withPin.length === 0 ? <p className="mt-4 text-on-deep-muted">{t("nobody")}</p> : null}
          <ul className="mt-6 grid grid-cols-2 gap-3">
            {withPin.map(({ userId }) => {
              const isChosen = userId === chosen && !isOverride;
              return (
                <li key={userId}>
                  <button
                    type="button"
                    aria-pressed={isChosen}
                    onClick={() => choose(userId)}
                    className={clsx("flex min-h-16 w-full items-center gap-3 rounded-[20px] px-4 text-left text-[1.0625rem]/6 font-semibold md:min-h-[88px]", isChosen ? "bg-card text-ink" : "bg-on-deep/14 text-on-deep focus-visible:outline-on-deep")}
                  >
                    <span className="min-w-0 truncate">{nameOf(userId)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
          <p className="mt-8">
            <Link href={paths.leaveSharedTill(storeId)} className="inline-flex min-h-11 items-center font-semibold text-on-deep underline underline-offset-3 focus-visible:outline-on-deep">
              {t("leave")}
            </Link>
          </p>
        </div>
      </section>
      <section aria-label={t("who")} className={clsx("grid content-center justify-items-center px-5 py-8", children && !chosen && !isOverride && "max-md:order-first")}>
        {isOverride ? (
          <form action={unlock} className="grid w-full max-w-[400px] gap-4">
            <h2 className="text-center">{t("override")}</h2>
            <p className="text-center text-small text-muted">{t("overrideLead")}</p>
            <input type="hidden" name="storeId" value={storeId} />
            <Select label={t("overrideFor")} name="userId" value={seller} onChange={(event) => setSeller(event.target.value)} options={till.people.map(({ userId }) => ({ value: userId, label: nameOf(userId) }))} />
            <Select label={t("overrideBy")} name="overrideBy" value={manager} onChange={(event) => setManager(event.target.value)} options={managers.map(({ userId }) => ({ value: userId, label: nameOf(userId) }))} />
            <PinPad label="PIN" name="pin" pin={pin} onPin={setPin} error={error} />
            <SubmitButton isWide size="till" busyLabel={t("entering")}>
              {t("enter")}
            </SubmitButton>
          </form>
        ) : chosen ? (
          <form action={unlock} className="grid w-full max-w-[400px] gap-4">
            <h2 className="text-center">{t("hello", { name: nameOf(chosen) })}</h2>
            <input type="hidden" name="storeId" value={storeId} />
            <input type="hidden" name="userId" value={chosen} />
            <PinPad key={chosen} label={t("pinLabel", { name: nameOf(chosen) })} name="pin" pin={pin} onPin={setPin} error={error} />
            <SubmitButton isWide size="till" busyLabel={t("entering")}>
              {t("enter")}
            </SubmitButton>
          </form>
        ) : (
          <>
            {children}
            <p className={clsx("text-muted", children && "mt-4")}>{t("choose")}</p>
          </>
        )}
        <div className="mt-4 grid w-full max-w-[400px] gap-2">
          {managers.length > 0 && !isOverride ? (
            <Button
              kind="quiet"
              isWide
              onClick={() => {
                setOverride(true);
                if (chosen) setSeller(chosen);
                begin();
              }}
            >
              {t("override")}
            </Button>
          ) : null}
          {chosen && !isOverride ? (
            <details className="text-center">
              <summary className="inline-flex min-h-11 cursor-pointer list-none items-center font-semibold text-brand-ink [&::-webkit-details-marker]:hidden">{t("forgot")}</summary>
              <Note tone="neutral">{t("forgotText")}</Note>
            </details>
          ) : null}
        </div>
      </section>
    </main>
  );
}
