import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { TicketStatus } from "@/lib/avenia/tickets";

export type SubAccount = { id: string; accountType: string; name: string; isIdentified: boolean; createdAt: string };
export type Attempt = { id: string; subAccountId: string; redirectUrl: string; status: "PENDING" | "PROCESSING" | "EXPIRED" | "COMPLETED"; result: "APPROVED" | "REJECTED" | ""; resultMessage: string; retryable: boolean; createdAt: string; updatedAt: string };
export type Quote = { token: string; subAccountId: string; inputAmount: string; outputAmount: string; outputUnits: string; expiresAt: number };
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
  webhooks: Webhook[];
  events: SentEvent[];
};

const RSA_BITS = 2048;

export const newKey = (): string => generateKeyPairSync("rsa", { modulusLength: RSA_BITS }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();

/** What the stand-in provider knows, kept in a file so that a restart of the stack forgets nobody. */
export function openState(file: string | undefined): { state: SandboxState; save: () => void } {
  const state: SandboxState =
    file && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as SandboxState) : { privateKeyPem: newKey(), subAccounts: [], attempts: [], tickets: [], webhooks: [], events: [] };
  const save = () => {
    if (!file) return;
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  save();
  return { state, save };
}
