import { encodeFunctionData, keccak256, stringToHex, zeroAddress, type Address, type Hex } from "viem";
import { invariant } from "@/lib/errors";
import { buybackHookRegistryAbi, controllerAbi, multiTerminalAbi, revDeployerAbi } from "./abis";
import type { Call } from "./account";
import { BUYBACK_HOOK, JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { suckerConfiguration } from "./suckers";

/** Tokens that a dollar issues in the first stage: 1,000, with 18 decimals. */
export const INITIAL_ISSUANCE_UNITS = 1_000n * 10n ** 18n;
/** Every 90 days a dollar issues half a percent fewer tokens, so early tokens only gain. */
export const ISSUANCE_CUT_SECONDS = 90 * 86_400;
export const ISSUANCE_CUT_PERCENT = 5_000_000n;
/** JBConstants.MAX_WEIGHT_CUT_PERCENT. */
const MAX_CUT_PERCENT = 1_000_000_000n;
/** JBConstants.MAX_RESERVED_PERCENT: reserved shares are in basis points. */
const MAX_RESERVED_BPS = 10_000;
/** JBConstants.SPLITS_TOTAL_PERCENT. */
const SPLITS_TOTAL_PERCENT = 1_000_000_000;
/** The largest uint48: a split locked for ever (else the split operator could redirect undistributed sales). */
export const LOCKED_FOREVER = 2 ** 48 - 1;
/** JBSplitGroupIds.RESERVED_TOKENS. */
export const RESERVED_TOKENS_GROUP = 1n;
/** JBCurrencyIds.USD, the price basis; equal on every chain, so the configuration's hash is too. */
const USD_CURRENCY = 2;
/** REVStageConfig.extraMetadata with the third bit set: suckers may be deployed later. */
const ALLOW_SUCKERS = 4;
const USDC_DECIMALS = 6;
const USDC_UNIT = 10n ** BigInt(USDC_DECIMALS);

/** What a store may give back: 1 % to 20 % of a sale. */
export const REWARD_RATE_BPS = { min: 100, max: 2_000 } as const;

/** Juicebox's currency of a token: the low 32 bits of its address. */
export const currencyOf = (token: Address): number => Number(BigInt(token) & 0xffff_ffffn);

const revnetSalt = (storeId: string): Hex => keccak256(stringToHex(`cocopay/revnet/v1:${storeId.toLowerCase()}`));

export type DeployRevnetInput = {
  chainId: ChainId;
  storeId: string;
  name: string;
  symbol: string;
  rewardRateBps: number;
  /** Sends the operation, gets everything but the rewards, and is the revnet's split operator. */
  storeAccount: Address;
  /** Unix seconds, the same on every chain and in each chain's future; a past start costs 30 days without cash-outs. */
  startsAt: number;
  /** JBProjects.count() + 1 when the operation was prepared; the batch reverts as a whole if another project got the id. */
  nextProjectId: number;
  /** The chains in use: a sucker is made to each other one, so that rewards can move. */
  chainIds: readonly ChainId[];
};

/**
 * The operation of a store's own account that opens its revnet: deploy, and lock the buyback hook in the same breath (else
 * the hook registry's owner could make any address mint). Cash-out tax 0: a store keeps all of a sale but its rewards,
 * and token value is linear. Caller, salts and start are equal on every chain, and so is the token's address.
 */
export function deployRevnetCalls(input: DeployRevnetInput): Call[] {
  const { chainId, storeId, name, symbol, rewardRateBps, storeAccount, startsAt, nextProjectId, chainIds } = input;
  invariant(rewardRateBps >= REWARD_RATE_BPS.min && rewardRateBps <= REWARD_RATE_BPS.max, "reward rate within bounds");
  invariant(startsAt > 0, "a revnet of ours has a start, equal on every chain");
  const usdc = USDC[chainId];
  const split = { percent: SPLITS_TOTAL_PERCENT, projectId: 0n, beneficiary: storeAccount, preferAddToBalance: false, lockedUntil: LOCKED_FOREVER, hook: zeroAddress };
  const deploy = encodeFunctionData({
    abi: revDeployerAbi,
    functionName: "deployFor",
    args: [
      0n,
      {
        description: { name, ticker: symbol, uri: "", salt: revnetSalt(storeId) },
        baseCurrency: USD_CURRENCY,
        splitOperator: storeAccount,
        stageConfigurations: [
          {
            startsAtOrAfter: startsAt,
            autoIssuances: [],
            splitPercent: MAX_RESERVED_BPS - rewardRateBps,
            splits: [split],
            initialIssuance: INITIAL_ISSUANCE_UNITS,
            issuanceCutFrequency: ISSUANCE_CUT_SECONDS,
            issuanceCutPercent: Number(ISSUANCE_CUT_PERCENT),
            cashOutTaxRate: 0,
            extraMetadata: ALLOW_SUCKERS,
          },
        ],
        loanSources: [{ token: usdc, terminal: JUICEBOX.multiTerminal }],
        loans: JUICEBOX.revLoans,
      },
      [{ terminal: JUICEBOX.multiTerminal, accountingContextsToAccept: [{ token: usdc, decimals: USDC_DECIMALS, currency: currencyOf(usdc) }] }],
      { dataHook: JUICEBOX.buybackHookRegistry, hookToConfigure: BUYBACK_HOOK[chainId], poolConfigurations: [] },
      suckerConfiguration(chainId, storeId, chainIds),
    ],
  });
  const lock = encodeFunctionData({ abi: buybackHookRegistryAbi, functionName: "lockHookFor", args: [BigInt(nextProjectId)] });
  return [
    { to: JUICEBOX.revDeployer, data: deploy },
    { to: JUICEBOX.buybackHookRegistry, data: lock },
  ];
}

/** The call, open to anybody, that mints a store's pending share of its sales to the store's account. Reverts when nothing is pending. */
export const distributeReservedCalls = (projectId: number): Call[] => [
  { to: JUICEBOX.controller, data: encodeFunctionData({ abi: controllerAbi, functionName: "sendReservedTokensToSplitsOf", args: [BigInt(projectId)] }) },
];

export type CashOutInput = {
  chainId: ChainId;
  projectId: number;
  /** Whose tokens are burned: the account that makes the call. */
  holder: Address;
  units: bigint;
  beneficiary: Address;
  /** Less than this reverts. */
  minUsdMicros: bigint;
};

/** The call of a holder that burns tokens of a store and sends the dollars behind them to somebody. */
export const cashOutCall = ({ chainId, projectId, holder, units, beneficiary, minUsdMicros }: CashOutInput): Call => ({
  to: JUICEBOX.multiTerminal,
  data: encodeFunctionData({ abi: multiTerminalAbi, functionName: "cashOutTokensOf", args: [holder, BigInt(projectId), units, USDC[chainId], minUsdMicros, beneficiary, "0x"] }),
});

/** Tokens that a dollar issues at a time: one floored cut per full 90 days since the start (JBRulesets.deriveWeightFrom). */
export function issuanceUnitsAt(startsAt: number, now: number): bigint {
  invariant(now >= startsAt, "payments work once the revnet has started");
  const cuts = Math.floor((now - startsAt) / ISSUANCE_CUT_SECONDS);
  let issuance = INITIAL_ISSUANCE_UNITS;
  for (let cut = 0; cut < cuts; cut++) issuance = (issuance * (MAX_CUT_PERCENT - ISSUANCE_CUT_PERCENT)) / MAX_CUT_PERCENT;
  return issuance;
}

export type RewardInput = {
  amountUsdMicros: bigint;
  rewardRateBps: number;
  /** The revnet's start, unix seconds. */
  startsAt: number;
  /** The chain's time, unix seconds; not before the start. */
  now: number;
};

/**
 * Reward tokens (18 decimals) for a payment, equal to the contracts' to the unit: JBTerminalStore.recordPaymentFrom floors
 * the issued tokens, JBController.mintTokensOf floors the payer's share. Use it as the payment's `minReturnedUnits`.
 */
export function expectedReward({ rewardRateBps, ...issue }: RewardInput): bigint {
  return (issuedUnits(issue) * BigInt(rewardRateBps)) / BigInt(MAX_RESERVED_BPS);
}

/** All tokens that a payment issues: the payer's reward and the store's share, to the unit. */
export const issuedUnits = ({ amountUsdMicros, startsAt, now }: Omit<RewardInput, "rewardRateBps">): bigint => (amountUsdMicros * issuanceUnitsAt(startsAt, now)) / USDC_UNIT;

/**
 * Dollars that tokens can be cashed out for at cash-out tax 0 (JBCashOuts.cashOutFrom): a linear share of the surplus,
 * floored. `supplyUnits` includes the tokens that are reserved and not yet distributed.
 */
export function rewardValueUsdMicros({ units, surplusUsdMicros, supplyUnits }: { units: bigint; surplusUsdMicros: bigint; supplyUnits: bigint }): bigint {
  if (units === 0n || supplyUnits === 0n) return 0n;
  if (units >= supplyUnits) return surplusUsdMicros;
  return (surplusUsdMicros * units) / supplyUnits;
}
