"use client";

import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { checkRecoveryWords, splitRecoveryWords, withWordsKey, type WordProblem } from "@/lib/accounts/recovery-words.client";
import { keySigner, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import { SigningFailure } from "./signing-failure";
import { useSigningText } from "./use-signing-text";

/** What is wrong with typed words, in a sentence. */
export function useWordProblemText(): (problem: WordProblem) => string {
  const t = useTranslations("signing.problems");
  return (problem) => {
    if (problem.problem === "unknown_word") return t("unknown_word", { position: String(problem.position), word: problem.word });
    if (problem.problem === "too_many") return t("too_many", { count: String(problem.count) });
    return problem.problem === "too_few" ? t("too_few", { count: problem.count }) : t("not_together");
  };
}

/** The last resort: the twelve printed words, typed. They are dropped as soon as the signature is made; a field of a page is never stored. */
export function WordsForm({ addresses, run, onDone }: { addresses: readonly string[]; run: (signer: OwnerSigner) => Promise<unknown>; onDone: () => void }) {
  const t = useTranslations("signing");
  const problemText = useWordProblemText();
  const signingText = useSigningText();
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const words = splitRecoveryWords(text);
    const problem = checkRecoveryWords(words);
    if (problem) return setError(problemText(problem));
    setBusy(true);
    setError(undefined);
    try {
      await withWordsKey(words, async (key) => {
        if (!addresses.includes(key.address)) throw new SigningFailure("not_owner");
        await run(keySigner(key));
      });
      setText("");
      onDone();
    } catch (failure) {
      setError(signingText(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4" autoComplete="off">
      <TextArea label={t("wordsLabel")} hint={t("wordsHint")} error={error} value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" autoCapitalize="none" spellCheck={false} rows={4} />
      <Button type="submit" isWide busy={isBusy && t("wordsBusy")} stopped={text.trim() === "" && t("wordsEmpty")}>
        {t("wordsSubmit")}
      </Button>
    </form>
  );
}
