"use client";

import { useTranslations } from "next-intl";
import { useActionState, useId, useState } from "react";
import { useConfirmedAction } from "@/app/step-up/use-confirmed-action";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import { REOPEN_DAYS } from "@/lib/stores/rules";
import { closeStoreAction, reopenStoreAction } from "./actions";

/** Handing over and closing, the last card: `closed` says since when and until when it may open again, in words. */
export function CloseCard({ storeId, name, closed }: { storeId: string; name: string; closed: { since: string; until: string; mayReopen: boolean } | null }) {
  const t = useTranslations("settings");
  const titleId = useId();
  return (
    <Card id="close" aria-labelledby={titleId}>
      <h2 id={titleId}>{t("handOver")}</h2>
      <p className="mt-1 text-muted">{t("handOverText")}</p>
      <div className="mt-3">
        <LinkButton kind="soft" size="medium" href={paths.storeTeam(storeId)}>
          {t("handOverLink")}
        </LinkButton>
      </div>
      <div className="mt-5 grid gap-3 border-t border-line pt-5">
        {closed ? (
          <>
            <Note tone="caution">
              <b className="block font-semibold">{t("closedTitle")}</b>
              {t("closedText", { date: closed.since })} {t(closed.mayReopen ? "closedUntil" : "closedFinal", { date: closed.until })}
            </Note>
            <div className="flex flex-wrap gap-2">
              {closed.mayReopen ? <Reopen storeId={storeId} /> : null}
              <LinkButton kind="soft" size="medium" href={paths.storePayouts(storeId)}>
                {t("toPayouts")}
              </LinkButton>
            </div>
          </>
        ) : (
          <>
            <h3>{t("closeTitle")}</h3>
            <p className="text-muted">{t("closeText", { days: String(REOPEN_DAYS) })}</p>
            <CloseDialog storeId={storeId} name={name} />
          </>
        )}
      </div>
    </Card>
  );
}

function CloseDialog({ storeId, name }: { storeId: string; name: string }) {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const { state, submit, dialog } = useConfirmedAction(closeStoreAction, "team_change");
  const refused = state?.ok === false ? state : null;
  const isName = refused?.code === "close_name_wrong";
  // The confirmation is a dialog of its own, and never are two open: this one steps back while it asks.
  const send = (form: FormData) => {
    setOpen(false);
    submit(form);
  };
  return (
    <div>
      <Button kind="danger" size="medium" onClick={() => setOpen(true)}>
        {t("closeOpen")}
      </Button>
      <div className="mt-3 empty:hidden">
        <FieldError error={refused && !isOpen ? errorText(refused.code, refused.details) : null} />
      </div>
      <Dialog title={t("closeTitle")} lead={t("closeText", { days: String(REOPEN_DAYS) })} isOpen={isOpen} onOpenChange={setOpen}>
        <form action={send} className="grid gap-4">
          <input type="hidden" name="storeId" value={storeId} />
          <Field label={t("closeName", { name })} name="name" value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" spellCheck={false} required error={isName && isOpen ? errorText("close_name_wrong") : null} />
          <SubmitButton kind="danger" isWide busyLabel={t("closing")}>
            {t("closeDo")}
          </SubmitButton>
        </form>
      </Dialog>
      {dialog}
    </div>
  );
}

function Reopen({ storeId }: { storeId: string }) {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const [state, submit] = useActionState(reopenStoreAction, null);
  return (
    <form action={submit} className="grid gap-1">
      <input type="hidden" name="storeId" value={storeId} />
      <SubmitButton size="medium" busyLabel={t("reopening")}>
        {t("reopen")}
      </SubmitButton>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
    </form>
  );
}
