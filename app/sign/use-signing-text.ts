"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useErrorText } from "@/components/error-text";
import { WalletFailure } from "@/components/wallet/wallet-types";
import { RefusedByServer, signingFailureOf } from "./signing-failure";

/** The sentence for a failure on the way to a signature. Needs the texts of `signing` and `wallets`. */
export function useSigningText(): (error: unknown) => string {
  const t = useTranslations("signing.failures");
  const ofWallet = useTranslations("wallets.failures");
  const errorText = useErrorText();
  return useCallback(
    (error) => {
      if (error instanceof RefusedByServer) return errorText(error.code, error.details);
      if (error instanceof WalletFailure) return ofWallet(error.code);
      return t(signingFailureOf(error));
    },
    [t, ofWallet, errorText],
  );
}
