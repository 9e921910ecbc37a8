"use client";

import { Printer } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { newRecoveryWords, RECOVERY_WORD_COUNT, splitRecoveryWords, withWordsKey } from "@/lib/accounts/recovery-words.client";
import { ownerProofMessage, type OwnerInput } from "@/lib/accounts/rules";
import { WordsSheet } from "./words-sheet";

/** Two places of twelve, in order, drawn by the browser's random source. */
function drawPlaces(): [number, number] {
  const draw = (below: number) => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % below;
  const first = draw(RECOVERY_WORD_COUNT);
  const second = (first + 1 + draw(RECOVERY_WORD_COUNT - 1)) % RECOVERY_WORD_COUNT;
  return first < second ? [first, second] : [second, first];
}

/**
 * Twelve new words: shown once to be written or printed, then two of them asked back. They live in this component alone; a reload or a close
 * throws them away, and the next time there are others. What leaves is their address and its proof.
 */
export function WordsOwner({ account, onChoose, onClose }: { account: string; onChoose: (owner: OwnerInput) => void; onClose: () => void }) {
  const t = useTranslations("takeover.words");
  const locale = useLocale();
  const [words] = useState(newRecoveryWords);
  const [places, setPlaces] = useState<[number, number] | null>(null);
  const [errors, setErrors] = useState<Record<number, string>>({});
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy || !places) return;
    const form = new FormData(event.currentTarget);
    // The first wrong one alone is said, so that the eye goes back to one place on the paper.
    for (const place of places) {
      const field = form.get(`word-${place}`);
      const typed = splitRecoveryWords(typeof field === "string" ? field : "").join(" ");
      if (typed !== words[place]) return setErrors({ [place]: t(typed === "" ? "missing" : "wrongWord", { position: String(place + 1) }) });
    }
    setBusy(true);
    const owner = await withWordsKey(words, (key): OwnerInput => ({ kind: "recovery_key", address: key.address, proof: key.signMessage(ownerProofMessage({ account, owner: key.address })), name: t("name") }));
    onChoose(owner);
  };

  if (places) {
    return (
      <Dialog isOpen title={t("checkTitle")} lead={t("checkText")} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
        <form onSubmit={(event) => void submit(event)} className="grid gap-4" autoComplete="off">
          {places.map((place) => (
            <Field key={place} name={`word-${place}`} label={t("word", { position: String(place + 1) })} error={errors[place]} autoComplete="off" autoCapitalize="none" spellCheck={false} />
          ))}
          <Button type="submit" isWide busy={isBusy && t("confirming")}>
            {t("confirm")}
          </Button>
          <Button
            kind="quiet"
            isWide
            onClick={() => {
              setErrors({});
              setPlaces(null);
            }}
          >
            {t("seeAgain")}
          </Button>
        </form>
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      title={t("title")}
      lead={t("lead")}
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      actions={
        <>
          <Button kind="outline" isWide icon={<Icon of={Printer} />} onClick={() => window.print()}>
            {t("print")}
          </Button>
          <Button isWide onClick={() => setPlaces(drawPlaces())}>
            {t("written")}
          </Button>
        </>
      }
    >
      <Note tone="caution">{t("once")}</Note>
      <ol aria-label={t("list")} className="mt-3 grid grid-cols-2 gap-2 sm:grid-cols-3" data-testid="recovery-words">
        {words.map((word, index) => (
          <li key={index} className="flex min-h-11 items-center gap-2 rounded-[13px] bg-sunk px-3 font-semibold">
            <span className="w-5 text-right text-small font-normal text-muted tabular-nums">{index + 1}</span>
            <span translate="no">{word}</span>
          </li>
        ))}
      </ol>
      <WordsSheet words={words} locale={locale} />
    </Dialog>
  );
}
