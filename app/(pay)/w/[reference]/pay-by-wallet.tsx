"use client";

import { Wallet } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import { RowsSkeleton } from "@/components/ui/skeleton";
import { useWalletFailureText, WalletList } from "@/components/wallet/wallet-list";
import { useWallet } from "@/components/wallet/wallet-room";
import { chainName, type ChainId } from "@/lib/chain/chains";
import { dollarsQuestion, unitsOfAnswer } from "@/lib/chain/wallet-calls";
import { shortAddress } from "@/lib/guests/rules";
import { formatBrl, formatCents, formatUsd, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { askedMark } from "./asked-mark";
import { OtherWay } from "./other-way";
import { useWalletPayment, type PayableChain, type PaymentProblem } from "./use-wallet-payment";

type Props = {
  reference: string;
  shortCode: string;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  rewardBrlCentavos: bigint;
  secondsLeft: number;
  totalSeconds: number;
  isForAccount: boolean;
  /** It holds a charge: then there is another way to pay it. */
  hasCharge: boolean;
  chains: PayableChain[];
};
type Balance = bigint | "unreadable" | undefined;

/** Connect, choose where the dollars come from, pay. What was sent is said by the server's page, which takes this one's place. */
export function PayByWallet({ reference, shortCode, amountUsdMicros, amountBrlCentavos, rewardBrlCentavos, secondsLeft, totalSeconds, isForAccount, hasCharge, chains }: Props) {
  const t = useTranslations("guest");
  const locale = useLocale();
  const router = useRouter();
  const { connected, disconnect, canBatch } = useWallet();
  const [endsAt] = useState(() => Date.now() + secondsLeft * 1000);
  const { step, problem, start } = useWalletPayment({ reference, amountUsdMicros, endsAt });
  const { balances, readAgain } = useBalances(connected?.address ?? null, chains);
  const [chosen, setChosen] = useState<ChainId | null>(null);
  const [wasAsked, setWasAsked] = useState(false);
  useEffect(() => setWasAsked(askedMark.has(reference)), [reference, step]);

  const enough = chains.filter(({ chainId }) => typeof balances[chainId] === "bigint" && balances[chainId] >= amountUsdMicros);
  const chain = enough.find(({ chainId }) => chainId === chosen) ?? enough.find(({ chainId }) => chainId === connected?.chainId) ?? enough[0];
  const isRead = chains.every(({ chainId }) => balances[chainId] !== undefined);
  const batches = useBatching(connected?.address, chain?.chainId, canBatch);

  const dollars = formatCents(usdCentsFromMicros(amountUsdMicros, "up"), "USD", locale);
  const reais = formatBrl(amountBrlCentavos, locale);
  const says = step ? t(`steps.${step}`, { amount: dollars }) : null;
  return (
    <>
      <QuoteRing secondsLeft={secondsLeft} totalSeconds={totalSeconds} label={(left) => t("heldFor", { time: clockOf(left) })} onEnd={step ? undefined : () => router.refresh()} />
      {chains.length === 0 ? (
        <Note tone="caution">{t("noChains")}</Note>
      ) : !connected ? (
        <section aria-labelledby="connect" className="grid gap-3">
          <h2 id="connect" className="text-heading">
            {t("connectTitle")}
          </h2>
          <WalletList
            instead={
              hasCharge ? null : (
                <LinkButton kind="soft" size="medium" href={paths.pay(shortCode)}>
                  {t("noWallet")}
                </LinkButton>
              )
            }
          />
        </section>
      ) : (
        <>
          <Card className="px-4.5! py-3.5!">
            <div className="flex items-center gap-3">
              <Icon of={Wallet} />
              <p className="min-w-0 flex-1 truncate font-semibold" title={connected.address}>
                {t("connectedAs", { name: connected.name, address: shortAddress(connected.address) })}
              </p>
              {step ? null : (
                <button type="button" onClick={() => void disconnect()} className="min-h-11 text-small font-semibold text-brand-ink underline">
                  {t("changeWallet")}
                </button>
              )}
            </div>
          </Card>
          <fieldset disabled={step !== null} className="min-w-0">
            <legend className="mb-2 font-semibold">{t("chooseTitle")}</legend>
            {isRead ? (
              <div className="overflow-hidden rounded-card bg-card py-1 shadow-1">
                {chains.map(({ chainId }) => (
                  <ChainChoice key={chainId} chainId={chainId} balance={balances[chainId]} needUsdMicros={amountUsdMicros} isChosen={chain?.chainId === chainId} onChoose={() => setChosen(chainId)} />
                ))}
              </div>
            ) : (
              <RowsSkeleton count={chains.length} label={t("reading")} />
            )}
          </fieldset>
          {isRead && !chain ? (
            <Note
              tone="caution"
              isLive
              trailing={
                <Button kind="soft" size="medium" onClick={readAgain}>
                  {t("readAgain")}
                </Button>
              }
            >
              {t("notEnough", { amount: dollars })}
            </Note>
          ) : null}
          {chain ? (
            <>
              {rewardBrlCentavos > 0n ? (
                <Note tone="reward">{t.rich(isForAccount ? "rewardsAccount" : "rewardsHere", { amount: formatBrl(rewardBrlCentavos, locale), b: (text) => <b>{text}</b> })}</Note>
              ) : null}
              <p className="text-small text-muted">{batches === undefined ? "\u00a0" : t(batches ? "onePrompt" : "twoPrompts", { amount: dollars })}</p>
            </>
          ) : null}
        </>
      )}
      <div className="mt-auto grid gap-3 pt-2">
        <div role="status" aria-live="polite" className="grid gap-3 empty:hidden">
          {says ? <Note tone="info">{says}</Note> : null}
          {!step && wasAsked && !problem ? <Note tone="caution">{t("asked")}</Note> : null}
        </div>
        {problem && !step ? (
          <div role="alert">
            <Problem problem={problem} />
          </div>
        ) : null}
        {connected && chain ? (
          <Button isWide busy={step ? t("steps.sending") : false} onClick={() => void start(connected, chain)}>
            {wasAsked ? t("payAgain") : t("pay", { amount: reais })}
          </Button>
        ) : null}
        {hasCharge && !step ? <OtherWay reference={reference} /> : null}
      </div>
    </>
  );
}

const clockOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function Problem({ problem }: { problem: PaymentProblem }) {
  const t = useTranslations("guest");
  const errorText = useErrorText();
  const failureText = useWalletFailureText();
  return <Note tone="danger">{"wallet" in problem ? failureText(problem.wallet) : "server" in problem ? errorText(problem.server) : t("otherTab")}</Note>;
}

function ChainChoice({ chainId, balance, needUsdMicros, isChosen, onChoose }: { chainId: ChainId; balance: Balance; needUsdMicros: bigint; isChosen: boolean; onChoose: () => void }) {
  const t = useTranslations("guest");
  const locale = useLocale();
  const has = typeof balance === "bigint" && balance >= needUsdMicros;
  const line = typeof balance !== "bigint" ? t("unreadable") : t(has ? "has" : "hasLess", { amount: formatUsd(balance, locale) });
  return (
    <label className="grid min-h-[60px] grid-cols-[auto_1fr] content-center gap-x-3.5 px-4 py-2 has-[:disabled]:text-muted [&+&]:border-t [&+&]:border-line">
      <input type="radio" name="chain" value={chainId} checked={isChosen} disabled={!has} onChange={onChoose} className="row-span-2 size-5 self-center accent-brand" />
      <span className="leading-5 font-semibold">{chainName(chainId)}</span>
      <span className="text-small text-muted tabular-nums">{line}</span>
    </label>
  );
}

/** The wallet's dollars on each chain, asked of the chains themselves. */
function useBalances(address: `0x${string}` | null, chains: readonly PayableChain[]) {
  const { read } = useWallet();
  const [balances, setBalances] = useState<Partial<Record<ChainId, Balance>>>({});
  const [times, setTimes] = useState(0);
  const ids = useMemo(() => chains.map(({ chainId }) => chainId).join(), [chains]);
  useEffect(() => {
    if (!address) return;
    let isHere = true;
    setBalances({});
    for (const chainId of ids.split(",") as ChainId[]) {
      void read(chainId, dollarsQuestion(chainId, address))
        .then(unitsOfAnswer)
        .catch((): Balance => "unreadable")
        .then((balance) => isHere && setBalances((known) => ({ ...known, [chainId]: balance })));
    }
    return () => {
      isHere = false;
    };
  }, [address, ids, times, read]);
  return { balances, readAgain: useCallback(() => setTimes((known) => known + 1), []) };
}

/** Whether this wallet makes both calls in one confirmation; undefined until it answered. */
function useBatching(address: string | undefined, chainId: ChainId | undefined, canBatch: (chainId: ChainId) => Promise<boolean>): boolean | undefined {
  const [answer, setAnswer] = useState<{ key: string; can: boolean }>();
  const key = `${address} ${chainId}`;
  useEffect(() => {
    if (!address || !chainId) return;
    let isHere = true;
    void canBatch(chainId).then((can) => isHere && setAnswer({ key, can }), () => undefined);
    return () => {
      isHere = false;
    };
  }, [address, chainId, key, canBatch]);
  return answer?.key === key ? answer.can : undefined;
}
