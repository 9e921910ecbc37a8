import "server-only";
import { DomainError } from "@/lib/errors";
import type { SqlTx } from "@/lib/worker/lease";
import { requestStateOf } from "./rules";

type Locked = { requester_id: string; transaction_id: string | null; cancelled_at: Date | null; expires_at: Date };
type Paid = { status: "pending" | "confirmed" | "failed"; idempotency_key: string | null };

/**
 * Locks a request for the payment that is being reserved in this transaction, and answers what ties the two together. Of two payers at once
 * the second waits here and is told. A repeated key of the payment itself passes: the reservation answers it.
 * Fails with not_found, request_own, request_paid (also on its way), request_over.
 */
export async function joinRequest(tx: SqlTx, { requestId, payerId, key }: { requestId: string; payerId: string; key: string }): Promise<(transactionId: string) => Promise<void>> {
  const [request] = await tx<Locked[]>`SELECT requester_id, transaction_id, cancelled_at, expires_at FROM payment_requests WHERE id = ${requestId} FOR UPDATE`;
  if (!request) throw new DomainError("not_found");
  if (request.requester_id === payerId) throw new DomainError("request_own");
  // A statement of its own: what the one before waited for is seen only from here on.
  const [paid] = request.transaction_id ? await tx<Paid[]>`SELECT status, idempotency_key FROM transactions WHERE id = ${request.transaction_id}` : [];
  const state = requestStateOf({ transaction: paid?.status ?? null, cancelledAt: request.cancelled_at, expiresAt: request.expires_at }, new Date());
  if (state !== "open" && paid?.idempotency_key !== `${payerId}:${key}`) throw new DomainError(state === "paid" || state === "paying" ? "request_paid" : "request_over");
  return async (transactionId) => {
    await tx`UPDATE payment_requests SET transaction_id = ${transactionId}, payer_id = ${payerId} WHERE id = ${requestId}`;
  };
}
