"use client";

import { useTranslations } from "next-intl";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog";
import { WalletRoom } from "@/components/wallet/wallet-room";
import type { WalletSetup } from "@/components/wallet/wallet-types";
import { PasskeyError, randomRequest, withDerivedKey } from "@/lib/accounts/derived-key.client";
import type { OwnerKind } from "@/lib/accounts/rules";
import { keySigner, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import type { SigningSetup } from "@/lib/accounts/signing-setup";
import { SigningFailure } from "./signing-failure";
import { WalletConfirm } from "./wallet-confirm";
import { WordsForm } from "./words-form";

type Run = (signer: OwnerSigner) => Promise<unknown>;
type Asked = { method: Exclude<OwnerKind, "passkey">; run: Run; end: (outcome: { error: unknown } | null) => void };

/** The ways in which these owners can sign here, the easiest first. */
export function methodsOf({ owners }: Pick<SigningSetup, "owners">): OwnerKind[] {
  const has = (kind: OwnerKind) => owners.some((owner) => owner.kind === kind && (kind !== "passkey" || owner.passkey));
  return (["passkey", "wallet", "recovery_key"] as const).filter(has);
}

/**
 * Lends a signer of the person's own to `run`, for the length of `run`: one touch of a passkey, a wallet's confirmation, or twelve typed
 * words. A passkey asks at once; the others open a sheet, which stands in `dialog`. Rejects with what a `useSigningText` can word.
 */
export function useOwnerSigner({ setup, wallet }: { setup: SigningSetup; wallet: WalletSetup }): { methods: OwnerKind[]; sign: (run: Run, method?: OwnerKind) => Promise<void>; dialog: ReactNode } {
  const t = useTranslations("signing");
  const [asked, setAsked] = useState<Asked | null>(null);
  const methods = useMemo(() => methodsOf(setup), [setup]);
  const addresses = useMemo(() => setup.owners.map(({ address }) => address), [setup]);

  const sign = useCallback(
    async (run: Run, method = methods[0]): Promise<void> => {
      if (!method) throw new SigningFailure("no_key");
      if (method === "passkey") return signWithPasskey(setup, run);
      await new Promise<void>((resolve, reject) => {
        setAsked({
          method,
          run,
          end: (outcome) => {
            setAsked(null);
            if (outcome) reject(outcome.error);
            else resolve();
          },
        });
      });
    },
    [methods, setup],
  );

  const dialog = asked ? (
    <Dialog isOpen title={asked.method === "wallet" ? t("walletTitle") : t("wordsTitle")} lead={asked.method === "wallet" ? t("walletLead") : t("wordsLead")} onOpenChange={(isOpen) => (isOpen ? undefined : asked.end({ error: new SigningFailure("cancelled") }))}>
      {asked.method === "wallet" ? (
        <WalletRoom {...wallet} isPage={false}>
          <WalletConfirm addresses={addresses} run={asked.run} end={asked.end} />
        </WalletRoom>
      ) : (
        <WordsForm addresses={addresses} run={asked.run} onDone={() => asked.end(null)} />
      )}
    </Dialog>
  ) : null;

  return { methods, sign, dialog };
}

async function signWithPasskey({ rpId, owners }: SigningSetup, run: Run): Promise<void> {
  const credentials = owners.flatMap(({ passkey }) => (passkey ? [passkey] : []));
  await withDerivedKey(randomRequest({ rpId, credentials }), async (key) => {
    if (!owners.some(({ address }) => address === key.address)) throw new PasskeyError("no_key");
    await run(keySigner(key));
  });
}
