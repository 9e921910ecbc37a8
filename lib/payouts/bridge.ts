import "server-only";
import { areLinked } from "@/lib/chain/bridges";
import type { ChainId } from "@/lib/chain/chains";
import { dollarFare, standardFare, type DollarFare } from "@/lib/consolidation/dollar-fare";
import { IrisUnreachableError } from "@/lib/consolidation/iris";
import { log } from "@/lib/log";
import { payoutChain } from "./offered";
import { BRIDGE_FEE_BPS_MAX, type PayoutTermsOf } from "./rules";

/** Whether money on a chain can be paid out in reais: it lies where the partner takes dollars, or can be brought there. */
export function reachesPartner(chainId: ChainId): boolean {
  const partner = payoutChain();
  return partner !== null && (chainId === partner || areLinked(chainId, partner));
}

/** The chain that dollars for the partner have to be brought to; null where they lie there already. */
export function bridgeTarget(chainId: ChainId): ChainId | null {
  const partner = payoutChain();
  return partner === null || chainId === partner ? null : partner;
}

/** Adds to a payout's terms how its dollars get to the partner and the most that this may cost. */
export type WithBridge = (terms: PayoutTermsOf) => PayoutTermsOf;

/**
 * How dollars of a chain get to the partner now: fast for a small fee, or free and slow while nobody can be asked for the fee, or where it is out of
 * proportion (BRIDGE_FEE_BPS_MAX). Terms that need no bridge stay as they are.
 */
export async function bridgeFrom(chainId: ChainId): Promise<WithBridge> {
  const bridgeToChainId = bridgeTarget(chainId);
  if (bridgeToChainId === null) return (terms) => terms;
  const fareOf = await fareBetween(chainId, bridgeToChainId);
  return (terms) => {
    const fare = fareOf(terms.netUsdMicros);
    const { maxFeeUsdMicros, finality } = isFair(fare.maxFeeUsdMicros, terms.netUsdMicros) ? fare : standardFare();
    return { ...terms, bridgeToChainId, bridgeFeeUsdMicros: maxFeeUsdMicros, bridgeFinality: finality };
  };
}

async function fareBetween(from: ChainId, to: ChainId): Promise<(amountUsdMicros: bigint) => DollarFare> {
  try {
    return await dollarFare(from, to);
  } catch (error) {
    if (!(error instanceof IrisUnreachableError)) throw error;
    log().warn({ err: error, chainId: from }, "the fee of a bridge can't be asked just now");
    return standardFare;
  }
}

/** A fee that is within what we let a bridge take. */
export const isFair = (feeUsdMicros: bigint, amountUsdMicros: bigint): boolean => feeUsdMicros * 10_000n <= amountUsdMicros * BRIDGE_FEE_BPS_MAX;
