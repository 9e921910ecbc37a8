"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { formOf } from "@/app/step-up/form-of";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { PasskeyError, proveKey, withDerivedKey } from "@/lib/accounts/derived-key.client";
import { derivedKeyRequestAction, proveDerivedAddressAction } from "./actions";

/** A passkey that gave no key when it was made: some give it only when asked again, others never do, and then the page says so. */
export function CheckKey({ passkeyId }: { passkeyId: string }) {
  const t = useTranslations("passkeys");
  const errorText = useErrorText();
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<string>();

  const check = async () => {
    setBusy(true);
    setOutcome(undefined);
    try {
      const request = await derivedKeyRequestAction(null, formOf({ passkeyId }));
      if (!request?.ok) return setOutcome(request ? errorText(request.code, request.details) : undefined);
      const { challenge } = request.value;
      const proven = await withDerivedKey(request.value, (key, answer) => proveDerivedAddressAction(null, formOf({ answer: JSON.stringify(answer), derived: JSON.stringify(proveKey(key, challenge)) })));
      if (proven?.ok) {
        toast.success(t("checked"));
        router.refresh();
      } else setOutcome(proven ? errorText(proven.code, proven.details) : undefined);
    } catch (failure) {
      if (!(failure instanceof PasskeyError)) throw failure;
      setOutcome(failure.reason === "no_key" ? t("cannot") : t("cancelled"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="mt-2 grid gap-2 pl-[58px]">
      <p className="text-small text-muted">{t("noKey")}</p>
      {outcome ? <Note tone="caution" isLive>{outcome}</Note> : null}
      <div>
        <Button kind="soft" size="medium" busy={isBusy && t("checking")} onClick={() => void check()}>
          {t("check")}
        </Button>
      </div>
    </div>
  );
}
