"use client";

import { Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslations("common");
  return (
    <IconButton
      aria-label={label}
      className="print:hidden"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => toast(t("copied")));
      }}
    >
      <Icon of={Copy} />
    </IconButton>
  );
}
