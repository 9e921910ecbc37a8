"use client";

import { Smartphone, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { QrCode } from "@/components/qr-code";
import { buttonStyle } from "@/components/ui/button-style";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { RowIcon } from "@/components/ui/row";
import { RowsSkeleton } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { useWallet } from "./wallet-room";
import { walletFailureCode, type ConnectedWallet, type WalletChoice, type WalletFailureCode } from "./wallet-types";

/** What a refused or failed question to a wallet is in words. Needs the texts of the area `wallets`. */
export function useWalletFailureText(): (code: WalletFailureCode) => string {
  const t = useTranslations("wallets.failures");
  return (code) => t(code);
}

/**
 * The wallets that can be connected here: those found in this browser, Base's, and WalletConnect where it is set up. `instead` is what a
 * person without any can do (a link to the sign-in by phone). Needs the texts of the area `wallets`.
 */
export function WalletList({ onConnect, instead }: { onConnect?: (wallet: ConnectedWallet) => void; instead?: ReactNode }) {
  const t = useTranslations("wallets");
  const failureText = useWalletFailureText();
  const { status, choices, pairingUri, connect } = useWallet();
  const [busyId, setBusyId] = useState<string | null>(null);
  const [failure, setFailure] = useState<WalletFailureCode | null>(null);

  const choose = async (choice: WalletChoice) => {
    if (busyId) return;
    setBusyId(choice.id);
    setFailure(null);
    try {
      const wallet = await connect(choice.id);
      onConnect?.(wallet);
    } catch (error) {
      setFailure(walletFailureCode(error));
    } finally {
      setBusyId(null);
    }
  };

  if (status === "loading") return <RowsSkeleton count={2} label={t("looking")} />;
  return (
    <div className="grid gap-3">
      {choices.some(({ kind }) => kind === "found") ? null : (
        <Note tone="neutral" icon={<Icon of={Wallet} />}>
          <p className="font-semibold">{t("noneTitle")}</p>
          <p className="mt-1">{t("noneText")}</p>
          {instead ? <div className="mt-2">{instead}</div> : null}
        </Note>
      )}
      <ul aria-label={t("choose")} className="overflow-hidden rounded-card bg-card py-1 shadow-1">
        {choices.map((choice) => (
          <li key={choice.id} className="relative [&+&]:before:absolute [&+&]:before:top-0 [&+&]:before:right-4 [&+&]:before:left-[76px] [&+&]:before:h-px [&+&]:before:bg-line">
            <button
              type="button"
              onClick={() => void choose(choice)}
              aria-busy={busyId === choice.id || undefined}
              aria-disabled={busyId !== null || undefined}
              className="flex min-h-[68px] w-full items-center gap-3.5 px-4 py-2.5 text-left outline-offset-[-3px] transition-colors duration-[120ms] hover:bg-sunk/60 active:bg-sunk"
            >
              <ChoiceIcon choice={choice} />
              <span className="min-w-0 flex-1">
                <span className="block truncate leading-5 font-semibold">{choice.name}</span>
                <span className="block text-small text-muted">{t(`kinds.${choice.kind}`)}</span>
              </span>
              {busyId === choice.id ? <Spinner /> : null}
            </button>
          </li>
        ))}
      </ul>
      {pairingUri ? <Pairing uri={pairingUri} /> : null}
      <FieldError error={failure ? failureText(failure) : undefined} />
      <p role="status" className="sr-only">
        {busyId ? t("waiting") : ""}
      </p>
    </div>
  );
}

function ChoiceIcon({ choice }: { choice: WalletChoice }) {
  if (choice.icon) {
    // The wallet's own picture, a data URI: there is nothing for an image loader to do.
    // eslint-disable-next-line @next/next/no-img-element
    return <img src={choice.icon} alt="" width={44} height={44} className="size-11 flex-none rounded-[14px]" />;
  }
  return (
    <RowIcon ground="brand">
      <Icon of={choice.kind === "walletconnect" ? Smartphone : Wallet} />
    </RowIcon>
  );
}

/** WalletConnect's code for another phone's wallet, and the way into a wallet on this phone. */
function Pairing({ uri }: { uri: string }) {
  const t = useTranslations("wallets");
  return (
    <div className="grid justify-items-center gap-3 rounded-card bg-card p-5 text-center shadow-1">
      <p className="text-muted">{t("pairingLead")}</p>
      <QrCode text={uri} label={t("pairingCode")} size={280} />
      <a href={uri} className={buttonStyle({ kind: "soft", size: "medium" })}>
        {t("pairingOpen")}
      </a>
    </div>
  );
}
