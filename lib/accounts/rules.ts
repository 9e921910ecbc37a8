import type { ChainId } from "@/lib/chain/chains";

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

/** An owner as its holder names it: an address with the proof, and what its key comes from. */
export type OwnerInput = { kind: OwnerKind; address: string; proof: string; name: string; passkeyId?: string; walletId?: string };

/** Where a change of owners stands on one chain. `to_sign`: the person's own signature is waited for. `stopped`: a retry goes on. */
export const OWNER_CHANGE_CHAIN_STATES = ["done", "waiting", "to_sign", "sent", "stopped"] as const;
export type OwnerChangeChainState = (typeof OWNER_CHANGE_CHAIN_STATES)[number];

/** Who can move the money, in one word. `half_done`: some chains are the person's alone, others still have the server's key. */
export type CustodyState = "preparing" | "managed" | "taking_over" | "half_done" | "self_custody";

/** Plain JSON: pages pass it on to the browser, which asks the chains by itself. */
export type CustodyView = {
  state: CustodyState;
  /** The account that owners' proofs name (ownerProofMessage). Null while the account is being prepared. */
  proofAccount: string | null;
  chains: {
    chainId: ChainId;
    account: string;
    isDeployed: boolean;
    custody: CustodyStatus;
    /** As the chain says, or the first signer of an account that has no code yet. */
    signers: string[];
    /** The node that the browser asks, and the block from where it reads events. */
    rpcUrl: string;
    firstBlock: number;
  }[];
  /** Owners that the person proved. `chainIds`: where the chain has it as a signer. */
  owners: { id: string; kind: OwnerKind; address: string; name: string | null; passkeyId: string | null; walletId: string | null; since: string; isMain: boolean; chainIds: ChainId[] }[];
  /** The pending change, if there is one. */
  change: {
    id: string;
    kind: OwnerChangeKind;
    added: string[];
    removed: string[];
    createdAt: string;
    chains: { chainId: ChainId; state: OwnerChangeChainState; operationId: string | null; txHash: string | null }[];
  } | null;
  /** Addresses of keys that the server has or had: none of them may be a signer of an account that is the person's alone. */
  serverKeys: string[];
  /** `revoked`: it is a signer nowhere, and is destroyed as soon as the chains can no longer go back. */
  serverKey: "active" | "revoked" | "none";
};

/** True when none of the signers is a key of the server's. */
export const isOwnAlone = (signers: readonly string[], serverKeys: readonly string[]): boolean => signers.length > 0 && !signers.some((signer) => serverKeys.includes(signer));

/** How long a sealed key waits to be fetched. */
export const KEY_EXPORT_SECONDS = 120;

/** Whether a chain already is what a change wants. */
export function isChangeDone({ kind, added, removed }: { kind: OwnerChangeKind; added: readonly string[]; removed: readonly string[] }, signers: readonly string[], serverKeys: readonly string[]): boolean {
  const hasAdded = added.every((address) => signers.includes(address));
  if (kind === "takeover") return hasAdded && isOwnAlone(signers, serverKeys);
  return hasAdded && !signers.some((signer) => removed.includes(signer));
}
