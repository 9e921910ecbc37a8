import type { ChainId } from "@/lib/chain/chains";

export type Hex = `0x${string}`;

/** What the server hands to a page with wallets: the chains in use with the nodes that browsers ask, and WalletConnect's project when there is one. */
export type WalletSetup = { chains: { id: ChainId; rpcUrl: string }[]; walletConnectProjectId: string | null };

/** A wallet that can be connected here. `icon` is a data URI that the wallet itself announced. */
export type WalletChoice = { id: string; name: string; icon: string | null; kind: "found" | "base" | "walletconnect" };

/** `chainId` is what the wallet stands on, which may be a chain that is not ours. `address` is lower case. */
export type ConnectedWallet = { choiceId: string; name: string; address: Hex; chainId: string };

export type WalletSnapshot = {
  /** `loading` until the page knows which wallets are there and whether one is still connected. */
  status: "loading" | "ready";
  choices: WalletChoice[];
  connected: ConnectedWallet | null;
  /** While WalletConnect waits: what the other phone scans, or this phone opens. */
  pairingUri: string | null;
};

export type WalletCall = { to: Hex; data?: Hex; value?: bigint };
export type WalletTypedData = { domain: Record<string, unknown>; types: Record<string, readonly { name: string; type: string }[]>; primaryType: string; message: Record<string, unknown> };

/** Everything that a wallet may be asked. Each fails with a WalletFailure. */
export type WalletActions = {
  connect: (choiceId: string) => Promise<ConnectedWallet>;
  disconnect: () => Promise<void>;
  /** Asks the wallet to change to a chain of ours, and to add it when it is new there. */
  switchTo: (chainId: ChainId) => Promise<void>;
  signMessage: (text: string) => Promise<Hex>;
  signTypedData: (data: WalletTypedData) => Promise<Hex>;
  /** One call; answers the transaction's hash as soon as it is sent. */
  sendTransaction: (chainId: ChainId, call: WalletCall) => Promise<Hex>;
  /** Whether the wallet makes several calls in one confirmation, all or none (EIP-5792). */
  canBatch: (chainId: ChainId) => Promise<boolean>;
  /** Several calls in one confirmation; answers the last transaction's hash once it is mined. */
  sendCalls: (chainId: ChainId, calls: WalletCall[]) => Promise<Hex>;
  /** Waits until a transaction is mined; a replaced one counts as itself. */
  waitForTransaction: (chainId: ChainId, hash: Hex) => Promise<{ hash: Hex; isGood: boolean }>;
  /** eth_call by the chain's public node. */
  read: (chainId: ChainId, call: { to: Hex; data: Hex }) => Promise<Hex>;
};

/** `rejected` is the person's own no, `busy` a question that is still open in the wallet, `no_fee` too little for the network's fee. */
export const WALLET_FAILURES = ["rejected", "busy", "no_wallet", "wrong_chain", "no_fee", "reverted", "popup_blocked", "failed"] as const;
export type WalletFailureCode = (typeof WALLET_FAILURES)[number];

export class WalletFailure extends Error {
  constructor(
    readonly code: WalletFailureCode,
    cause?: unknown,
  ) {
    super(code, { cause });
    this.name = "WalletFailure";
  }
}

/** The failure's code; anything that is no WalletFailure is `failed`. */
export const walletFailureCode = (error: unknown): WalletFailureCode => (error instanceof WalletFailure ? error.code : "failed");
