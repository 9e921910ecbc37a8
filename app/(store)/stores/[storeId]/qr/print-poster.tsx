"use client";

import { Printer } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Segments } from "@/components/ui/segments";

const PAPERS = { A6: "105mm 148mm", A4: "210mm 297mm" } as const;
type Paper = keyof typeof PAPERS;

/** Prints the poster alone, filling the chosen paper; nothing else of the page reaches the printer. */
export function PrintPoster({ posterId }: { posterId: string }) {
  const t = useTranslations("store");
  const [paper, setPaper] = useState<Paper>("A6");
  const css = `@page { size: ${PAPERS[paper]}; margin: 0 }
@media print {
  :not(:has(#${posterId})):not(#${posterId}, #${posterId} *) { display: none !important }
  :has(#${posterId}) { all: revert; display: block; margin: 0 !important; padding: 0 !important; width: 100vw }
  #${posterId} { width: 100vw; height: 100vh; aspect-ratio: auto; break-after: avoid }
  #${posterId}, #${posterId} * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}`;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <style>{css}</style>
      <Segments name="paper" legend={t("paperSize")} value={paper} onChange={(value) => setPaper(value === "A4" ? "A4" : "A6")} segments={Object.keys(PAPERS).map((value) => ({ value, label: value }))} />
      <Button icon={<Icon of={Printer} />} onClick={() => window.print()}>
        {t("print")}
      </Button>
    </div>
  );
}
