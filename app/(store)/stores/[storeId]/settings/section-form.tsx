"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useId, type ReactNode } from "react";
import { toast } from "sonner";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import type { ActionState } from "@/lib/action";
import type { ErrorCode } from "@/lib/errors";

type Save = (previous: ActionState<{ hasChanged: boolean }>, form: FormData) => Promise<ActionState<{ hasChanged: boolean }>>;

/**
 * One part of the settings in a card, saved by itself. `fieldOf` says under which field a failure's sentence stands; the others stand above the button.
 * Fields are controlled by the caller, because a form that was sent is emptied by the browser.
 */
export function SectionForm({ storeId, version, title, lead, save, fieldOf, children }: { storeId: string; version: string; title: string; lead?: string; save: Save; fieldOf: Partial<Record<ErrorCode, string>>; children: (errorOf: (field: string) => string | null) => ReactNode }) {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const router = useRouter();
  const id = useId();
  const [state, submit] = useActionState<ActionState<{ hasChanged: boolean }>, FormData>(async (previous, form) => {
    const answer = await save(previous, form);
    if (answer?.ok) toast(t("saved"));
    return answer;
  }, null);
  const refused = state?.ok === false ? state : null;
  const field = refused ? fieldOf[refused.code] : undefined;
  const sentence = refused ? errorText(refused.code, refused.details) : null;
  return (
    <Card aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead ? <p className="mt-1 text-small text-muted">{lead}</p> : null}
      <form action={submit} noValidate className="mt-4 grid gap-4">
        <input type="hidden" name="storeId" value={storeId} />
        <input type="hidden" name="version" value={version} />
        {children((name) => (field === name ? sentence : null))}
        <FieldError error={field ? null : sentence} />
        <div className="flex flex-wrap gap-2">
          <SubmitButton size="medium" busyLabel={t("saving")}>
            {t("save")}
          </SubmitButton>
          {refused?.code === "settings_moved" ? (
            <Button kind="soft" size="medium" onClick={() => router.refresh()}>
              {t("reload")}
            </Button>
          ) : null}
        </div>
      </form>
    </Card>
  );
}
