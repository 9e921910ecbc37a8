import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { TicketStatus } from "@/lib/avenia/tickets";
import type { Fate } from "../pix/directory";

export type SubAccount = { id: string; accountType: string; name: string; isIdentified: boolean; createdAt: string; /** Micro-dollars on its balance. */ balance?: string };
export type Attempt = { id: string; subAccountId: string; redirectUrl: string; status: "PENDING" | "PROCESSING" | "EXPIRED" | "COMPLETED"; result: "APPROVED" | "REJECTED" | ""; resultMessage: string; retryable: boolean; createdAt: string; updatedAt: string; /** A company's two pages, each with its own verdict. */ parts?: Record<KycPart, Verdict | null> };
export const KYC_PARTS = ["company", "representative"] as const;
export type KycPart = (typeof KYC_PARTS)[number];
export type Verdict = "approve" | "reject" | "wait";
export type Quote = { token: string; subAccountId: string; inputAmount: string; outputAmount: string; outputUnits: string; expiresAt: number; /** For a Pix out: micro-dollars that go in, centavos that come out. */ out?: { input: string; output: string; fees: Fee[] } };
export type Fee = { type: string; amount: string; currency: "BRL"; rebatable: boolean };
/** Dollars that came to an account's address, known by their place on the chain. */
export type Deposit = { id: string; subAccountId: string; place: string; txHash: string; from: string; units: string; createdAt: string };
export type Beneficiary = { id: string; subAccountId: string; alias: string; userName: string; taxId: string; bankCode: string; branchCode: string; accountNumber: string; accountType: string };
/** A Pix that goes out. Amounts in micro-dollars and centavos. */
export type Payout = {
  id: string; subAccountId: string; externalId: string; status: TicketStatus; failureReason: string; input: string; output: string; fees: Fee[];
  pixKey: string; receiver: { name: string; maskedDocument: string; bankName: string }; message: string; fate: Fate; step: number;
  endToEndId: string; returnId: string; createdAt: string; updatedAt: string;
};
export type Ticket = {
  id: string; subAccountId: string; externalId: string; status: TicketStatus; failureReason: string; inputAmount: string; outputUnits: string;
  walletAddress: string; brCode: string; expiration: string; txHash: string; createdAt: string; updatedAt: string;
};
export type SentEvent = { id: string; subscription: "TICKET" | "KYC"; type: string; subAccountId: string; createdAt: string; data: Record<string, unknown> };
export type Webhook = { id: string; url: string; subscriptions: string[] };

export type SandboxState = {
  /** Signs the webhooks; the older ones are gone, as the provider's are. */
  privateKeyPem: string;
  subAccounts: SubAccount[];
  attempts: Attempt[];
  tickets: Ticket[];
  deposits: Deposit[];
  beneficiaries: Beneficiary[];
  payouts: Payout[];
  /** The block whose deposits are looked at next. */
  nextBlock: string;
  webhooks: Webhook[];
  events: SentEvent[];
};

const RSA_BITS = 2048;

export const newKey = (): string => generateKeyPairSync("rsa", { modulusLength: RSA_BITS }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();

/** What the stand-in provider knows, kept in a file so that a restart of the stack forgets nobody. */
export function openState(file: string | undefined): { state: SandboxState; save: () => void } {
  const empty = { subAccounts: [], attempts: [], tickets: [], deposits: [], beneficiaries: [], payouts: [], nextBlock: "0", webhooks: [], events: [] };
  // A file of an older stack knows no payouts yet.
  const state: SandboxState = file && existsSync(file) ? { ...empty, ...(JSON.parse(readFileSync(file, "utf8")) as SandboxState) } : { ...empty, privateKeyPem: newKey() };
  const save = () => {
    if (!file) return;
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  save();
  return { state, save };
}
