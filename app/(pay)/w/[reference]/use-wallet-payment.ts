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

  /** True once the payment is on its way. */
  const run = useCallback(
    async (from: ConnectedWallet, { chainId, projectId, minRewardUnits }: PayableChain): Promise<boolean> => {
      const payer = { reference, chainId, payer: from.address };
      const prepared = await prepareAction(null, formOf(payer));
      if (!prepared?.ok) {
        setProblem({ server: prepared?.code ?? "unavailable" });
        router.refresh();
        return false;
      }
      const beneficiary = prepared.value.beneficiary as Address;
      const [approve, pay] = payCalls({ chainId, projectId, amountUsdMicros, beneficiary, memo: guestMemo(reference), minReturnedUnits: minRewardUnits });
      if (!approve || !pay) return false;
      const report = async (txHash: Hex) => {
        setStep("sending");
        await reportAction(null, formOf({ ...payer, txHash })).catch(() => null);
        router.refresh();
      };
      if (await wallet.canBatch(chainId)) {
        setStep("pay");
        askedMark.set(reference);
        await report(await wallet.sendCalls(chainId, [approve, pay]));
        return true;
      }
      const allowed = unitsOfAnswer(await wallet.read(chainId, allowanceQuestion(chainId, from.address)));
      if (allowed < amountUsdMicros) {
        setStep("approve");
        const approved = await wallet.sendTransaction(chainId, approve);
        setStep("approving");
        if (!(await wallet.waitForTransaction(chainId, approved)).isGood) {
          setProblem({ wallet: "reverted" });
          return false;
        }
      }
      // The first confirmation may have taken longer than the price holds.
      if (Date.now() > endsAt) {
        router.refresh();
        return false;
      }
      setStep("pay");
      askedMark.set(reference);
      const sent = await wallet.sendTransaction(chainId, pay);
      await report(sent);
      // Another tab's payment of the same wallet begins when this one has used up what was released for it.
      await wallet.waitForTransaction(chainId, sent).catch(() => null);
      return true;
    },
    [reference, amountUsdMicros, endsAt, wallet, router],
  );

  const start = useCallback(
    async (from: ConnectedWallet, chain: PayableChain) => {
      if (isRunning.current) return;
      isRunning.current = true;
      setProblem(null);
      setStep("preparing");
      let isSent = false;
      try {
        const isAlone = await withLock(`cocopay.guest:${reference}`, { ifAvailable: true }, () =>
          withLock(`cocopay.wallet:${chain.chainId}:${from.address}`, {}, async () => {
            isSent = await run(from, chain);
          }),
        );
        if (!isAlone) setProblem({ isOtherTab: true });
      } catch (error) {
        const code = walletFailureCode(error);
        // The person's own no, or a wallet that could not begin: nothing was sent.
        if (code !== "failed" && code !== "busy") askedMark.clear(reference);
        setProblem({ wallet: code });
      } finally {
        // What was sent is not asked for again here: the server's page takes over.
        if (!isSent) {
          isRunning.current = false;
          setStep(null);
        }
      }
    },
    [reference, run],
  );

  return { step, problem, start };
}

/** Runs while no tab of this browser holds the name, after waiting for it, or not at all (`ifAvailable`): then it answers false. */
async function withLock(name: string, options: { ifAvailable?: boolean }, run: () => Promise<unknown>): Promise<boolean> {
  if (!("locks" in navigator)) {
    await run();
    return true;
  }
  return navigator.locks.request(name, options, async (lock) => {
    if (!lock) return false;
    await run();
    return true;
  });
}
