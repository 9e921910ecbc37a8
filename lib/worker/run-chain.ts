import "server-only";
import type { Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { workerEnv } from "@/lib/env";
import { followChain } from "@/lib/follower/follow";
import { bundlerUrl } from "@/lib/operations/bundler";
import { runOperator, runUrlBundler, turns } from "@/lib/operations/run-bundler";
import { LANES, runSubmitLane } from "@/lib/operations/submit";
import { Waker } from "./pause";

export type RunningChain = {
  /** Something was queued: look now. */
  wake: () => void;
  /** Rejects with ChainResetError; ends when the signal does. */
  done: Promise<void>;
};

/** Everything that this process does for one chain: sign what is queued, bundle it, follow the chain. */
export function runChain(chainId: ChainId, signal: AbortSignal): RunningChain {
  const follower = new Waker();
  const url = bundlerUrl(chainId);
  const operators = workerEnv().OPERATOR_PRIVATE_KEYS.split(",").map((key) => ({ key: key as Hex, waker: new Waker() }));
  const urlWaker = new Waker();
  const lanes = Array.from({ length: LANES }, () => new Waker());

  const wakeBundlers = () => {
    urlWaker.wake();
    for (const { waker } of operators) waker.wake();
  };
  const run = { chainId, signal, onMined: () => follower.wake(), takeTurn: turns() };
  const done = Promise.all([
    followChain({ chainId, signal, waker: follower }),
    ...lanes.map((waker) => runSubmitLane({ chainId, signal, waker, onSubmitted: wakeBundlers })),
    ...operators.map(({ key, waker }) => runOperator(key, { ...run, waker }, { callsOnly: url !== null })),
    ...(url ? [runUrlBundler(url, { ...run, waker: urlWaker })] : []),
  ]);
  return { wake: () => lanes.forEach((waker) => waker.wake()), done: done.then(() => {}) };
}
