"use client";

import { useCallback, useState } from "react";
import type { CustodyView } from "@/lib/accounts/rules";
import type { Address } from "@/lib/chain/addresses";
import { checkCustody } from "@/lib/chain/custody-check";
import type { ChainAnswer } from "./judge-check";

/** Asks every chain's public node from this page, without our server between. */
export function useChainCheck(chains: CustodyView["chains"]) {
  const [answers, setAnswers] = useState<ChainAnswer[] | null>(null);
  const [checkedAt, setCheckedAt] = useState<Date | null>(null);
  const [isChecking, setChecking] = useState(false);
  const check = useCallback(async () => {
    setChecking(true);
    const heard = await Promise.all(
      chains.map(async ({ chainId, account, rpcUrl, firstBlock }): Promise<ChainAnswer> => {
        try {
          const { signers, allowances, permissions } = await checkCustody({ chainId, rpcUrl, account: account as Address, owners: [], refused: [], fromBlock: BigInt(firstBlock) });
          return { chainId, signers: signers.length > 0 ? signers : null, residue: allowances.length + permissions.length };
        } catch {
          return null;
        }
      }),
    );
    setAnswers(heard);
    setCheckedAt(new Date());
    setChecking(false);
  }, [chains]);
  return { answers, checkedAt, isChecking, check };
}
