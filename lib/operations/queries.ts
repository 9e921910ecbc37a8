import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { smartAccounts, userOperations } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import type { StoredOperation } from "@/lib/chain/user-operation";
import { isId } from "@/lib/ids";
import type { OperationKind, OperationStatus } from "./rules";

export type PreparedView = {
  operationId: string;
  chainId: ChainId;
  kind: OperationKind;
  status: OperationStatus;
  /** The sponsored operation without a signature, while it waits for one; else null. */
  op: StoredOperation | null;
  hash: string | null;
  /** ISO, by the chain's clock. */
  validUntil: string | null;
};

/** A person's own operations for a payment or a change of owners, with what there is to sign. */
export async function preparedOperations(actor: { userId: string }, { subjectId }: { subjectId: string }): Promise<PreparedView[]> {
  if (!isId(subjectId)) return [];
  const rows = await db
    .select({ operation: userOperations })
    .from(userOperations)
    .innerJoin(smartAccounts, and(eq(smartAccounts.chainId, userOperations.chainId), eq(smartAccounts.address, userOperations.sender)))
    .where(and(eq(userOperations.subjectId, subjectId), eq(smartAccounts.userId, actor.userId)))
    .orderBy(asc(userOperations.id));
  return rows.map(({ operation: { id, chainId, kind, status, signedOperation, userOpHash, validUntil } }) => ({
    operationId: id,
    chainId,
    kind,
    status,
    op: status === "prepared" ? (signedOperation as StoredOperation) : null,
    hash: status === "prepared" ? userOpHash : null,
    validUntil: validUntil?.toISOString() ?? null,
  }));
}
