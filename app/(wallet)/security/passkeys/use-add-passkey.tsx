"use client";

import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { createPasskey, PasskeyError } from "@/lib/accounts/derived-key.client";
import type { DerivedProof } from "@/lib/auth/passkeys/rules";
import { tellPasskeys } from "@/lib/auth/passkeys/signals.client";
import type { ErrorCode } from "@/lib/errors";
import { addPasskeyAction, newPasskeyOptionsAction } from "./actions";

export type AddedPasskey = { passkeyId: string; name: string; derived: DerivedProof | null };

/** Adds a passkey, with a confirmation before where one is due. `add` answers null when it did not happen, and `error` says why. Put `dialog` on the page. */
export function useAddPasskey(): { add: () => Promise<AddedPasskey | null>; isBusy: boolean; error: string | undefined; dialog: ReactNode } {
  const t = useTranslations("passkeys");
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const fail = (failure: { code: ErrorCode; details: Record<string, string | number> } | null) => {
    if (failure) setError(errorText(failure.code, failure.details));
    return null;
  };
  const optionsOf = async () => {
    const options = await newPasskeyOptionsAction(null, formOf({}));
    if (options?.ok || options?.code !== "step_up_required") return options;
    return (await ask("passkeys")) ? newPasskeyOptionsAction(null, formOf({})) : null;
  };
  const make = async (): Promise<AddedPasskey | null> => {
    const options = await optionsOf();
    if (!options?.ok) return fail(options);
    const { passkey, derived } = await createPasskey(options.value);
    const added = await addPasskeyAction(null, formOf({ passkey: JSON.stringify(passkey), derived: JSON.stringify(derived) }));
    if (!added?.ok) return fail(added);
    await tellPasskeys(added.value.signal);
    return { passkeyId: added.value.passkeyId, name: added.value.name, derived };
  };
  const add = async () => {
    setError(undefined);
    if (!browserSupportsWebAuthn()) {
      setError(t("unsupported"));
      return null;
    }
    setBusy(true);
    try {
      return await make();
    } catch (failure) {
      if (!(failure instanceof PasskeyError)) throw failure;
      setError(failure.reason === "exists" ? errorText("passkey_exists") : t("cancelled"));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { add, isBusy, error, dialog };
}
