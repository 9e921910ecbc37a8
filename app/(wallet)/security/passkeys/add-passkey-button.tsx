"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { useAddPasskey } from "./use-add-passkey";

export function AddPasskeyButton() {
  const t = useTranslations("passkeys");
  const router = useRouter();
  const { add, isBusy, error, dialog } = useAddPasskey();
  const press = async () => {
    const added = await add();
    if (!added) return;
    toast.success(t("added", { name: added.name }));
    router.refresh();
  };
  return (
    <div className="grid gap-2">
      <Button isWide icon={<Icon of={Plus} />} busy={isBusy && t("adding")} onClick={() => void press()}>
        {t("add")}
      </Button>
      <FieldError error={error} />
      {dialog}
    </div>
  );
}
