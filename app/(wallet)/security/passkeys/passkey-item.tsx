"use client";

import { Fingerprint, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { RowIcon } from "@/components/ui/row";
import type { PasskeySignal } from "@/lib/auth/passkeys/rules";
import { tellPasskeys } from "@/lib/auth/passkeys/signals.client";
import { CheckKey } from "./check-key";
import { RemoveDialog } from "./remove-dialog";
import { RenameDialog } from "./rename-dialog";

type Props = { passkeyId: string; name: string; line: string; isOwner: boolean; hasKey: boolean; others: number };

/** One passkey: what it is called, when it was used, and what can be done with it. */
export function PasskeyItem({ passkeyId, name, line, isOwner, hasKey, others }: Props) {
  const t = useTranslations("passkeys");
  const router = useRouter();
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const done = async (text: string, signal: PasskeySignal) => {
    setOpen(null);
    toast.success(text);
    await tellPasskeys(signal);
    router.refresh();
  };
  return (
    <li className="rounded-card bg-card px-4 py-3 shadow-1">
      <div className="flex items-center gap-3.5">
        <RowIcon ground="brand">
          <Icon of={Fingerprint} />
        </RowIcon>
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold leading-5">{name}</p>
          <p className="text-small text-muted">{line}</p>
        </div>
        <IconButton aria-label={`${t("rename")}: ${name}`} onClick={() => setOpen("rename")}>
          <Icon of={Pencil} />
        </IconButton>
        <IconButton aria-label={`${t("remove")}: ${name}`} className="text-danger" onClick={() => setOpen("remove")}>
          <Icon of={Trash2} />
        </IconButton>
      </div>
      {isOwner ? (
        <p className="mt-2 pl-[58px]">
          <Chip tone="positive">{t("owner")}</Chip>
        </p>
      ) : null}
      {hasKey ? null : <CheckKey passkeyId={passkeyId} />}
      {open === "rename" ? <RenameDialog passkeyId={passkeyId} name={name} onClose={() => setOpen(null)} onDone={(signal) => void done(t("renamed"), signal)} /> : null}
      {open === "remove" ? <RemoveDialog passkeyId={passkeyId} name={name} isOwner={isOwner} others={others} onClose={() => setOpen(null)} onDone={(signal) => void done(t("removed"), signal)} /> : null}
    </li>
  );
}
