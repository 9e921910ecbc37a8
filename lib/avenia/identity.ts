import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const Started = z.object({ attemptId: z.string().min(1), kycUrl: z.url({ protocol: /^https?$/ }) });

const AttemptShape = z.looseObject({
  id: z.string().min(1),
  status: z.enum(["PENDING", "PROCESSING", "EXPIRED", "COMPLETED"]),
  // Unsettled attempts carry an empty text or null.
  result: z.enum(["APPROVED", "REJECTED", ""]).nullish(),
  resultMessage: z.string().nullish(),
  retryable: z.boolean().nullish(),
});
const Answered = z.union([z.object({ attempt: AttemptShape }).transform(({ attempt }) => attempt), AttemptShape]);

export type IdentityAttempt = { id: string; state: "pending" | "processing" | "expired" | "approved" | "rejected"; isRetryable: boolean; reason: string | null };

/** A new attempt on the provider's own pages; the person comes back to `redirectUrl`. */
export async function startIdentityAttempt(access: AveniaAccess, { subAccountId, redirectUrl }: { subAccountId: string; redirectUrl: string }): Promise<{ attemptId: string; url: string }> {
  const { attemptId, kycUrl } = await request(access, Started, "POST", "/v2/kyc/new-level-1/web-sdk", { query: { subAccountId }, body: { redirectUrl } });
  return { attemptId, url: kycUrl };
}

export async function readIdentityAttempt(access: AveniaAccess, { subAccountId, attemptId }: { subAccountId: string; attemptId: string }): Promise<IdentityAttempt> {
  const { id, status, result, resultMessage, retryable } = await request(access, Answered, "GET", `/v2/kyc/attempts/${encodeURIComponent(attemptId)}`, { query: { subAccountId } });
  const settled = result === "APPROVED" ? "approved" : result === "REJECTED" ? "rejected" : "processing";
  const state = status === "COMPLETED" ? settled : ({ PENDING: "pending", PROCESSING: "processing", EXPIRED: "expired" } as const)[status];
  return { id, state, isRetryable: retryable ?? true, reason: resultMessage || null };
}
