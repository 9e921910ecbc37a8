"use client";

import { ChevronRight, Fingerprint, Plus, ScrollText, Wallet, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { useSigningText } from "@/app/sign/use-signing-text";
import { Dialog } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { RowIcon } from "@/components/ui/row";
import { Spinner } from "@/components/ui/spinner";
import { WalletRoom } from "@/components/wallet/wallet-room";
import type { WalletSetup } from "@/components/wallet/wallet-types";
import { PasskeyError, randomRequest, withDerivedKey } from "@/lib/accounts/derived-key.client";
import { ownerProofMessage, type OwnerInput } from "@/lib/accounts/rules";
import type { PasskeyHandle } from "@/lib/auth/passkeys/rules";
import { paths } from "@/lib/paths";
import { WalletOwner } from "./wallet-owner";
import { WordsOwner } from "./words-owner";

/** What the page knows of the person's passkeys and wallets. */
export type OwnerSources = {
  account: string;
  rpId: string;
  passkeys: (PasskeyHandle & { passkeyId: string; name: string; derivedAddress: string | null })[];
  wallets: { walletId: string; address: string }[];
  wallet: WalletSetup;
};

/**
 * One owner: a passkey's own key, a wallet, or (where `hasWords`) twelve words on paper. `onChoose` gets an address with the proof that its
 * holder wants it. `taken` are owners that are there already.
 */
export function OwnerStep({ sources, taken, hasWords, onChoose }: { sources: OwnerSources; taken: readonly string[]; hasWords: boolean; onChoose: (owner: OwnerInput) => void }) {
  const t = useTranslations("takeover.choose");
  const signingText = useSigningText();
  const [open, setOpen] = useState<"wallet" | "words" | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string>();
  const { account, rpId, passkeys, wallets, wallet } = sources;
  // A passkey whose key is an owner already is not offered again by the browser.
  const free = passkeys.filter(({ derivedAddress }) => derivedAddress === null || !taken.includes(derivedAddress));

  const choose = (owner: OwnerInput) => {
    setOpen(null);
    if (taken.includes(owner.address)) return setError(t("same"));
    onChoose(owner);
  };

  const askPasskey = async () => {
    if (isAsking) return;
    setAsking(true);
    setError(undefined);
    try {
      await withDerivedKey(randomRequest({ rpId, credentials: free }), async (key, { credentialId }) => {
        const passkey = passkeys.find((item) => item.credentialId === credentialId);
        if (!passkey) return setError(t("unknownPasskey"));
        choose({ kind: "passkey", address: key.address, proof: key.signMessage(ownerProofMessage({ account, owner: key.address })), name: passkey.name || t("passkeyName"), passkeyId: passkey.passkeyId });
      });
    } catch (failure) {
      setError(failure instanceof PasskeyError && failure.reason === "no_key" ? t("noKey") : signingText(failure));
    } finally {
      setAsking(false);
    }
  };

  const isAnother = taken.length > 0;
  return (
    <div className="grid gap-3">
      {error ? (
        <div role="alert">
          <Note tone="danger">{error}</Note>
        </div>
      ) : null}
      <ul className="overflow-hidden rounded-card bg-card py-1 shadow-1">
        {free.length > 0 ? (
          <Choice icon={Fingerprint} title={t(isAnother ? "otherPasskey" : "passkey")} text={isAsking ? t("asking") : t(isAnother ? "otherPasskeyText" : "passkeyText")} isBusy={isAsking} onClick={() => void askPasskey()} />
        ) : null}
        {free.length === 0 ? (
          <Choice icon={Plus} title={t(passkeys.length > 0 ? "anotherPasskey" : "newPasskey")} text={t(passkeys.length > 0 ? "anotherPasskeyText" : "newPasskeyText")} href />
        ) : null}
        <Choice icon={Wallet} title={t("wallet")} text={t("walletText")} onClick={() => setOpen("wallet")} />
        {hasWords ? <Choice icon={ScrollText} title={t("words")} text={t("wordsText")} onClick={() => setOpen("words")} /> : null}
      </ul>
      {open === "wallet" ? (
        <Dialog isOpen title={t("walletTitle")} lead={t("walletLead")} onOpenChange={(isOpen) => (isOpen ? undefined : setOpen(null))}>
          <WalletRoom {...wallet} isPage={false}>
            <WalletOwner account={account} walletIds={wallets} onChoose={choose} />
          </WalletRoom>
        </Dialog>
      ) : null}
      {open === "words" ? <WordsOwner account={account} onChoose={choose} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

/** One way; without `onClick` it leads to the page where passkeys are made. */
function Choice({ icon, title, text, isBusy, onClick, href }: { icon: LucideIcon; title: ReactNode; text: ReactNode; isBusy?: boolean; onClick?: () => void; href?: boolean }) {
  const style = "flex min-h-[68px] w-full items-center gap-3.5 px-4 py-2.5 text-left text-ink no-underline outline-offset-[-3px] transition-colors duration-[120ms] hover:bg-sunk/60 active:bg-sunk";
  const inside = (
    <>
      <RowIcon ground="brand">
        <Icon of={icon} />
      </RowIcon>
      <span className="min-w-0 flex-1">
        <span className="block leading-5 font-semibold">{title}</span>
        <span className="block text-small text-muted">{text}</span>
      </span>
      {isBusy ? <Spinner /> : <Icon of={ChevronRight} className="text-muted" />}
    </>
  );
  return (
    <li className="relative [&+&]:before:absolute [&+&]:before:top-0 [&+&]:before:right-4 [&+&]:before:left-[76px] [&+&]:before:h-px [&+&]:before:bg-line">
      {href ? (
        <Link href={paths.passkeys()} className={style}>
          {inside}
        </Link>
      ) : (
        <button type="button" className={style} aria-busy={isBusy ? true : undefined} onClick={onClick}>
          {inside}
        </button>
      )}
    </li>
  );
}
