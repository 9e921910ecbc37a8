import "server-only";
import { CCTP_FINALITY } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { readFastFee } from "./iris";
import { maxFeeOf, USUAL_SECONDS } from "./rules";

/** How dollars travel: the most that it may cost, the level at which Circle signs, and how long it usually takes. */
export type DollarFare = { maxFeeUsdMicros: bigint; finality: number; usualSeconds: number };

/** The free transfer, for nobody who waits. */
const STANDARD: DollarFare = { maxFeeUsdMicros: 0n, finality: CCTP_FINALITY.standard, usualSeconds: USUAL_SECONDS.standard };

/** Fast where its fee is known, for people who wait; else the free one. Of an amount in micro-dollars. Throws IrisUnreachableError. */
export async function dollarFare(from: ChainId, to: ChainId, { isPatient = false } = {}): Promise<(amountUsdMicros: bigint) => DollarFare> {
  const fastFee = isPatient ? null : await readFastFee(from, to);
  if (fastFee === null) return () => STANDARD;
  return (amountUsdMicros) => ({ maxFeeUsdMicros: maxFeeOf(amountUsdMicros, fastFee), finality: CCTP_FINALITY.fast, usualSeconds: USUAL_SECONDS.fast });
}

/** The same that never fails: while nobody can be asked for the fee, the free transfer is what can be promised. */
export const standardFare = (): DollarFare => STANDARD;
