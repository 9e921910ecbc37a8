"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import type { ChainId } from "@/lib/chain/chains";
import type { ErrorCode } from "@/lib/errors";
import { ConnectedCard } from "./connected-card";
import { useWalletFailureText, WalletList } from "./wallet-list";
import { useWallet } from "./wallet-room";
import { walletFailureCode, type ConnectedWallet, type Hex } from "./wallet-types";

/** What a server action answers. */
type Answer<T> = null | undefined | { ok: true; value: T } | { ok: false; code: ErrorCode; details: Record<string, string | number> };

/** A message that the server wrote, signed by the wallet. `name` is what the wallet calls itself. */
export type Proof = { message: string; signature: Hex; name: string };

/**
 * A wallet proves itself: it is connected, the server writes a message for it (`ask`), the wallet signs, the server judges (`give`).
 * Whatever goes wrong is said here. Stands in a WalletRoom; needs the texts of the area `wallets`.
 */
export function WalletProof({ label, ask, give, instead }: {
  /** The button's verb, such as "Entrar". */
  label: string;
  ask: (asked: { address: Hex; chainId: ChainId }) => Promise<Answer<string>>;
  give: (proof: Proof) => Promise<Answer<unknown>>;
  instead?: ReactNode;
}) {
  const t = useTranslations("wallets");
  const errorText = useErrorText();
  const failureText = useWalletFailureText();
  const { connected, chainIds, signMessage, disconnect } = useWallet();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const prove = async (wallet: ConnectedWallet) => {
    setBusy(true);
    setError(undefined);
    try {
      // A key signs the same on every chain; a contract wallet lives on the one that it stands on.
      const chainId = chainIds.find((id) => id === wallet.chainId) ?? chainIds[0]!;
      const asked = await ask({ address: wallet.address, chainId });
      if (!asked?.ok) return setError(asked ? errorText(asked.code, asked.details) : undefined);
      const signature = await signMessage(asked.value);
      const given = await give({ message: asked.value, signature, name: wallet.name });
      if (given?.ok === false) setError(errorText(given.code, given.details));
    } catch (failure) {
      setError(failureText(walletFailureCode(failure)));
    } finally {
      setBusy(false);
    }
  };

  if (!connected) return <WalletList onConnect={(wallet) => void prove(wallet)} instead={instead} />;
  return (
    <div className="grid gap-3">
      <ConnectedCard wallet={connected} />
      <Button isWide busy={isBusy && t("waiting")} onClick={() => void prove(connected)}>
        {label}
      </Button>
      <FieldError error={error} />
      <Button kind="quiet" size="medium" isWide onClick={() => void disconnect()}>
        {t("other")}
      </Button>
    </div>
  );
}
