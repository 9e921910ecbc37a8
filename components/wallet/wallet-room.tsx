"use client";

import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import type { WalletEngine } from "./wallet-engine";
import { WalletFailure, type WalletActions, type WalletSetup, type WalletSnapshot } from "./wallet-types";

const LOADING: WalletSnapshot = { status: "loading", choices: [], connected: null, pairingUri: null };
const nothingToHear = () => () => undefined;

const Room = createContext<{ engine: WalletEngine | null; actions: WalletActions } | null>(null);

/**
 * Around everything that talks to a person's wallet. The libraries behind it are fetched by the browser after the page stands, so a
 * page pays nothing for having a room before it wakes; on the server and until then the status is `loading`.
 */
export function WalletRoom({ chains, walletConnectProjectId, children }: WalletSetup & { children: ReactNode }) {
  const [engine, setEngine] = useState<WalletEngine | null>(null);
  const key = JSON.stringify({ chains, walletConnectProjectId });
  const loading = useMemo(() => new Loading(JSON.parse(key) as WalletSetup), [key]);
  useEffect(() => {
    let isHere = true;
    void loading.engine().then((loaded) => {
      if (isHere) setEngine(loaded);
    }, () => undefined);
    return () => {
      isHere = false;
    };
  }, [loading]);
  const value = useMemo(() => ({ engine, actions: loading.actions() }), [engine, loading]);
  return <Room value={value}>{children}</Room>;
}

/** Actions that wait for the libraries by themselves, so that a tap before they are there is not lost. */
class Loading {
  private promise: Promise<WalletEngine> | null = null;
  constructor(private readonly setup: WalletSetup) {}

  engine(): Promise<WalletEngine> {
    this.promise ??= import("./wallet-engine").then(({ walletEngine }) => walletEngine(this.setup));
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

/** The wallet of the room around: what is connected, and everything it can be asked. */
export function useWallet(): WalletSnapshot & WalletActions {
  const room = useContext(Room);
  if (!room) throw new Error("useWallet stands inside a WalletRoom");
  const { engine, actions } = room;
  const snapshot = useSyncExternalStore(engine?.subscribe ?? nothingToHear, engine?.snapshot ?? (() => LOADING), () => LOADING);
  return useMemo(() => ({ ...snapshot, ...actions }), [snapshot, actions]);
}
