"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { useWallet } from "@/components/wallet/wallet-room";
import { walletFailureCode, type ConnectedWallet, type WalletFailureCode } from "@/components/wallet/wallet-types";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { guestMemo, payCalls } from "@/lib/chain/pay";
import { allowanceQuestion, unitsOfAnswer } from "@/lib/chain/wallet-calls";
import type { ErrorCode } from "@/lib/errors";
import { prepareAction, reportAction } from "./actions";
import { askedMark } from "./asked-mark";

export type PaymentStep = "preparing" | "approve" | "approving" | "pay" | "sending";
export type PaymentProblem = { wallet: WalletFailureCode } | { server: ErrorCode } | { isOtherTab: true };
export type PayableChain = { chainId: ChainId; projectId: number; minRewardUnits: bigint };

type Input = { reference: string; amountUsdMicros: bigint; endsAt: number };

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

/**
 * One payment by a wallet: prepare, release exactly the amount (or both in one confirmation where the wallet can), pay, report. The wallet is asked
 * once however often the button is tapped, and by one tab of this page at a time. A report that does not arrive changes nothing: the server
 * reads the chain.
 */
export function useWalletPayment({ reference, amountUsdMicros, endsAt }: Input) {
  const wallet = useWallet();
  const router = useRouter();
  const [step, setStep] = useState<PaymentStep | null>(null);
  const [problem, setProblem] = useState<PaymentProblem | null>(null);
  const isRunning = useRef(false);

  const run = useCallback(
    async (from: ConnectedWallet, { chainId, projectId, minRewardUnits }: PayableChain) => {
      setStep("preparing");
      const payer = { reference, chainId, payer: from.address };
      const prepared = await prepareAction(null, formOf(payer));
      if (!prepared?.ok) {
        setProblem({ server: prepared?.code ?? "unavailable" });
        return router.refresh();
      }
      const beneficiary = prepared.value.beneficiary as Address;
      const [approve, pay] = payCalls({ chainId, projectId, amountUsdMicros, beneficiary, memo: guestMemo(reference), minReturnedUnits: minRewardUnits });
      if (!approve || !pay) return;
      let txHash: Hex;
      if (await wallet.canBatch(chainId)) {
        setStep("pay");
        askedMark.set(reference);
        txHash = await wallet.sendCalls(chainId, [approve, pay]);
      } else {
        const allowed = unitsOfAnswer(await wallet.read(chainId, allowanceQuestion(chainId, from.address)));
        if (allowed < amountUsdMicros) {
          setStep("approve");
          const approved = await wallet.sendTransaction(chainId, approve);
          setStep("approving");
          if (!(await wallet.waitForTransaction(chainId, approved)).isGood) return setProblem({ wallet: "reverted" });
        }
        // The first confirmation may have taken longer than the price holds.
        if (Date.now() > endsAt) return router.refresh();
        setStep("pay");
        askedMark.set(reference);
        txHash = await wallet.sendTransaction(chainId, pay);
      }
      setStep("sending");
      await reportAction(null, formOf({ ...payer, txHash })).catch(() => null);
      router.refresh();
    },
    [reference, amountUsdMicros, endsAt, wallet, router],
  );

  const start = useCallback(
    async (from: ConnectedWallet, chain: PayableChain) => {
      if (isRunning.current) return;
      isRunning.current = true;
      setProblem(null);
      try {
        const isAlone = await onlyTab(reference, () => run(from, chain));
        if (!isAlone) setProblem({ isOtherTab: true });
      } catch (error) {
        const code = walletFailureCode(error);
        // The person's own no, or a wallet that could not begin: nothing was sent.
        if (code !== "failed" && code !== "busy") askedMark.clear(reference);
        setProblem({ wallet: code });
      } finally {
        isRunning.current = false;
        setStep(null);
      }
    },
    [reference, run],
  );

  return { step, problem, start };
}

/** Runs while no other tab of the same page does; false when one is at it. */
async function onlyTab(reference: string, run: () => Promise<void>): Promise<boolean> {
  if (!("locks" in navigator)) {
    await run();
    return true;
  }
  return navigator.locks.request(`guest:${reference}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await run();
    return true;
  });
}
