"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import { EXPORT_FORMATS } from "@/lib/privacy/rules";
import { allowExportAction } from "./actions";

const WORDS = { json: "exportJson", csv: "exportCsv" } as const;

/** Confirms the person, then offers both files. */
export function ExportForm() {
  const t = useTranslations("privacy");
  const errorText = useErrorText();
  const { state, submit, dialog } = useConfirmedAction(allowExportAction, "data_export");
  if (state?.ok) {
    return (
      <div className="mt-4 grid gap-3">
        <Note tone="positive" isLive>
          {t("exportReady")}
        </Note>
        {EXPORT_FORMATS.map((format) => (
          <a key={format} href={paths.dataExport(format, state.value)} download className={buttonStyle({ kind: "outline", isWide: true })}>
            <Icon of={Download} />
            {t(WORDS[format])}
          </a>
        ))}
      </div>
    );
  }
  return (
    <>
      <form action={submit} className="mt-4 grid gap-2">
        <SubmitButton kind="outline" isWide busyLabel={t("exportAsking")}>
          {t("exportAsk")}
        </SubmitButton>
        <FieldError error={state?.ok === false ? errorText(state.code, state.details) : undefined} />
      </form>
      {dialog}
    </>
  );
}
