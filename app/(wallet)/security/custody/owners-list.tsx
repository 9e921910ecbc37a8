"use client";

import { Landmark, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { LinkButton } from "@/components/ui/link-button";
import { RowIcon } from "@/components/ui/row";
import type { OwnerKind } from "@/lib/accounts/rules";
import { paths } from "@/lib/paths";
import { removeOwnerAction } from "./actions";
import { OWNER_ICONS } from "./owner-icons";

export type OwnerShown = { address: string; kind: OwnerKind; name: string; since: string | null; isEverywhere: boolean; isPasskeyGone: boolean };

/** Every owner by name; adding leads to its page, removing asks first and then for another owner's confirmation. */
export function OwnersList({ owners, hasServer, canChange }: { owners: readonly OwnerShown[]; hasServer: boolean; canChange: boolean }) {
  const t = useTranslations("custody");
  const router = useRouter();
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [leaving, setLeaving] = useState<OwnerShown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const remove = async ({ address }: OwnerShown) => {
    setBusy(true);
    setError(undefined);
    let answer = await removeOwnerAction(null, formOf({ address }));
    if (answer?.ok === false && answer.code === "step_up_required") {
      setLeaving(null);
      if (await ask("owners")) answer = await removeOwnerAction(null, formOf({ address }));
    }
    setBusy(false);
    setLeaving(null);
    if (answer?.ok === false) return answer.code === "step_up_required" ? undefined : setError(errorText(answer.code, answer.details));
    router.refresh();
  };

  return (
    <Card aria-labelledby="owners">
      <h2 id="owners">{t("owners")}</h2>
      <p className="mt-1 text-small text-muted">{t("ownersText")}</p>
      <ul className="mt-2" data-testid="owners">
        {hasServer ? (
          <li className="flex min-h-[68px] items-center gap-3.5">
            <RowIcon ground="caution">
              <Icon of={Landmark} />
            </RowIcon>
            <span className="min-w-0 flex-1">
              <b className="block leading-5 font-semibold">{t("serverOwner")}</b>
              <span className="text-small text-muted">{t("notEverywhere")}</span>
            </span>
          </li>
        ) : null}
        {owners.map((owner) => (
          <li key={owner.address} className="flex min-h-[68px] items-center gap-3.5">
            <RowIcon ground="brand">
              <Icon of={OWNER_ICONS[owner.kind]} />
            </RowIcon>
            <span className="min-w-0 flex-1">
              <b className="block truncate leading-5 font-semibold">{owner.name}</b>
              <span className="block text-small text-muted">{[t(`kinds.${owner.kind}`), owner.since, owner.isEverywhere ? null : t("notEverywhere")].filter(Boolean).join(" · ")}</span>
              {owner.isPasskeyGone ? <span className="block text-small text-caution">{t("passkeyGone")}</span> : null}
            </span>
            {canChange ? (
              <IconButton aria-label={`${t("removeOwner")}: ${owner.name}`} onClick={() => setLeaving(owner)}>
                <Icon of={Trash2} className="text-muted" />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ul>
      <FieldError error={error} />
      {canChange ? (
        <div className="mt-3">
          <LinkButton href={paths.addOwner()} kind="soft" size="medium">
            {t("addOwner")}
          </LinkButton>
        </div>
      ) : null}
      {leaving ? (
        <Dialog
          isOpen
          title={t("removeTitle", { name: leaving.name })}
          lead={t("removeText")}
          onOpenChange={(isOpen) => (isOpen ? undefined : setLeaving(null))}
          actions={
            <>
              <Button kind="danger" isWide busy={isBusy && t("removing")} onClick={() => void remove(leaving)}>
                {t("removeConfirm")}
              </Button>
              <Button kind="quiet" isWide onClick={() => setLeaving(null)}>
                {t("cancel")}
              </Button>
            </>
          }
        />
      ) : null}
      {dialog}
    </Card>
  );
}
