import "server-only";
import { db, type Tx } from "@/db/client";
import { userOperations } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import { newId, nonceKeyOf } from "@/lib/ids";
import type { OperationKind } from "./rules";

export type NewOperation = { chainId: ChainId; kind: OperationKind; subjectId: string; sender: string };

/** Puts operations without money of people into the outbox, and answers their ids. Payments come in by pay_reserve alone. */
export async function queueOperations(operations: readonly NewOperation[], runner: Tx | typeof db = db): Promise<string[]> {
  if (operations.length === 0) return [];
  const rows = operations.map((operation) => {
    const id = newId();
    return { ...operation, id, nonceKey: nonceKeyOf(id) };
  });
  await runner.insert(userOperations).values(rows);
  return rows.map(({ id }) => id);
}
