import { mayTryAgain, type IdentityStatus } from "@/lib/identity/rules";

/** What a store is at the partner: a company by its CNPJ, or the person who sells. An account's type is for ever. */
export const ACCOUNT_TYPES = ["individual", "company"] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

export const accountTypeOf = ({ cnpj }: { cnpj: string | null }): AccountType => (cnpj ? "company" : "individual");

/** A company shows two things, each on a page of its own. */
export const COMPANY_STEPS = ["company", "representative"] as const;
export type CompanyStep = (typeof COMPANY_STEPS)[number];

/** The app's page that the partner sends people back to. */
export const RETURN_PAGES = ["pix", "payouts"] as const;
export type ReturnPage = (typeof RETURN_PAGES)[number];

/**
 * Where a page of the partner's stands. `said`: somebody of the store told us that it is done, and the partner has not confirmed it. The partner tells of the
 * whole check only, so that everything else is its answer about all pages at once.
 */
export type StepState = "waiting" | "said" | "checking" | "confirmed" | "refused";
export type IdentityStep = { step: "person" | CompanyStep; state: StepState; url: string | null };

export type StoreIdentityView = { status: "none" | IdentityStatus; isCompany: boolean; mayTryAgain: boolean; steps: IdentityStep[] };

export type KnownIdentity = {
  accountType: AccountType; status: IdentityStatus; isRetryable: boolean; attemptUrl: string | null; representativeUrl: string | null; companySaidAt: Date | null; representativeSaidAt: Date | null;
};

const STATES: Record<IdentityStatus, StepState> = { requested: "waiting", open: "waiting", processing: "checking", approved: "confirmed", rejected: "refused", expired: "waiting" };

/** What a page shows of a store's check. Before the first request it is what will be asked for. */
export function storeIdentityViewOf(known: KnownIdentity | null, store: { cnpj: string | null }): StoreIdentityView {
  const isCompany = (known?.accountType ?? accountTypeOf(store)) === "company";
  if (!known) return { status: "none", isCompany, mayTryAgain: true, steps: (isCompany ? COMPANY_STEPS : (["person"] as const)).map((step) => ({ step, state: "waiting", url: null })) };
  const { status } = known;
  const isUnderWay = status === "open" || status === "processing";
  const stepOf = (step: IdentityStep["step"], url: string | null, saidAt: Date | null): IdentityStep => ({ step, state: status === "open" && saidAt ? "said" : STATES[status], url: isUnderWay ? url : null });
  const steps = isCompany
    ? [stepOf("company", known.attemptUrl, known.companySaidAt), stepOf("representative", known.representativeUrl, known.representativeSaidAt)]
    : [stepOf("person", known.attemptUrl, null)];
  return { status, isCompany, mayTryAgain: mayTryAgain(known), steps };
}
