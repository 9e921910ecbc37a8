"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { askPasskey, PasskeyError } from "@/lib/accounts/derived-key.client";
import { formOf } from "./form-of";
import { passkeyStepUpRequestAction, stepUpByPasskeyAction } from "./actions";

/** One touch of a passkey. */
export function PasskeyWay({ onDone }: { onDone: () => void }) {
  const t = useTranslations("common.stepUp");
  const errorText = useErrorText();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const request = await passkeyStepUpRequestAction(null, formOf({}));
      if (!request?.ok) return setError(request ? errorText(request.code, request.details) : undefined);
      const confirmed = await askPasskey(request.value, async (answer) => stepUpByPasskeyAction(null, formOf({ answer: JSON.stringify(answer) })), { wantsKey: false });
      if (confirmed?.ok) onDone();
      else setError(confirmed ? errorText(confirmed.code, confirmed.details) : undefined);
    } catch (failure) {
      if (!(failure instanceof PasskeyError)) throw failure;
      setError(t("cancelled"));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="grid gap-2">
      <Button isWide icon={<Icon of={Fingerprint} />} busy={isBusy && t("busy")} onClick={() => void confirm()}>
        {t("passkey")}
      </Button>
      <FieldError error={error} />
    </div>
  );
}
