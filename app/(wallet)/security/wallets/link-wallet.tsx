"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { WalletProof } from "@/components/wallet/wallet-proof";
import { useWallet } from "@/components/wallet/wallet-room";
import { linkWalletAction, walletLinkRequestAction } from "./actions";

/** A button, and behind it the wallets of this browser. The confirmation is asked before the wallet is, so that nobody signs in vain. */
export function LinkWallet({ isOpenAtFirst }: { isOpenAtFirst: boolean }) {
  const t = useTranslations("wallets");
  const router = useRouter();
  const { disconnect } = useWallet();
  const { ask, dialog } = useStepUp();
  const [isOpen, setOpen] = useState(isOpenAtFirst);

  if (!isOpen) {
    return (
      <Button kind="soft" isWide icon={<Icon of={Plus} />} onClick={() => setOpen(true)}>
        {t("link")}
      </Button>
    );
  }
  return (
    <section aria-label={t("link")} className="grid gap-3">
      <WalletProof
        label={t("linkThis")}
        ask={async (asked) => {
          const message = await walletLinkRequestAction(null, formOf(asked));
          return message?.ok === false && message.code === "step_up_required" && (await ask("wallets")) ? walletLinkRequestAction(null, formOf(asked)) : message;
        }}
        give={async (proof) => {
          const answer = await linkWalletAction(null, formOf(proof));
          if (answer?.ok) {
            toast.success(t("linked"));
            setOpen(false);
            await disconnect();
            router.refresh();
          }
          return answer;
        }}
      />
      {dialog}
    </section>
  );
}
