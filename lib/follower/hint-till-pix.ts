import "server-only";
import type { OperationKind } from "@/lib/operations/rules";
import type { SqlTx } from "@/lib/worker/lease";

/** What a Pix at the till has to do next, once its operation ended: the job is there exactly when the end is. */
export async function hintTillPix(tx: SqlTx, ended: readonly { kind: OperationKind; subjectId: string }[]) {
  for (const { kind, subjectId } of ended) {
    if (kind !== "till_deposit") continue;
    await tx`SELECT public.enqueue_job('tillpix.settle', ${JSON.stringify({ transactionId: subjectId })}::text::json, ${`tillpix.settle:${subjectId}`}, now())`;
  }
}
