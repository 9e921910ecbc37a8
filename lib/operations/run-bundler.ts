import "server-only";
import type { Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { addressOfKey } from "@/lib/chain/keys";
import { log } from "@/lib/log";
import { waitForLease, type Lease } from "@/lib/worker/lease";
import { pause, type Waker } from "@/lib/worker/pause";
import type { Bundler } from "./bundler";
import { OperatorBundler } from "./bundler-operator";
import { UrlBundler } from "./bundler-url";
import { chainConditions } from "./chain-conditions";
import { hasUnsent, unsentOperations } from "./outgoing";
import { BUNDLE_OPERATIONS_MAX } from "./rules";

/** Recorded operations are looked for this often without a hint; the lanes of this process hint at once. */
const POLL_MS = 200;
/** While bundles are on their way, the operator's nonce is asked for this often. */
const POLL_OPEN_MS = 40;
const RETRY_MS = 500;
/** Senders with several operations leave some behind; enough are read to fill a bundle all the same. */
const CANDIDATES = BUNDLE_OPERATIONS_MAX * 4;

export type BundlerRun = {
  chainId: ChainId;
  signal: AbortSignal;
  waker: Waker;
  /** A bundle was mined: the follower has news to read. */
  onMined: () => void;
  /** Operators of one process take turns at the waiting operations, so that no two simulate the same. */
  takeTurn: <T>(work: () => Promise<T>) => Promise<T>;
};

/**
 * Bundles with one operator's key while this process holds its lease; waits for the lease while another process does. It makes our own calls too,
 * and where a bundler behind a URL takes the operations, these alone (`callsOnly`).
 */
export async function runOperator(operatorKey: Hex, run: BundlerRun, { callsOnly = false }: { callsOnly?: boolean } = {}): Promise<void> {
  const { chainId, signal } = run;
  while (!signal.aborted) {
    let lease: Lease | null = null;
    try {
      lease = await waitForLease(`operator:${chainId}:${addressOfKey(operatorKey)}`, signal);
      if (lease) {
        const bundler = new OperatorBundler({ chainId, operatorKey, lease });
        const sendCall = () => dispatchCall(bundler, run.takeTurn);
        await dispatch(bundler, run, lease.isHeld, async () => (await sendCall()) || (!callsOnly && (await dispatchOnce(bundler, chainId, run.takeTurn))));
      }
    } catch (error) {
      log().error({ err: error, chainId }, "bundler stopped, starting again");
      await pause(RETRY_MS, signal);
    } finally {
      await lease?.release();
    }
  }
}

/** Offers operations to the bundler behind a URL. One process a chain is enough, so it holds a lease too. */
export async function runUrlBundler(url: string, run: BundlerRun): Promise<void> {
  const { chainId, signal } = run;
  while (!signal.aborted) {
    let lease: Lease | null = null;
    try {
      lease = await waitForLease(`bundler:${chainId}`, signal);
      if (lease) {
        const bundler = new UrlBundler(chainId, url);
        await dispatch(bundler, run, lease.isHeld, () => dispatchOnce(bundler, chainId, run.takeTurn));
      }
    } catch (error) {
      log().error({ err: error, chainId }, "bundler stopped, starting again");
      await pause(RETRY_MS, signal);
    } finally {
      await lease?.release();
    }
  }
}

async function dispatch(bundler: Bundler, { chainId, signal, waker, onMined }: BundlerRun, isHeld: () => boolean, send: () => Promise<boolean>) {
  while (!signal.aborted && isHeld()) {
    try {
      const { isOpen, hasMined } = await bundler.tend();
      if (hasMined) onMined();
      const hasSent = bundler.hasRoom() && (await send());
      if (!hasSent) await waker.wait(isOpen ? POLL_OPEN_MS : POLL_MS, signal);
    } catch (error) {
      if (!isHeld()) throw error;
      if (!isChainUnreachable(error)) log().error({ err: error, chainId }, "bundling failed");
      await pause(RETRY_MS, signal);
    }
  }
}

/** One bundle out of what waits; false when nothing could be sent. A bundle leaves as soon as there is one operation for it. */
export async function dispatchOnce(bundler: Bundler, chainId: ChainId, takeTurn: BundlerRun["takeTurn"] = (work) => work()): Promise<boolean> {
  const transmit = await takeTurn(async () => {
    if (!(await hasUnsent(chainId))) return null;
    const { nextBlockTime } = await chainConditions(chainId);
    const waiting = await unsentOperations(chainId, nextBlockTime, CANDIDATES);
    return waiting.length === 0 ? null : bundler.book(waiting);
  });
  await transmit?.();
  return transmit !== null;
}

/** One call of our own; false when none is due or it can't be sent now. */
export async function dispatchCall(bundler: OperatorBundler, takeTurn: BundlerRun["takeTurn"] = (work) => work()): Promise<boolean> {
  const transmit = await takeTurn(() => bundler.bookCall());
  await transmit?.();
  return transmit !== null;
}

/** A queue of one: work runs after the work before it, whatever became of that. */
export function turns(): BundlerRun["takeTurn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
}
