"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import type { ButtonKind, ButtonSize } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";

const SHOWN_MS = 3_000;

/** Puts the store's link on the clipboard; where the browser refuses, the link stands beside the button to be copied by hand. */
export function CopyLink({ link, kind = "soft", size = "medium" }: { link: string; kind?: ButtonKind; size?: ButtonSize }) {
  const t = useTranslations("store");
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      return;
    }
    toast(t("linkCopied"));
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button kind={kind} size={size} icon={<Icon of={isCopied ? Check : Copy} />} onClick={() => void copy()}>
      {t("copyLink")}
    </Button>
  );
}
