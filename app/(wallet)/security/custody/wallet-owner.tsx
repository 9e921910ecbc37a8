"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useSigningText } from "@/app/sign/use-signing-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { WalletList } from "@/components/wallet/wallet-list";
import { useWallet } from "@/components/wallet/wallet-room";
import { ownerProofMessage, type OwnerInput } from "@/lib/accounts/rules";

/** Connects a wallet and has it sign the sentence that makes it an owner. */
export function WalletOwner({ account, walletIds, onChoose }: { account: string; walletIds: readonly { walletId: string; address: string }[]; onChoose: (owner: OwnerInput) => void }) {
  const t = useTranslations("takeover.choose");
  const signingText = useSigningText();
  const { connected, signMessage, disconnect } = useWallet();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  if (!connected) return <WalletList />;

  const prove = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const { address, name } = connected;
      const proof = await signMessage(ownerProofMessage({ account, owner: address }));
      const walletId = walletIds.find((item) => item.address === address)?.walletId;
      onChoose({ kind: "wallet", address, proof, name, ...(walletId && { walletId }) });
    } catch (failure) {
      setError(signingText(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="grid gap-3">
      <Button isWide busy={isBusy && t("walletWaiting")} onClick={() => void prove()}>
        {t("walletSign", { name: connected.name })}
      </Button>
      <Button kind="quiet" isWide onClick={() => void disconnect()}>
        {t("walletOther")}
      </Button>
      <FieldError error={error} />
    </div>
  );
}
