"use client";

import { useTranslations } from "next-intl";
import { createPortal } from "react-dom";
import type { Locale } from "@/lib/i18n/locale";
import { formatDate } from "@/lib/money-format";

const SHEET = "recovery-sheet";
/** Only the sheet reaches the printer: the page behind has other people's business on it. */
const CSS = `#${SHEET} { display: none }
@page { margin: 18mm }
@media print {
  body > :not(#${SHEET}) { display: none !important }
  #${SHEET} { display: block; color: #000; background: #fff }
}`;

/** The words as a sheet of paper, drawn for the printer alone. */
export function WordsSheet({ words, locale }: { words: readonly string[]; locale: Locale }) {
  const t = useTranslations("takeover.words");
  return createPortal(
    <div id={SHEET} aria-hidden="true">
      <style>{CSS}</style>
      <h1 className="text-[20pt]">{t("sheetTitle")}</h1>
      <p className="mt-3 text-[11pt]">{t("sheetText")}</p>
      <ol className="mt-6 grid grid-cols-2 gap-x-10 gap-y-3">
        {words.map((word, index) => (
          <li key={index} className="border-b border-current pb-1 text-[15pt]">
            <span className="inline-block w-9 tabular-nums">{index + 1}.</span>
            <b translate="no">{word}</b>
          </li>
        ))}
      </ol>
      <p className="mt-6 text-[11pt]">{t("sheetHow")}</p>
      <p className="mt-3 text-[10pt]">{t("sheetDate", { date: formatDate(new Date(), locale) })}</p>
    </div>,
    document.body,
  );
}
