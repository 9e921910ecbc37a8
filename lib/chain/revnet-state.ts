import "server-only";
import type { Address } from "viem";
import { buybackHookRegistryAbi, controllerAbi, erc20Abi, projectsAbi, revDeployerAbi, revLoansAbi, splitsAbi, terminalStoreAbi, tokensAbi } from "./abis";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";
import { LOCKED_FOREVER, RESERVED_TOKENS_GROUP } from "./revnet";

export type RevnetState = {
  /** All values are of this block. */
  blockNumber: bigint;
  /** Dollars in the terminal that tokens share. */
  surplusUsdMicros: bigint;
  /** All tokens, the pending ones too: what cash-out values are shares of. */
  supplyUnits: bigint;
  /** Of these, reserved for the store and not yet distributed. */
  pendingReservedUnits: bigint;
  /** Lent out against tokens that were burned as collateral. */
  borrowedUsdMicros: bigint;
  collateralUnits: bigint;
  /** Of the stage in force, in basis points; 0 for every store of ours. */
  cashOutTaxRate: number;
  /** Unix seconds until which cash-outs are refused; 0 for never. */
  cashOutDelayUntil: number;
  tokenAddress: Address;
  /** Tokens that a dollar issues now, before the store's share; the payer's share of them in basis points. Null before the start. */
  issuance: { unitsPerUsd: bigint; rewardRateBps: number } | null;
  /** True when nobody can point the buyback hook elsewhere and mint. */
  isHookLocked: boolean;
  /** Where the store's share goes, and whether that can ever change. */
  split: { beneficiary: Address; isLocked: boolean } | null;
};

/** A store's revnet as the contracts hold it, all from one block: the given one or the latest. */
export async function readRevnetState(chainId: ChainId, projectId: number, atBlock?: bigint): Promise<RevnetState> {
  const client = publicClient(chainId);
  const blockNumber = atBlock ?? (await client.getBlockNumber());
  const id = BigInt(projectId);
  const token = USDC[chainId];
  const at = { blockNumber } as const;
  const [surplusUsdMicros, supplyUnits, pendingReservedUnits, [ruleset, metadata], borrowedUsdMicros, collateralUnits, cashOutDelay, tokenAddress, isHookLocked] =
    await Promise.all([
      client.readContract({ ...at, address: JUICEBOX.terminalStore, abi: terminalStoreAbi, functionName: "balanceOf", args: [JUICEBOX.multiTerminal, id, token] }),
      client.readContract({ ...at, address: JUICEBOX.controller, abi: controllerAbi, functionName: "totalTokenSupplyWithReservedTokensOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.controller, abi: controllerAbi, functionName: "pendingReservedTokenBalanceOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.controller, abi: controllerAbi, functionName: "currentRulesetOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.revLoans, abi: revLoansAbi, functionName: "totalBorrowedFrom", args: [id, JUICEBOX.multiTerminal, token] }),
      client.readContract({ ...at, address: JUICEBOX.revLoans, abi: revLoansAbi, functionName: "totalCollateralOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.revDeployer, abi: revDeployerAbi, functionName: "cashOutDelayOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.tokens, abi: tokensAbi, functionName: "tokenOf", args: [id] }),
      client.readContract({ ...at, address: JUICEBOX.buybackHookRegistry, abi: buybackHookRegistryAbi, functionName: "hasLockedHook", args: [id] }),
    ]);
  const splits = await client.readContract({ ...at, address: JUICEBOX.splits, abi: splitsAbi, functionName: "splitsOf", args: [id, BigInt(ruleset.id), RESERVED_TOKENS_GROUP] });
  const [split] = splits;
  return {
    blockNumber,
    surplusUsdMicros,
    supplyUnits,
    pendingReservedUnits,
    borrowedUsdMicros,
    collateralUnits,
    cashOutTaxRate: metadata.cashOutTaxRate,
    cashOutDelayUntil: Number(cashOutDelay),
    tokenAddress: tokenAddress.toLowerCase() as Address,
    issuance: ruleset.cycleNumber === 0 ? null : { unitsPerUsd: ruleset.weight, rewardRateBps: 10_000 - metadata.reservedPercent },
    isHookLocked,
    split: split ? { beneficiary: split.beneficiary.toLowerCase() as Address, isLocked: split.lockedUntil === LOCKED_FOREVER } : null,
  };
}

/** What of a store's tokens an account holds, and what waits to be distributed to the store, at the latest block. */
export async function readStoreTokens(chainId: ChainId, { projectId, tokenAddress, holder }: { projectId: number; tokenAddress: Address; holder: Address }) {
  const client = publicClient(chainId);
  const [heldUnits, pendingUnits] = await Promise.all([
    client.readContract({ address: tokenAddress, abi: erc20Abi, functionName: "balanceOf", args: [holder] }),
    client.readContract({ address: JUICEBOX.controller, abi: controllerAbi, functionName: "pendingReservedTokenBalanceOf", args: [BigInt(projectId)] }),
  ]);
  return { heldUnits, pendingUnits };
}

/** The id that the next project on this chain gets; a store's deployment is prepared for it. */
export async function nextProjectId(chainId: ChainId): Promise<number> {
  const count = await publicClient(chainId).readContract({ address: JUICEBOX.projects, abi: projectsAbi, functionName: "count" });
  return Number(count) + 1;
}

/** The latest block's time on a chain, unix seconds: what sponsorships and starts are counted from. */
export async function chainTime(chainId: ChainId): Promise<number> {
  const { timestamp } = await publicClient(chainId).getBlock({ blockTag: "latest" });
  return Number(timestamp);
}
