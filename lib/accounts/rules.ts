export const CUSTODY_STATUSES = ["managed", "self_custody"] as const;
export type CustodyStatus = (typeof CUSTODY_STATUSES)[number];

/** What can own an account that a person took over: a key derived from a passkey, a wallet, or twelve printed words. */
export const OWNER_KINDS = ["passkey", "wallet", "recovery_key"] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** `takeover` puts the person's own owners in and the server's key out; the others change owners afterwards. */
export const OWNER_CHANGE_KINDS = ["takeover", "add", "remove"] as const;
export type OwnerChangeKind = (typeof OWNER_CHANGE_KINDS)[number];

/** `pending` until every enabled chain says that it is so. A half-done change stays pending and is finished by a retry. */
export const OWNER_CHANGE_STATUSES = ["pending", "done", "failed"] as const;
export type OwnerChangeStatus = (typeof OWNER_CHANGE_STATUSES)[number];

/** Somebody who loses one owner needs another, so a takeover sets at least two, and a removal leaves at least one. */
export const TAKEOVER_OWNERS_MIN = 2;
export const OWNERS_MAX = 8;

/** What an owner signs to prove that its holder wants it to own the account: plain words, bound to both addresses. */
export const ownerProofMessage = ({ account, owner }: { account: string; owner: string }): string =>
  `CocoPay: ${owner.toLowerCase()} may own the account ${account.toLowerCase()}.`;
