"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { WalletList } from "@/components/wallet/wallet-list";
import { useWallet } from "@/components/wallet/wallet-room";
import type { WalletTypedData } from "@/components/wallet/wallet-types";
import { walletSigner, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import { useSigningText } from "./use-signing-text";

/** Asks the connected wallet to sign when it is one of the owners; else lets another one be connected. */
export function WalletConfirm({ addresses, run, end }: { addresses: readonly string[]; run: (signer: OwnerSigner) => Promise<unknown>; end: (outcome: { error: unknown } | null) => void }) {
  const t = useTranslations("signing");
  const signingText = useSigningText();
  const wallet = useWallet();
  const { connected } = wallet;
  const [failure, setFailure] = useState<unknown>(null);
  const hasAsked = useRef(false);
  const isOwner = connected !== null && addresses.includes(connected.address);

  const ask = async () => {
    if (!connected) return;
    hasAsked.current = true;
    setFailure(null);
    try {
      await run(
        walletSigner(connected.address, async (chainId, data) => {
          await wallet.switchTo(chainId);
          return wallet.signTypedData(data as unknown as WalletTypedData);
        }),
      );
      end(null);
    } catch (error) {
      setFailure(error);
    }
  };
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  // The tap that opened the sheet was the wish to sign: a wallet that is there is asked at once.
  useEffect(() => {
    if (isOwner && !hasAsked.current) void latest.current();
  }, [isOwner]);

  if (wallet.status === "loading" || !connected) return <WalletList />;
  if (!isOwner) {
    return (
      <div className="grid gap-3">
        <Note tone="caution">{t("walletNotOwner", { name: connected.name })}</Note>
        <WalletList />
      </div>
    );
  }
  return failure ? (
    <div className="grid gap-3">
      <div role="alert">
        <Note tone="danger">{signingText(failure)}</Note>
      </div>
      <Button isWide onClick={() => void ask()}>
        {t("again")}
      </Button>
    </div>
  ) : (
    <p role="status" className="flex min-h-14 items-center justify-center gap-3 text-muted">
      <Spinner /> {t("walletWaiting", { name: connected.name })}
    </p>
  );
}
