import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { suggestFees } from "@/lib/chain/fees";
import { nextBlockTime } from "@/lib/chain/next-block";
import type { OperationFees } from "@/lib/chain/user-operation";

/** Fees and time change with blocks; asking once per this long spares the node a question for each bundle. */
const FRESH_MS = 400;

export type ChainConditions = { fees: OperationFees; /** Unix seconds of the next block. */ nextBlockTime: number };

const known = new Map<ChainId, { at: number; answer: Promise<ChainConditions> }>();

/** What a chain asked for a moment ago, good enough for choosing and for fees. Throws when the node is out of reach. */
export function chainConditions(chainId: ChainId): Promise<ChainConditions> {
  const latest = known.get(chainId);
  return latest && Date.now() - latest.at < FRESH_MS ? latest.answer : presentConditions(chainId);
}

/** What a chain asks for right now: signing counts an operation's time from it, and a chain's clock may jump after a pause. */
export function presentConditions(chainId: ChainId): Promise<ChainConditions> {
  const answer = Promise.all([suggestFees(chainId), nextBlockTime(chainId)]).then(([fees, time]) => ({ fees, nextBlockTime: time }));
  known.set(chainId, { at: Date.now(), answer });
  answer.catch(() => known.delete(chainId));
  return answer;
}
