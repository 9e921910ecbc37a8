import type { ChainId } from "@/lib/chain/chains";
import type { LoanEvent } from "@/lib/chain/loans";

/** Where an event stands on its chain. */
export type Position = { blockNumber: bigint; blockHash: string; txHash: string; logIndex: number };

export type Block = { number: bigint; hash: string; parentHash: string; minedAt: Date };

export type TransferFact = Position & { token: string; from: string; to: string; amountUnits: bigint };

/** A user operation of one of the followed senders landed. `success` false: its calls reverted as a whole. */
export type OperationFact = Position & { userOpHash: string; sender: string; nonceKey: bigint; success: boolean; reason: string | null };

export type PayFact = Position & { projectId: number; payer: string; beneficiary: string; amountUsdMicros: bigint; rewardUnits: bigint; memo: string; minedAt: Date };

/** A revnet was deployed by `caller`, with the token that the chain names for it. */
export type RevnetFact = Position & { projectId: number; caller: string; tokenAddress: string; minedAt: Date };

/** Money that was brought together arrived at one of our accounts: a message of CCTP by its number, or a leaf of a store's sucker. */
export type ArrivalFact = Position & { recipient: string; units: bigint } & ({ nonce: string } | { sucker: string; index: number });

/** What a store's revnet is worth, read at one block. */
export type RevnetState = {
  storeId: string;
  surplusUsdMicros: bigint;
  supplyUnits: bigint;
  pendingReservedUnits: bigint;
  borrowedUsdMicros: bigint;
  collateralUnits: bigint;
  cashOutTaxRate: number;
  cashOutDelayUntil: Date | null;
  blockNumber: bigint;
};

/** An operation whose time is over by the chain's clock, with its nonce unused at the range's last block: it can never land. */
export type ExpiredFact = { operationId: string; userOpHash: string };

/** Who may sign for one of our accounts, read at the head. Empty while it has no code. */
export type SignersFact = { account: string; signers: string[] };

/** What became of a loan, and when its block was made. */
export type LoanFact = Position & { event: LoanEvent; minedAt: Date };

/** Everything that a range of blocks means to us, read from the chain before the transaction that applies it. */
export type RangeFacts = {
  chainId: ChainId;
  /** The cursor that the range was read behind; another one in the database refuses it. */
  after: { number: bigint; hash: string };
  last: Block;
  /** The blocks whose hashes are kept; the last one always is. */
  blocks: Block[];
  transfers: TransferFact[];
  operations: OperationFact[];
  pays: PayFact[];
  revnets: RevnetFact[];
  states: RevnetState[];
  expired: ExpiredFact[];
  signers: SignersFact[];
  loans: LoanFact[];
  arrivals: ArrivalFact[];
};

/** Who has to look again after a commit. */
export type Touched = { userIds: Set<string>; storeIds: Set<string> };
