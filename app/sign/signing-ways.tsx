"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import type { OwnerKind } from "@/lib/accounts/rules";
import type { OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import type { Signing } from "./signing";
import { useOwnerSigner } from "./use-owner-signer";
import { useSigningText } from "./use-signing-text";

/** A button for the easiest way to confirm, the other ways below it, and why it did not work. */
export function SigningWays({ signing, run, busyLabel, onDone }: { signing: Signing; run: (signer: OwnerSigner) => Promise<unknown>; busyLabel: string; onDone: () => void }) {
  const t = useTranslations("signing");
  const signingText = useSigningText();
  const { methods, sign, dialog } = useOwnerSigner(signing);
  const [busy, setBusy] = useState<OwnerKind | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  const confirm = async (method: OwnerKind) => {
    if (busy) return;
    setBusy(method);
    setFailure(null);
    try {
      await sign(run, method);
      onDone();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(null);
    }
  };

  return (
    <div className="grid gap-2">
      {failure ? (
        <div role="alert">
          <Note tone="danger">{signingText(failure)}</Note>
        </div>
      ) : null}
      {methods.map((method, index) => (
        <Button key={method} kind={index === 0 ? "primary" : "quiet"} isWide busy={busy === method && busyLabel} onClick={() => void confirm(method)}>
          {t(`by.${method}`)}
        </Button>
      ))}
      {dialog}
    </div>
  );
}
