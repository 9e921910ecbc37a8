"use client";

import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { ChainId } from "@/lib/chain/chains";
import { isWalletPath } from "@/lib/paths";
import type { WalletEngine } from "./wallet-engine";
import { WalletFailure, type WalletActions, type WalletSetup, type WalletSnapshot } from "./wallet-types";

const LOADING: WalletSnapshot = { status: "loading", choices: [], connected: null, pairingUri: null };
const nothingToHear = () => () => undefined;

const Room = createContext<{ engine: WalletEngine | null; actions: WalletActions; chainIds: ChainId[] } | null>(null);

/**
 * Around everything that talks to a person's wallet. The libraries behind it are fetched by the browser after the page stands, so a
 * page pays nothing for having a room before it wakes; on the server and until then the status is `loading`.
 */
export function WalletRoom({ chains, walletConnectProjectId, isPage = true, children }: WalletSetup & { /** False within a dialog, which a reload would close. */ isPage?: boolean; children: ReactNode }) {
  const [engine, setEngine] = useState<WalletEngine | null>(null);
  const key = JSON.stringify({ chains, walletConnectProjectId });
  const loading = useMemo(() => new Loading(JSON.parse(key) as WalletSetup), [key]);
  useEffect(() => {
    // The policy of a document is the one it was loaded with: a page that came by a link of another kind of page may not ask the wallets' hosts.
    if (isPage && isWalletPath(location.pathname) && !isWalletPath(loadedPath())) return location.reload();
    let isHere = true;
    void loading.engine().then((loaded) => {
      if (isHere) setEngine(loaded);
    }, () => undefined);
    return () => {
      isHere = false;
    };
  }, [loading, isPage]);
  const value = useMemo(() => ({ engine, actions: loading.actions(), chainIds: loading.chainIds }), [engine, loading]);
  return <Room value={value}>{children}</Room>;
}

/** Actions that wait for the libraries by themselves, so that a tap before they are there is not lost. */
class Loading {
  private promise: Promise<WalletEngine> | null = null;
  readonly chainIds: ChainId[];
  constructor(private readonly setup: WalletSetup) {
    this.chainIds = setup.chains.map(({ id }) => id);
  }

  engine(): Promise<WalletEngine> {
    // Asked this way, the server's build leaves the libraries out altogether.
    this.promise ??= typeof window === "undefined" ? Promise.reject(new WalletFailure("no_wallet")) : import("./wallet-engine").then(({ walletEngine }) => walletEngine(this.setup));
    // A file that did not arrive is asked for again at the next tap.
    this.promise.catch(() => (this.promise = null));
    return this.promise;
  }

  actions(): WalletActions {
    const later =
      <Name extends keyof WalletActions>(name: Name) =>
      async (...input: unknown[]) => {
        const engine = await this.engine().catch((error: unknown) => {
          throw new WalletFailure("failed", error);
        });
        return (engine[name] as (...input: unknown[]) => unknown)(...input);
      };
    const names = ["connect", "disconnect", "switchTo", "signMessage", "signTypedData", "sendTransaction", "canBatch", "sendCalls", "waitForTransaction", "read"] as const satisfies readonly (keyof WalletActions)[];
    return Object.fromEntries(names.map((name) => [name, later(name)])) as unknown as WalletActions;
  }
}

/** The path that this document was loaded from, before any link within the app. */
const loadedPath = (): string => {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation ? new URL(navigation.name).pathname : location.pathname;
};

/** The wallet of the room around: what is connected, and everything it can be asked, on which chains. */
export function useWallet(): WalletSnapshot & WalletActions & { chainIds: ChainId[] } {
  const room = useContext(Room);
  if (!room) throw new Error("useWallet stands inside a WalletRoom");
  const { engine, actions, chainIds } = room;
  const snapshot = useSyncExternalStore(engine?.subscribe ?? nothingToHear, engine?.snapshot ?? (() => LOADING), () => LOADING);
  return useMemo(() => ({ ...snapshot, ...actions, chainIds }), [snapshot, actions, chainIds]);
}
