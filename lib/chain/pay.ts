import { encodeFunctionData, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { erc20Abi, multiTerminalAbi } from "./abis";
import type { Call } from "./account";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { cashOutCall } from "./revnet";
import { transferTokensCall } from "./wallet-calls";

const MEMO = /^coco:([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The memo that ties a Pay event to its transaction: `coco:` and the 32 hex digits of the transaction's UUID. */
export const paymentMemo = (transactionId: string): string => `coco:${transactionId.replaceAll("-", "").toLowerCase()}`;

/** The transaction's UUID in a memo of ours; null for anybody else's memo. A memo can be copied: match the rest too. */
export function transactionIdOfMemo(memo: string): string | null {
  const match = MEMO.exec(memo);
  return match ? match.slice(1).join("-") : null;
}

const GUEST_MEMO = /^coco:([0-9a-f]{32})$/;

/** The memo that ties a wallet's Pay event to its page: `coco:` and the page's public reference. */
export const guestMemo = (reference: string): string => `coco:${reference}`;

/** The public reference in a memo; null for anybody else's memo. It may be copied, or name no page of ours. */
export const referenceOfMemo = (memo: string): string | null => GUEST_MEMO.exec(memo)?.[1] ?? null;

export type PayInput = {
  chainId: ChainId;
  /** The store's revnet on this chain. */
  projectId: number;
  amountUsdMicros: bigint;
  /** Who gets the reward tokens: the payer's account. */
  beneficiary: Address;
  memo: string;
  /** The least reward the payer agreed to; fewer tokens revert the payment. */
  minReturnedUnits: bigint;
};

/** The two calls of a payment in dollars: let the terminal take exactly the amount, then pay the store's revnet. */
export function payCalls({ chainId, projectId, amountUsdMicros, beneficiary, memo, minReturnedUnits }: PayInput): Call[] {
  const token = USDC[chainId];
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [JUICEBOX.multiTerminal, amountUsdMicros] });
  const pay = encodeFunctionData({
    abi: multiTerminalAbi,
    functionName: "pay",
    args: [BigInt(projectId), token, amountUsdMicros, beneficiary, minReturnedUnits, memo, "0x"],
  });
  return [
    { to: token, data: approve },
    { to: JUICEBOX.multiTerminal, data: pay },
  ];
}

/** A payment at a store as its operation makes it, whoever builds that: the worker from the row, or the payer's browser from its screen. */
export type PaymentParts = {
  chainId: ChainId;
  /** The store's revnet on this chain. */
  projectId: number;
  /** Rewards of this very store, handed over to its account. */
  own: { token: Address; storeAccount: Address; units: bigint } | null;
  /** Rewards of other stores, each for at least its share of the price; what it brings above stays with the payer. */
  cashOuts: readonly { projectId: number; units: bigint; minUsdMicros: bigint }[];
  /** The payer's own dollars. */
  dollarsUsdMicros: bigint;
  /** The least reward the payer agreed to, on what is paid in; fewer tokens revert the payment. */
  minReturnedUnits: bigint;
};

/** What a payment pays into the store's revnet, and so the amount of its Pay event: all but the store's own rewards. Nothing is paid in at 0. */
export const paidInUsdMicros = ({ cashOuts, dollarsUsdMicros }: Pick<PaymentParts, "cashOuts" | "dollarsUsdMicros">): bigint =>
  cashOuts.reduce((sum, { minUsdMicros }) => sum + minUsdMicros, dollarsUsdMicros);

/** All calls of a payment in one operation: everything lands or nothing moves. The cash-outs come before the dollars they bring are paid. */
export function paymentCalls({ transactionId, account, ...parts }: PaymentParts & { transactionId: string; account: Address }): Call[] {
  const { chainId, projectId, own, cashOuts, minReturnedUnits } = parts;
  const amountUsdMicros = paidInUsdMicros(parts);
  return [
    ...(own ? [transferTokensCall(own.token, own.storeAccount, own.units)] : []),
    ...cashOuts.map((cashOut) => cashOutCall({ chainId, ...cashOut, holder: account, beneficiary: account })),
    ...(amountUsdMicros > 0n ? payCalls({ chainId, projectId, amountUsdMicros, beneficiary: account, memo: paymentMemo(transactionId), minReturnedUnits }) : []),
  ];
}

export type PayEvent = {
  projectId: number;
  payer: Address;
  beneficiary: Address;
  /** In the unit of the token that was paid; a store's revnet accepts USDC only, so micro-dollars. */
  amountUsdMicros: bigint;
  /** Reward tokens that the beneficiary got (18 decimals). */
  rewardUnits: bigint;
  memo: string;
  transactionHash: Hex;
  logIndex: number;
};

/** The Pay events of our terminal among logs; the same topic from any other address is a forgery and is left out. */
export function parsePayEvents(logs: readonly Log[]): PayEvent[] {
  const own = logs.filter((log) => log.address.toLowerCase() === JUICEBOX.multiTerminal);
  return parseEventLogs({ abi: multiTerminalAbi, eventName: "Pay", logs: own }).map(({ args, transactionHash, logIndex }) => ({
    projectId: Number(args.projectId),
    payer: args.payer.toLowerCase() as Address,
    beneficiary: args.beneficiary.toLowerCase() as Address,
    amountUsdMicros: args.amount,
    rewardUnits: args.newlyIssuedTokenCount,
    memo: args.memo,
    transactionHash,
    logIndex,
  }));
}
