/** Where a person stands with the provider's identity check. `requested`: the link is being made. `open`: it waits for the person. */
export const IDENTITY_STATUSES = ["requested", "open", "processing", "approved", "rejected", "expired"] as const;
export type IdentityStatus = (typeof IDENTITY_STATUSES)[number];

/** What may follow what. Approved stays; a new attempt begins after a rejection that allows it, or a link that ran out. */
export const IDENTITY_TRANSITIONS: Record<IdentityStatus, readonly IdentityStatus[]> = {
  requested: ["open", "approved"],
  open: ["processing", "approved", "rejected", "expired"],
  processing: ["approved", "rejected", "expired"],
  rejected: ["requested", "approved"],
  expired: ["requested", "approved"],
  approved: [],
};

export const mayIdentityBecome = (from: IdentityStatus, to: IdentityStatus): boolean => from === to || IDENTITY_TRANSITIONS[from].includes(to);

/** Whether the person may begin anew. */
export const mayTryAgain = ({ status, isRetryable }: { status: IdentityStatus; isRetryable: boolean }): boolean => status === "expired" || (status === "rejected" && isRetryable);
