"use client";

import { useTranslations } from "next-intl";
import { formOf } from "@/app/step-up/form-of";
import { LinkButton } from "@/components/ui/link-button";
import { WalletProof } from "@/components/wallet/wallet-proof";
import { paths } from "@/lib/paths";
import { walletSignInAction, walletSignInRequestAction } from "./actions";

export function WalletSignIn({ next }: { next: string }) {
  const t = useTranslations("wallets");
  return (
    <div className="grid gap-4">
      <WalletProof
        label={t("signIn")}
        ask={(asked) => walletSignInRequestAction(null, formOf(asked))}
        give={async ({ message, signature }) => {
          const answer = await walletSignInAction(null, formOf({ message, signature, next }));
          if (answer?.ok) location.assign(answer.value.to);
          return answer;
        }}
      />
      <LinkButton href={paths.login(next)} kind="quiet" size="medium" isWide>
        {t("byPhone")}
      </LinkButton>
    </div>
  );
}
