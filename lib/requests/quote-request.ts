import "server-only";
import { DomainError } from "@/lib/errors";
import { quoteSend, type SendPrice } from "@/lib/transfers/quote-send";
import { getRequest } from "./queries";

/**
 * The price of a request for who wants to pay it: its amount in its currency at the present rate. Fails with not_found, request_own, request_paid,
 * request_over, and what quoteSend fails with.
 */
export async function quoteRequest(payer: { userId: string; sessionId: string }, reference: string, now = new Date()): Promise<SendPrice> {
  const request = await getRequest(reference, payer, now);
  if (request.isOwn) throw new DomainError("request_own");
  if (request.state !== "open") throw new DomainError(request.state === "paid" || request.state === "paying" ? "request_paid" : "request_over");
  return quoteSend(payer, { to: { kind: "person", userId: request.requester.userId }, requestId: request.id, currency: request.currency, cents: request.amountCents, note: request.note }, now);
}
