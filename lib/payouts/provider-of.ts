import "server-only";
import { ProviderError, type PayoutProvider } from "./provider";
import type { PayoutProviderName } from "./rules";

/** The partners that reais can be paid by, each made when it is first asked for: their keys are the worker's alone. */
const MAKERS: Partial<Record<PayoutProviderName, () => PayoutProvider>> = {};

/** A partner by name. Throws ProviderError (busy) for one that is not set up: what waits for it waits on. */
export function payoutProvider(name: PayoutProviderName): PayoutProvider {
  const make = MAKERS[name];
  if (!make) throw new ProviderError("busy", "not set up");
  return make();
}
