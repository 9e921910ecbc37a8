"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";

/** The code for "Pix copia e cola". It can be read and marked by hand too, where a browser lets no page write the clipboard. */
export function CopyCode({ brCode }: { brCode: string }) {
  const t = useTranslations("topups");
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(brCode).then(
      () => {
        setCopied(true);
        toast(t("code.copied"));
      },
      () => setCopied(false),
    );
  return (
    <div className="grid gap-2">
      <Button isWide onClick={copy} icon={<Icon of={isCopied ? Check : Copy} />}>
        {t(isCopied ? "code.copied" : "code.copy")}
      </Button>
      <p data-testid="br-code" className="rounded-control bg-sunk px-3 py-2.5 font-mono text-caption break-all text-ink select-all">
        {brCode}
      </p>
    </div>
  );
}
