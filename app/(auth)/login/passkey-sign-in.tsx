"use client";

import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, WebAuthnAbortService } from "@simplewebauthn/browser";
import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import { formOf } from "@/app/step-up/form-of";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { askPasskey, PasskeyError, proveKey } from "@/lib/accounts/derived-key.client";
import { tellPasskeys, tellUnknownPasskey } from "@/lib/auth/passkeys/signals.client";
import { CHALLENGE_LIFETIME_SECONDS } from "@/lib/auth/rules";
import { passkeySignInRequestAction, signInByPasskeyAction } from "./actions";

/** A suggestion that stands longer than its challenge would be refused, so it is asked for anew before. */
const RENEW_MS = (CHALLENGE_LIFETIME_SECONDS - 60) * 1000;

/** Signs in by a passkey: the browser suggests one on the phone field, and a button asks for one. Not there where the browser knows none. */
export function PasskeySignIn({ next }: { next: string }) {
  const t = useTranslations("auth");
  const errorText = useErrorText();
  const [isSupported, setSupported] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  /** Answers why not, or null when the page is on its way. */
  const signIn = useCallback(
    async ({ isAutofill }: { isAutofill: boolean }): Promise<string | null> => {
      const request = await passkeySignInRequestAction(null, formOf({}));
      if (!request?.ok) return errorText(request?.code ?? "unavailable", request?.details);
      const { challenge, rpId } = request.value;
      return askPasskey(
        request.value,
        async (answer, key) => {
          setBusy(true);
          const derived = key ? proveKey(key, challenge) : null;
          const signedIn = await signInByPasskeyAction(null, formOf({ answer: JSON.stringify(answer), derived: JSON.stringify(derived), next }));
          if (signedIn?.ok) {
            await tellPasskeys(signedIn.value.signal);
            location.assign(signedIn.value.href);
            return null;
          }
          setBusy(false);
          if (signedIn?.code === "passkey_unknown") await tellUnknownPasskey(rpId, answer.credentialId);
          return errorText(signedIn?.code ?? "unavailable", signedIn?.details);
        },
        { isAutofill },
      );
    },
    [errorText, next],
  );

  // The suggestion on the phone field waits as long as the page is open; pressing the button replaces it.
  const suggest = useCallback(async () => {
    const failure = await signIn({ isAutofill: true }).catch(() => null);
    if (failure) setError(failure);
  }, [signIn]);
  useEffect(() => {
    setSupported(browserSupportsWebAuthn());
    let timer: ReturnType<typeof setInterval> | undefined;
    let isGone = false;
    void browserSupportsWebAuthnAutofill().then((canSuggest) => {
      if (!canSuggest || isGone) return;
      void suggest();
      timer = setInterval(() => void suggest(), RENEW_MS);
    });
    return () => {
      isGone = true;
      clearInterval(timer);
      WebAuthnAbortService.cancelCeremony();
    };
    // Once for the life of the page: a new text or path must not restart what the browser shows.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const press = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const failure = await signIn({ isAutofill: false });
      if (failure === null) return;
      setError(failure);
    } catch (failure) {
      if (!(failure instanceof PasskeyError)) throw failure;
      if (failure.reason !== "replaced") setError(t("passkeyCancelled"));
    }
    setBusy(false);
    void suggest();
  };

  if (!isSupported) return null;
  return (
    <div className="mt-2 grid gap-2">
      <Button kind="quiet" isWide icon={<Icon of={Fingerprint} />} busy={isBusy && t("passkeyBusy")} onClick={() => void press()}>
        {t("passkey")}
      </Button>
      <FieldError error={error} />
    </div>
  );
}
