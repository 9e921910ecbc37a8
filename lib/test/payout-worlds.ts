import { randomBytes, randomUUID } from "node:crypto";
import { aveniaPayouts } from "@/lib/payouts/providers/avenia";
import type { PayoutProvider, ProviderAccount } from "@/lib/payouts/provider";
import type { FaultKind, SandboxOptions } from "@/lib/dev/avenia/world";
import { startAveniaWorld } from "./avenia-world";

/** What the same tests ask of every provider's stand-in. */
export type PayoutWorld = {
  provider: PayoutProvider;
  /** An account whose store the provider knows, without dollars. */
  openAccount: () => Promise<ProviderAccount>;
  /** Dollars that came; answers the transaction. */
  credit: (accountId: string, amountUsdMicros: bigint) => Promise<string>;
  fault: (call: "quote" | "look up" | "submit" | "find" | "read", kind: FaultKind, times?: number) => Promise<void>;
  /** Lets go what is held, or moves a step by hand. */
  advance: (ticketId?: string) => Promise<void>;
  byHand: (isByHand: boolean) => Promise<void>;
  /** How often a payout of ours reached the receiver, less what came back; and whether every cent is somewhere. */
  ledger: () => Promise<{ isConserved: boolean; paidOutBrlCentavos: bigint; payouts: { externalId: string; status: string; outputBrlCentavos: string }[] }>;
  url: string;
  post: (path: string, body: unknown) => Promise<void>;
  stop: () => Promise<void>;
};

const AVENIA_CALLS = { quote: "GET /v2/account/quote/fixed-rate", "look up": "GET /v2/account/bank-accounts/brl/pix-info", submit: "POST /v2/account/tickets", find: "GET /v2/account/tickets", read: "GET /v2/account/tickets/" } as const;

export const newStore = () => ({ storeId: randomUUID(), name: "Padaria", legalName: "Padaria Ltda", cnpj: "11444777000161" });
export const newTxHash = () => `0x${randomBytes(32).toString("hex")}`;

/** Approves whoever stands before a page of the provider's identity check. */
export async function approve(identityUrl: string) {
  await fetch(identityUrl, { method: "POST", body: new URLSearchParams({ verdict: "approve" }), redirect: "manual" });
}

/** Avenia's stand-in with the provider that the worker would use. */
export async function startAveniaPayoutWorld(options: Partial<SandboxOptions> = {}): Promise<PayoutWorld & { world: Awaited<ReturnType<typeof startAveniaWorld>> }> {
  const world = await startAveniaWorld(options);
  const provider = aveniaPayouts({ access: world.access, appUrl: "http://localhost:3000" });
  return {
    world,
    provider,
    url: world.sandbox.url,
    post: world.post,
    openAccount: async () => {
      const store = newStore();
      const account = await provider.openAccount(store);
      await approve(account.identityUrl ?? "");
      for (;;) {
        const again = await provider.openAccount(store);
        if (again.identity === "confirmed") return again;
      }
    },
    credit: async (subAccountId, amountUsdMicros) => {
      const txHash = newTxHash();
      await world.post("/__sandbox/credit", { subAccountId, txHash, amountUsdMicros: amountUsdMicros.toString() });
      return txHash;
    },
    fault: (call, kind, times = 1) => world.post("/__sandbox/faults", { call: AVENIA_CALLS[call], kind, times }),
    advance: (ticketId) => world.post("/__sandbox/advance", ticketId ? { ticketId } : {}),
    byHand: (isByHand) => world.post("/__sandbox/settings", { isByHand }),
    ledger: async () => {
      const ledger = (await (await fetch(`${world.sandbox.url}/__sandbox/ledger`)).json()) as { isConserved: boolean; paidOutBrlCentavos: string; payouts: { externalId: string; status: string; outputBrlCentavos: string }[] };
      return { ...ledger, paidOutBrlCentavos: BigInt(ledger.paidOutBrlCentavos) };
    },
    stop: world.stop,
  };
}
