import "server-only";
import type { Call } from "@/lib/chain/account";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";

/** The calls that bring a refunded sale's rewards back to the store, from its row. Fails with not_found. */
export function rewardReturnCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  return Promise.reject(new DomainError("not_found", { operationId: operation.id }));
}
