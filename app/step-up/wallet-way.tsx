"use client";

import { Wallet } from "lucide-react";
import { NextIntlClientProvider, useLocale, useMessages, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { WalletProof } from "@/components/wallet/wallet-proof";
import { WalletRoom } from "@/components/wallet/wallet-room";
import type { WalletSetup } from "@/components/wallet/wallet-types";
import type { StepUpPurpose } from "@/lib/auth/rules";
import { wallets } from "@/lib/i18n/messages/wallets";
import { stepUpByWalletAction, walletSetupAction, walletStepUpRequestAction } from "./actions";
import { formOf } from "./form-of";

/** A signature of a linked wallet. It is fetched with its texts when the dialog offers it: few people have one, and no page waits for it. */
export default function WalletWay({ onDone }: { purpose: StepUpPurpose; onDone: () => void }) {
  const locale = useLocale();
  const messages = useMessages();
  return (
    <NextIntlClientProvider locale={locale} messages={{ ...messages, wallets: wallets[locale] }}>
      <Confirm onDone={onDone} />
    </NextIntlClientProvider>
  );
}

function Confirm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("wallets");
  const [setup, setSetup] = useState<WalletSetup | null>(null);
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    const answer = await walletSetupAction(null, formOf({})).finally(() => setBusy(false));
    if (answer?.ok) setSetup(answer.value);
  };
  if (!setup) {
    return (
      <Button kind="outline" isWide icon={<Icon of={Wallet} />} busy={isBusy && t("looking")} onClick={() => void open()}>
        {t("confirm")}
      </Button>
    );
  }
  return (
    <WalletRoom {...setup} isPage={false}>
      <WalletProof
        label={t("confirm")}
        ask={(asked) => walletStepUpRequestAction(null, formOf(asked))}
        give={async ({ message, signature }) => {
          const answer = await stepUpByWalletAction(null, formOf({ message, signature }));
          if (answer?.ok) onDone();
          return answer;
        }}
      />
    </WalletRoom>
  );
}
