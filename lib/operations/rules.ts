/**
 * The life of a user operation. `held` ones are promised to somebody who has not accepted yet: their money is reserved and nothing signs
 * them. `queued` rows are the outbox; `prepared` ones are sponsored and wait for their owner's own
 * signature (self-custody); `submitted` ones are signed and recorded (they may be on the wire); the other three are final until a
 * reorg. `expired` means proven dead: it can never land.
 */
export const OPERATION_STATUSES = ["held", "queued", "prepared", "submitted", "succeeded", "reverted", "expired"] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** What an operation does. The worker rebuilds its calls from the subject's row before it signs; nothing else is ever signed. */
export const OPERATION_KINDS = ["payment", "store_deployment", "reserved_distribution", "owner_change", "guest_refund", "transfer", "cash_out", "loan_claim", "loan_reallocation", "loan_repayment", "dollars_burn", "rewards_prepare", "store_refund", "reward_return", "store_payout", "till_deposit", "till_reward"] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** Operations that carry a transaction: its id is theirs, and it ends when they do. */
export const TRANSACTION_KINDS: readonly OperationKind[] = ["payment", "transfer", "cash_out", "loan_claim", "loan_reallocation", "loan_repayment", "dollars_burn", "rewards_prepare", "store_refund", "store_payout", "till_deposit", "till_reward"];

/** Those whose transaction is done as soon as they land. A payment needs its store's event too, and what leaves for another place has to arrive there. */
export const DONE_WHEN_LANDED: readonly OperationKind[] = ["transfer", "cash_out", "loan_claim", "loan_reallocation", "loan_repayment", "store_refund", "store_payout", "till_reward"];

/** The channel that wakes the worker after a commit that queued an operation. A hint; the clock is the truth. */
export const OPERATIONS_CHANNEL = "operations_queued";

/** Tries of an operation whose calls revert in simulation, or that the entry point refuses: about 15 seconds in all. */
export const ATTEMPTS_MAX = 6;
const FIRST_RETRY_MS = 500;

/** How long an operation waits after its nth refusal: 0.5 s, 1 s, 2 s, 4 s, 8 s. */
export const retryDelayMs = (attempts: number): number => FIRST_RETRY_MS * 2 ** Math.min(Math.max(attempts - 1, 0), ATTEMPTS_MAX - 2);

/** What the paymaster pays for one account and chain within a day: far above any person's or store's use, far below what could hurt. */
export const SPONSORED_OPERATIONS_MAX = 1_000;
export const SPONSORED_GAS_MAX = 600_000_000n;

/** Whether one more operation of an account is sponsored, after these of the last 24 hours. */
export const isWithinSponsorship = (used: { operations: number; gas: bigint }): boolean => used.operations < SPONSORED_OPERATIONS_MAX && used.gas < SPONSORED_GAS_MAX;

/** Calls that our operators make themselves: the mint of attested dollars, the root of prepared store tokens, and their claim on the other chain. */
export const CALL_PURPOSES = ["cctp_mint", "sucker_root", "sucker_claim"] as const;
export type CallPurpose = (typeof CALL_PURPOSES)[number];
/** `mined` holds until a reorg; `failed` ones reverted in simulation too often and wait for new contents. */
export const CALL_STATUSES = ["queued", "sent", "mined", "failed"] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];
/** Tries of a call that reverts: about a minute, for a state that has yet to be seen by the node. */
export const CALL_ATTEMPTS_MAX = 12;

/** Operations of one bundle. */
export const BUNDLE_OPERATIONS_MAX = 16;
/** Gas of one bundle: well below any chain's block, so that several fit into one. */
export const BUNDLE_GAS_MAX = 16_000_000n;

/** What the entry point's refusal of one operation means for it (ERC-4337 reasons "AAxx …"). */
export type Refusal =
  /** Its nonce is used: a version of it landed, and the follower settles it from the event. */
  | "landed"
  /** Its time is over; the follower ends it with proof. */
  | "expired"
  /** The fault is ours (paymaster's deposit); the operation is good. */
  | "wait"
  /** It has to be built and signed again, with the same nonce (the account exists by now, gas moved). */
  | "sign_again";

/** Reads the reason of EntryPoint 0.8's FailedOp. */
export function refusalOf(reason: string): Refusal {
  const code = /AA\d\d/.exec(reason)?.[0];
  if (code === "AA25") return "landed";
  if (code === "AA22" || code === "AA32") return "expired";
  if (code === "AA31") return "wait";
  return "sign_again";
}
