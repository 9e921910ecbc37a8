import { decodeFunctionData, encodeFunctionData, maxUint256, numberToHex, type Abi, type Address, type Hex } from "viem";
import { controllerAbi, erc20Abi, revDeployerAbi, revLoansAbi, terminalStoreAbi } from "@/lib/chain/abis";
import type { Call } from "@/lib/chain/account";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import { generateKey } from "@/lib/chain/keys";
import { borrowCalls } from "@/lib/chain/loans";
import { payCalls } from "@/lib/chain/pay";
import { deployRevnetCalls } from "@/lib/chain/revnet";
import { chainTime, nextProjectId, readRevnetState } from "@/lib/chain/revnet-state";
import { sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import type { TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { newId } from "@/lib/ids";

const FUNDS_USD_MICROS = 10n ** 15n;
/** Large enough that a loan is more than nothing at every tax: REVLoans counts debts of a source only once it lent. */
const FIRST_PAYMENT_USD_MICROS = 1_000_000_000n;
const FIRST_COLLATERAL_UNITS = 5n * 10n ** 21n;

/** What a state is made of: written over the contracts' own storage for the length of one simulated block. */
export type RevnetNumbers = {
  surplusUsdMicros: bigint;
  /** Tokens of nobody in particular, beside the holder's and the pending ones. */
  othersUnits: bigint;
  heldUnits: bigint;
  pendingUnits: bigint;
  borrowedUsdMicros: bigint;
  collateralUnits: bigint;
  /** How many loans the revnet already made; the next one has the number after it. */
  loansMade: bigint;
};

export type TestRevnet = { projectId: number; cashOutTaxRate: number; rewardRateBps: number; startsAt: number };

const TOKENS_VIEWS = [
  { type: "function", name: "creditBalanceOf", stateMutability: "view", inputs: [{ type: "address", name: "holder" }, { type: "uint256", name: "projectId" }], outputs: [{ type: "uint256" }] },
  { type: "function", name: "totalCreditSupplyOf", stateMutability: "view", inputs: [{ type: "uint256", name: "projectId" }], outputs: [{ type: "uint256" }] },
] as const;
const SUPPLY_VIEW = [{ type: "function", name: "totalSupply", stateMutability: "view", inputs: [], outputs: [{ type: "uint256" }] }] as const;
const LOANS_VIEWS = [{ type: "function", name: "numberOfLoansFor", stateMutability: "view", inputs: [{ type: "uint256", name: "revnetId" }], outputs: [{ type: "uint256" }] }] as const;

/** A revnet like a store's, but with another cash-out tax: our own deployment with that one number changed. */
function deployTaxed(cashOutTaxRate: number, input: Parameters<typeof deployRevnetCalls>[0]): Call {
  const [deploy] = deployRevnetCalls(input);
  if (!deploy) throw new Error("a deployment begins with deployFor");
  const decoded = decodeFunctionData({ abi: revDeployerAbi, data: deploy.data });
  if (decoded.functionName !== "deployFor") throw new Error("a deployment begins with deployFor");
  const [revnetId, configuration, ...rest] = decoded.args;
  const stageConfigurations = configuration.stageConfigurations.map((stage) => ({ ...stage, cashOutTaxRate }));
  return { to: deploy.to, data: encodeFunctionData({ abi: revDeployerAbi, functionName: "deployFor", args: [revnetId, { ...configuration, stageConfigurations }, ...rest] }) };
}

/**
 * Revnets with these cash-out taxes on a throwaway chain, each with one payment and one loan, and a holder that has dollars
 * and let the terminal and the loans take them. `stateOf` answers the storage that makes a revnet's numbers whatever a
 * test wants: the slots are the ones that the contracts' own views read.
 */
export async function openTestRevnets(chain: TestChain, taxes: readonly number[]) {
  const { client, chainId } = chain;
  const usdc = USDC[chainId];
  const holder = generateKey().address.toLowerCase() as Address;
  await client.setBalance({ address: holder, value: 10n ** 21n });
  for (const to of [holder, JUICEBOX.multiTerminal]) await usdcFaucet({ client, chainId, to, amountUsdMicros: FUNDS_USD_MICROS });
  for (const spender of [JUICEBOX.multiTerminal, JUICEBOX.revLoans]) {
    await sendAs(client, holder, { to: usdc, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [spender, maxUint256] }) });
  }

  const startsAt = (await chainTime(chainId)) + 30;
  const revnets: TestRevnet[] = [];
  for (const [index, cashOutTaxRate] of taxes.entries()) {
    const rewardRateBps = 100 + index * 271;
    const projectId = await nextProjectId(chainId);
    await sendAs(client, holder, deployTaxed(cashOutTaxRate, { chainId, storeId: newId(), name: "Padaria", symbol: `PAO${index}`, rewardRateBps, storeAccount: holder, startsAt, nextProjectId: projectId, chainIds: [] }));
    revnets.push({ projectId, cashOutTaxRate, rewardRateBps, startsAt });
  }
  await warpTo(client, startsAt);
  for (const { projectId } of revnets) {
    const [, pay] = payCalls({ chainId, projectId, amountUsdMicros: FIRST_PAYMENT_USD_MICROS, beneficiary: holder, memo: "", minReturnedUnits: 0n });
    const [permit, borrow] = borrowCalls({ chainId, projectId, account: holder, units: FIRST_COLLATERAL_UNITS, minBorrowUsdMicros: 0n, prepaidFeePercent: 25 });
    for (const call of [pay, permit, borrow]) await sendAs(client, holder, call ?? {});
  }

  const slotOf = async (address: Address, abi: Abi, functionName: string, args: unknown[]): Promise<Hex> => {
    const { accessList } = await client.createAccessList({ to: address, data: encodeFunctionData({ abi, functionName, args }) });
    const [slot, ...others] = accessList.find((entry) => entry.address.toLowerCase() === address)?.storageKeys ?? [];
    if (!slot || others.length > 0) throw new Error(`${functionName} reads one slot`);
    return slot;
  };
  const slots = new Map<number, { token: Address } & { [key in "surplus" | "pending" | "credits" | "creditSupply" | "borrowed" | "collateral" | "loans" | "tokenSupply"]: Hex }>();
  for (const { projectId } of revnets) {
    const id = BigInt(projectId);
    const { tokenAddress: token } = await readRevnetState(chainId, projectId);
    slots.set(projectId, {
      token,
      tokenSupply: await slotOf(token, SUPPLY_VIEW, "totalSupply", []),
      surplus: await slotOf(JUICEBOX.terminalStore, terminalStoreAbi, "balanceOf", [JUICEBOX.multiTerminal, id, usdc]),
      pending: await slotOf(JUICEBOX.controller, controllerAbi, "pendingReservedTokenBalanceOf", [id]),
      credits: await slotOf(JUICEBOX.tokens, TOKENS_VIEWS, "creditBalanceOf", [holder, id]),
      creditSupply: await slotOf(JUICEBOX.tokens, TOKENS_VIEWS, "totalCreditSupplyOf", [id]),
      borrowed: await slotOf(JUICEBOX.revLoans, revLoansAbi, "totalBorrowedFrom", [id, JUICEBOX.multiTerminal, usdc]),
      collateral: await slotOf(JUICEBOX.revLoans, revLoansAbi, "totalCollateralOf", [id]),
      loans: await slotOf(JUICEBOX.revLoans, LOANS_VIEWS, "numberOfLoansFor", [id]),
    });
  }

  const stateOf = (projectId: number, numbers: RevnetNumbers) => {
    const slot = slots.get(projectId);
    if (!slot) throw new Error("a revnet of this test");
    const word = (value: bigint) => numberToHex(value, { size: 32 });
    return [
      { address: JUICEBOX.terminalStore, stateDiff: [{ slot: slot.surplus, value: word(numbers.surplusUsdMicros) }] },
      { address: JUICEBOX.controller, stateDiff: [{ slot: slot.pending, value: word(numbers.pendingUnits) }] },
      // The supply is what stands in credits and what is pending, so it is exactly what was asked for.
      { address: slot.token, stateDiff: [{ slot: slot.tokenSupply, value: word(0n) }] },
      { address: JUICEBOX.tokens, stateDiff: [{ slot: slot.credits, value: word(numbers.heldUnits) }, { slot: slot.creditSupply, value: word(numbers.heldUnits + numbers.othersUnits) }] },
      {
        address: JUICEBOX.revLoans,
        stateDiff: [{ slot: slot.borrowed, value: word(numbers.borrowedUsdMicros) }, { slot: slot.collateral, value: word(numbers.collateralUnits) }, { slot: slot.loans, value: word(numbers.loansMade) }],
      },
    ];
  };

  /** Views of one revnet, as calls of a simulated block. */
  const viewsOf = (projectId: number) => {
    const id = BigInt(projectId);
    const view = (to: Address, abi: Abi, functionName: string, args: unknown[]) => ({ to, data: encodeFunctionData({ abi, functionName, args }) });
    return {
      state: [
        view(JUICEBOX.terminalStore, terminalStoreAbi, "balanceOf", [JUICEBOX.multiTerminal, id, usdc]),
        view(JUICEBOX.controller, controllerAbi, "totalTokenSupplyWithReservedTokensOf", [id]),
        view(JUICEBOX.revLoans, revLoansAbi, "totalBorrowedFrom", [id, JUICEBOX.multiTerminal, usdc]),
        view(JUICEBOX.revLoans, revLoansAbi, "totalCollateralOf", [id]),
      ],
      dollarsOf: (account: Address) => view(usdc, erc20Abi, "balanceOf", [account]),
      supply: view(JUICEBOX.controller, controllerAbi, "totalTokenSupplyWithReservedTokensOf", [id]),
    };
  };
  return { holder, revnets, stateOf, viewsOf };
}
