import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const Started = z.object({ attemptId: z.string().min(1), kycUrl: z.url({ protocol: /^https?$/ }) });

const StartedCompany = z.object({ attemptId: z.string().min(1), authorizedRepresentativeUrl: z.url({ protocol: /^https?$/ }), basicCompanyDataUrl: z.url({ protocol: /^https?$/ }) });

const AttemptShape = z.looseObject({
  id: z.string().min(1),
  status: z.enum(["PENDING", "PROCESSING", "EXPIRED", "COMPLETED"]),
  // Unsettled attempts carry an empty text or null.
  result: z.enum(["APPROVED", "REJECTED", ""]).nullish(),
  resultMessage: z.string().nullish(),
  retryable: z.boolean().nullish(),
  createdAt: z.string().nullish(),
});
const Answered = z.union([z.object({ attempt: AttemptShape }).transform(({ attempt }) => attempt), AttemptShape]);

const Listed = z.looseObject({ attempts: z.array(AttemptShape) });

export type IdentityAttempt = { id: string; state: "pending" | "processing" | "expired" | "approved" | "rejected"; isRetryable: boolean; reason: string | null };

/** A new attempt on the provider's own pages; the person comes back to `redirectUrl`. */
export async function startIdentityAttempt(access: AveniaAccess, { subAccountId, redirectUrl }: { subAccountId: string; redirectUrl: string }): Promise<{ attemptId: string; url: string }> {
  const { attemptId, kycUrl } = await request(access, Started, "POST", "/v2/kyc/new-level-1/web-sdk", { query: { subAccountId }, body: { redirectUrl } });
  return { attemptId, url: kycUrl };
}

export async function readIdentityAttempt(access: AveniaAccess, { subAccountId, attemptId }: { subAccountId: string; attemptId: string }): Promise<IdentityAttempt> {
  return attemptOf(await request(access, Answered, "GET", `/v2/kyc/attempts/${encodeURIComponent(attemptId)}`, { query: { subAccountId } }));
}

/** A new attempt of a company on the provider's own pages: one for its data, one for who may speak for it. */
export async function startCompanyAttempt(access: AveniaAccess, { subAccountId, redirectUrl }: { subAccountId: string; redirectUrl: string }): Promise<{ attemptId: string; companyUrl: string; representativeUrl: string }> {
  const started = await request(access, StartedCompany, "POST", "/v2/kyc/new-level-1/web-sdk", { query: { subAccountId }, body: { redirectUrl } });
  return { attemptId: started.attemptId, companyUrl: started.basicCompanyDataUrl, representativeUrl: started.authorizedRepresentativeUrl };
}

/** Every attempt of an account that the provider lists, the newest first. */
export async function listIdentityAttempts(access: AveniaAccess, subAccountId: string): Promise<IdentityAttempt[]> {
  const { attempts } = await request(access, Listed, "GET", "/v2/kyc/attempts", { query: { subAccountId } });
  return attempts.toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? "")).map(attemptOf);
}

function attemptOf({ id, status, result, resultMessage, retryable }: z.output<typeof AttemptShape>): IdentityAttempt {
  const settled = result === "APPROVED" ? "approved" : result === "REJECTED" ? "rejected" : "processing";
  const state = status === "COMPLETED" ? settled : ({ PENDING: "pending", PROCESSING: "processing", EXPIRED: "expired" } as const)[status];
  return { id, state, isRetryable: retryable ?? true, reason: resultMessage || null };
}
