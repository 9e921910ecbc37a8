"use client";

import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState, useTransition } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import type { ErrorCode } from "@/lib/errors";
import type { ImportOutcome } from "@/lib/items/rules";
import { importItemsAction } from "./actions";

const BAD_LINES_SHOWN = 20;
type Problem = { code: ErrorCode; details: Record<string, string | number> };

/** Items from a file: what it would do is shown first, bad lines by their number, and nothing is changed before the yes. */
export function ImportDialog({ storeId }: { storeId: string }) {
  const t = useTranslations("items");
  const errorText = useErrorText();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, start] = useTransition();

  const open = (wanted: boolean) => {
    setOpen(wanted);
    setFile(null);
    setOutcome(null);
    setProblem(null);
  };
  const send = (chosen: File, isPreview: boolean) =>
    start(async () => {
      const form = new FormData();
      form.set("storeId", storeId);
      form.set("file", chosen);
      form.set("isPreview", String(isPreview));
      const answer = await importItemsAction(null, form).catch(() => null);
      if (!answer?.ok) return setProblem(answer ?? { code: "unavailable", details: {} });
      setProblem(null);
      if (answer.value.kind !== "done") return setOutcome(answer.value);
      toast.success(t("imported", { added: answer.value.added, updated: answer.value.updated }));
      open(false);
    });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setOutcome(null);
    setProblem(null);
    if (chosen) send(chosen, true);
  };

  const isReady = outcome?.kind === "preview" && outcome.added + outcome.updated > 0;
  return (
    <Dialog
      title={t("importTitle")}
      lead={t("importLead")}
      isOpen={isOpen}
      onOpenChange={open}
      trigger={
        <Button kind="outline" size="medium" icon={<Icon of={FileUp} />}>
          {t("import")}
        </Button>
      }
      actions={
        file && isReady ? (
          <Button isWide busy={isBusy && t("importing")} onClick={() => send(file, false)}>
            {t("importConfirm", { count: outcome.added + outcome.updated })}
          </Button>
        ) : null
      }
    >
      <div className="grid gap-4 pb-3">
        <p className="text-small text-muted">{t("importColumns")}</p>
        <pre className="overflow-x-auto rounded-control bg-sunk px-4 py-3 text-small">{t("importExample")}</pre>
        <div className="grid gap-1.5">
          <label htmlFor={id} className="text-label">
            {t("importFile")}
          </label>
          <input
            id={id}
            type="file"
            accept=".csv,text/csv,text/plain"
            aria-describedby={problem ? `${id}-error` : undefined}
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
            className="min-h-11 w-full min-w-0 rounded-control text-small file:mr-3 file:min-h-11 file:rounded-[13px] file:border-0 file:bg-brand-soft file:px-4 file:font-semibold file:text-brand-ink"
          />
          <FieldError id={`${id}-error`} error={problem ? errorText(problem.code, problem.details) : null} />
        </div>
        {isBusy && !outcome ? <Spinner /> : null}
        {outcome ? <Preview outcome={outcome} /> : null}
      </div>
    </Dialog>
  );
}

function Preview({ outcome }: { outcome: ImportOutcome }) {
  const t = useTranslations("items");
  if (outcome.kind !== "refused") {
    return (
      <Note tone="positive" isLive>
        {outcome.added + outcome.updated === 0 ? t("previewNothing") : t("preview", { added: outcome.added, updated: outcome.updated })}
      </Note>
    );
  }
  const { badLines } = outcome;
  return (
    <div role="alert" className="grid gap-3">
      <Note tone="danger">{t("badLines", { count: badLines.length })}</Note>
      <ul className="grid gap-1.5 text-small">
        {badLines.slice(0, BAD_LINES_SHOWN).map(({ line, problem, text }) => (
          <li key={line} className="break-words">
            <b>{t("line", { line: String(line) })}</b> {t(`problems.${problem}`)} {text ? <q className="text-muted">{text}</q> : null}
          </li>
        ))}
      </ul>
      {badLines.length > BAD_LINES_SHOWN ? <p className="text-small text-muted">{t("badLinesMore", { count: badLines.length - BAD_LINES_SHOWN })}</p> : null}
    </div>
  );
}
