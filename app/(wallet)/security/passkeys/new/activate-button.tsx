"use client";

import { Fingerprint } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { paths } from "@/lib/paths";
import { useAddPasskey } from "../use-add-passkey";

export function ActivateButton() {
  const t = useTranslations("passkeys");
  const router = useRouter();
  const { add, isBusy, error, dialog } = useAddPasskey();
  const press = async () => {
    const added = await add();
    if (!added) return;
    toast.success(t("added", { name: added.name }));
    router.push(paths.home());
  };
  return (
    <div className="grid gap-2">
      <FieldError error={error} />
      <Button isWide icon={<Icon of={Fingerprint} />} busy={isBusy && t("offer.activating")} onClick={() => void press()}>
        {t("offer.activate")}
      </Button>
      {dialog}
    </div>
  );
}
