"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { RowIcon } from "@/components/ui/row";
import type { OwnerInput } from "@/lib/accounts/rules";
import { paths } from "@/lib/paths";
import { addOwnerAction } from "../actions";
import { OWNER_ICONS } from "../owner-icons";
import { OwnerStep, type OwnerSources } from "../owner-step";

export function AddOwner({ sources, taken }: { sources: OwnerSources; taken: readonly string[] }) {
  const t = useTranslations("custody");
  const router = useRouter();
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [owner, setOwner] = useState<OwnerInput | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  if (!owner) return <OwnerStep sources={sources} taken={taken} hasWords onChoose={setOwner} />;

  const add = async () => {
    setBusy(true);
    setError(undefined);
    const form = () => formOf({ owner: JSON.stringify(owner) });
    let answer = await addOwnerAction(null, form());
    if (answer?.ok === false && answer.code === "step_up_required" && (await ask("owners"))) answer = await addOwnerAction(null, form());
    if (answer?.ok) return router.replace(paths.custody());
    if (answer && answer.code !== "step_up_required") setError(errorText(answer.code, answer.details));
    setBusy(false);
  };

  return (
    <>
      <Card as="div">
        <div className="flex items-center gap-3.5">
          <RowIcon ground="brand">
            <Icon of={OWNER_ICONS[owner.kind]} />
          </RowIcon>
          <span className="min-w-0 flex-1">
            <b className="block truncate font-semibold">{owner.name}</b>
            <span className="text-small text-muted">{t(`kinds.${owner.kind}`)}</span>
          </span>
        </div>
      </Card>
      <FieldError error={error} />
      <Button isWide busy={isBusy && t("add.confirming")} onClick={() => void add()}>
        {t("add.confirm")}
      </Button>
      <Button kind="quiet" isWide onClick={() => setOwner(null)}>
        {t("cancel")}
      </Button>
      {dialog}
    </>
  );
}
