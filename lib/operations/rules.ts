/**
 * The life of a user operation. `queued` rows are the outbox; `submitted` ones are signed and recorded (they may be on the
 * wire); the other three are final until a reorg. `expired` means proven dead: it can never land.
 */
export const OPERATION_STATUSES = ["queued", "submitted", "succeeded", "reverted", "expired"] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** What an operation does. The worker rebuilds its calls from the subject's row before it signs; nothing else is ever signed. */
export const OPERATION_KINDS = ["payment", "store_deployment", "reserved_distribution"] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** The channel that wakes the worker after a commit that queued an operation. A hint; the clock is the truth. */
export const OPERATIONS_CHANNEL = "operations_queued";
