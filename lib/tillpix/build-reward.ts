import "server-only";
import type { Call } from "@/lib/chain/account";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";

/** The calls that hand a waiting reward to its customer, from its row. Fails with not_found. */
export function tillRewardCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  return Promise.reject(new DomainError("not_found", { operationId: operation.id }));
}
