"use client";

import { Store } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { Money } from "@/components/money";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { useWalletFailureText, WalletList } from "@/components/wallet/wallet-list";
import { useWallet } from "@/components/wallet/wallet-room";
import { walletFailureCode, type WalletFailureCode } from "@/components/wallet/wallet-types";
import { chainName, type ChainId } from "@/lib/chain/chains";
import { balanceQuestion, transferTokensCall, unitsOfAnswer } from "@/lib/chain/wallet-calls";
import { shortAddress } from "@/lib/guests/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import type { WalletRewards, WalletToken } from "@/lib/guests/wallet-rewards";

type Held = WalletToken & { units: bigint };

/** What the connected wallet still holds of the stores that rewarded it, and one button that brings it to the account. The wallet signs. */
export function MoveRewards({ wallets, brlPerUsdMicros }: { wallets: WalletRewards[]; brlPerUsdMicros: bigint }) {
  const t = useTranslations("guest.rewards");
  const locale = useLocale();
  const failureText = useWalletFailureText();
  const wallet = useWallet();
  const { connected, read } = wallet;
  const mine = wallets.find(({ address }) => address === connected?.address);
  const [held, setHeld] = useState<Held[] | null>(null);
  const [busyOn, setBusyOn] = useState<ChainId | null>(null);
  const [failure, setFailure] = useState<WalletFailureCode | null>(null);
  const [hasMoved, setMoved] = useState(false);
  const isRunning = useRef(false);

  const look = useCallback(async () => {
    if (!mine) return setHeld(null);
    const found = await Promise.all(
      mine.tokens.map(async (token): Promise<Held[]> => {
        const units = unitsOfAnswer(await read(token.chainId, balanceQuestion(token.tokenAddress, mine.address)));
        return units > 0n ? [{ ...token, units }] : [];
      }),
    );
    setHeld(found.flat());
  }, [mine, read]);
  useEffect(() => {
    look().catch((error: unknown) => setFailure(walletFailureCode(error)));
  }, [look]);

  async function move(chainId: ChainId, tokens: Held[]) {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusyOn(chainId);
    setFailure(null);
    try {
      const calls = tokens.map((token) => transferTokensCall(token.tokenAddress, token.accountAddress, token.units));
      if (calls.length > 1 && (await wallet.canBatch(chainId))) await wallet.sendCalls(chainId, calls);
      else for (const call of calls) await wallet.waitForTransaction(chainId, await wallet.sendTransaction(chainId, call));
      setMoved(true);
    } catch (error) {
      setFailure(walletFailureCode(error));
    } finally {
      await look().catch(() => undefined);
      isRunning.current = false;
      setBusyOn(null);
    }
  }

  const chains = [...new Set(held?.map(({ chainId }) => chainId) ?? [])];
  const valueOf = (token: Held) => (token.supplyUnits === 0n ? 0n : brlCentavosFromUsd((token.surplusUsdMicros * token.units) / token.supplyUnits, brlPerUsdMicros));
  return (
    <div className="grid gap-4">
      {mine ? null : (
        <>
          {wallets.map(({ address }) => (
            <p key={address}>{t("connect", { address: shortAddress(address) })}</p>
          ))}
          <WalletList />
        </>
      )}
      <div role="status" className="grid gap-3 empty:hidden">
        {hasMoved ? <Note tone="positive">{t("moved")}</Note> : null}
        {mine && held?.length === 0 && !hasMoved ? <Note tone="neutral">{t("empty")}</Note> : null}
      </div>
      {failure ? (
        <div role="alert">
          <Note tone="danger">{failureText(failure)}</Note>
        </div>
      ) : null}
      {chains.map((chainId) => {
        const tokens = held?.filter((token) => token.chainId === chainId) ?? [];
        return (
          <section key={chainId} aria-label={t("network", { network: chainName(chainId) })} className="grid gap-3">
            <RowList>
              {tokens.map((token) => (
                <Row
                  key={token.tokenAddress}
                  leading={
                    <RowIcon ground="reward">
                      <Icon of={Store} />
                    </RowIcon>
                  }
                  title={t("units", { amount: formatBrl(valueOf(token), locale), store: token.storeName })}
                  line={t("network", { network: chainName(chainId) })}
                  amount={<Money currency="BRL" amount={valueOf(token)} />}
                />
              ))}
            </RowList>
            <Button isWide busy={busyOn === chainId && t("moving")} onClick={() => void move(chainId, tokens)}>
              {t("move")}
            </Button>
          </section>
        );
      })}
    </div>
  );
}
