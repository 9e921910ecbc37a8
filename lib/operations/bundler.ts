import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { Outgoing } from "./outgoing";

/**
 * Brings signed operations onto a chain. Two kinds: our own (bundler-operator), which pays with an operator's key, and any
 * ERC-4337 bundler behind a URL (bundler-url), chosen by BUNDLER_URL_<chain id>. Neither says what became of an operation:
 * only the chain's events do.
 */
export type Bundler = {
  /** Looks after what was sent before, by this process or one that died. `isOpen`: something is on its way. */
  tend: () => Promise<{ isOpen: boolean; hasMined: boolean }>;
  /**
   * Picks what goes out next, sets aside what is refused, and records it. Answers what then sends it; null for nothing. Two
   * steps, so that a crash between them loses nothing: `tend` sends again what was recorded.
   */
  book: (operations: readonly Outgoing[]) => Promise<(() => Promise<void>) | null>;
  /** False while as many bundles are on their way as may be. */
  hasRoom: () => boolean;
};

/** The ERC-4337 bundler of a chain, when one is configured. */
export const bundlerUrl = (chainId: ChainId): string | null => process.env[`BUNDLER_URL_${chainId}`] || null;
