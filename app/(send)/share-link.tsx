"use client";

import { Check, Copy, Share } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import type { ButtonKind } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";

const SHOWN_MS = 3_000;

/** The phone's own sheet, or the clipboard where there is none. The link itself stands on the page, to be copied by hand. */
export function ShareLink({ link, text, label, copied, kind }: { link: string; text: string; label: string; copied: string; kind?: ButtonKind }) {
  const share = async () => {
    if (typeof navigator.share === "function") return navigator.share({ text, url: link }).catch(() => undefined);
    await copyOf(link, copied);
  };
  return (
    <Button kind={kind} isWide icon={<Icon of={Share} />} onClick={() => void share()}>
      {label}
    </Button>
  );
}

export function CopyText({ text, label, copied }: { text: string; label: string; copied: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyOf(text, copied))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button kind="soft" size="medium" icon={<Icon of={isCopied ? Check : Copy} />} onClick={() => void copy()}>
      {label}
    </Button>
  );
}

async function copyOf(text: string, copied: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return false;
  }
  toast(copied);
  return true;
}
