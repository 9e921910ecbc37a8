"use client";

import { Wallet } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { toast } from "sonner";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Dialog } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { RowIcon } from "@/components/ui/row";
import { shortAddress } from "@/components/wallet/short-address";
import { renameWalletAction, unlinkWalletAction } from "./actions";

type Shown = { walletId: string; name: string | null; address: string; isOwner: boolean; /** When it was linked and used, what it may. */ lines: string[] };

/** One linked wallet: what it is, its name behind a disclosure, and the way to unlink it. */
export function WalletCard({ walletId, name, address, isOwner, lines }: Shown) {
  const t = useTranslations("wallets");
  const shown = name ?? t("unnamed");
  return (
    <Card as="article" aria-label={shown}>
      <div className="flex items-start gap-3.5">
        <RowIcon ground="brand">
          <Icon of={Wallet} />
        </RowIcon>
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-sans text-body font-semibold tracking-normal">{shown}</h2>
          <p className="text-small text-muted tabular-nums" title={address}>
            {shortAddress(address)}
          </p>
          {lines.map((line) => (
            <p key={line} className="text-small text-muted">
              {line}
            </p>
          ))}
          {isOwner ? (
            <p className="mt-1.5">
              <Chip tone="brand">{t("isOwner")}</Chip>
            </p>
          ) : null}
        </div>
      </div>
      <div className="mt-2 flex flex-wrap items-start justify-between gap-x-4">
        <Rename walletId={walletId} name={name ?? ""} />
        <Unlink walletId={walletId} isOwner={isOwner} />
      </div>
    </Card>
  );
}

function Rename({ walletId, name }: { walletId: string; name: string }) {
  const t = useTranslations("wallets");
  const errorText = useErrorText();
  const [state, submit] = useActionState(renameWalletAction, null);
  const error = state?.ok === false ? errorText(state.code, state.details) : undefined;
  return (
    <details open={Boolean(error) || undefined}>
      <summary className="flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3 marker:content-none">{t("rename")}</summary>
      <form action={submit} className="mt-1 grid gap-3 pb-2">
        <input type="hidden" name="walletId" value={walletId} />
        <Field label={t("name")} name="name" defaultValue={name} key={name} required maxLength={60} autoComplete="off" error={error} />
        <SubmitButton size="medium" busyLabel={t("saving")}>
          {t("save")}
        </SubmitButton>
      </form>
    </details>
  );
}

function Unlink({ walletId, isOwner }: { walletId: string; isOwner: boolean }) {
  const t = useTranslations("wallets");
  const router = useRouter();
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const unlink = async () => {
    setBusy(true);
    setError(undefined);
    try {
      let answer = await unlinkWalletAction(null, formOf({ walletId }));
      if (answer?.ok === false && answer.code === "step_up_required") {
        // Two dialogs are never open: this one makes room for the confirmation.
        setAsking(false);
        if (!(await ask("wallets"))) return;
        answer = await unlinkWalletAction(null, formOf({ walletId }));
      }
      if (answer?.ok) {
        setAsking(false);
        toast.success(t("unlinked"));
        router.refresh();
      } else if (answer) {
        setAsking(true);
        setError(errorText(answer.code, answer.details));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <button type="button" onClick={() => setAsking(true)} className="min-h-11 font-semibold text-danger underline underline-offset-3">
        {t("unlink")}
      </button>
      <Dialog
        title={t("unlinkTitle")}
        lead={t("unlinkText")}
        isOpen={isAsking}
        onOpenChange={(isOpen) => {
          setAsking(isOpen);
          setError(undefined);
        }}
        isHeld={isBusy}
        actions={
          <>
            <Button kind="danger" isWide busy={isBusy && t("unlinking")} onClick={() => void unlink()}>
              {t("unlink")}
            </Button>
            <Button kind="quiet" isWide onClick={() => setAsking(false)}>
              {t("keep")}
            </Button>
          </>
        }
      >
        {isOwner ? <Note tone="caution">{t("unlinkOwner")}</Note> : null}
        <FieldError error={error} />
      </Dialog>
      {dialog}
    </>
  );
}
