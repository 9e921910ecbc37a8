import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { startStarkSandbox, type StarkSandbox } from "@/lib/dev/starkbank/server";
import type { StarkAccess } from "@/lib/starkbank/request";
import { createSubAccount, readAccount } from "@/lib/avenia/accounts";
import { startCompanyAttempt } from "@/lib/avenia/identity";
import type { AveniaAccess } from "@/lib/avenia/request";
import { aveniaPayouts } from "@/lib/payouts/providers/avenia";
import type { PayoutProvider, ProviderAccount } from "@/lib/payouts/provider";
import { starkbankPayouts } from "@/lib/payouts/providers/starkbank";
import type { StoreAccount } from "@/lib/store-identity/store-account";
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
  /** Amounts in micro-dollars that fail, and that come back after they were paid. */
  magic: { failing: bigint; returning: bigint };
  /** How an order that the provider looks into is told: not every one has a word for it. */
  heldAs: "held" | "processing";
  url: string;
  post: (path: string, body: unknown) => Promise<void>;
  stop: () => Promise<void>;
};

const AVENIA_CALLS = { quote: "GET /v2/account/quote/fixed-rate", "look up": "GET /v2/account/bank-accounts/brl/pix-info", submit: "POST /v2/account/tickets", find: "GET /v2/account/tickets", read: "GET /v2/account/tickets/" } as const;

export const newStore = () => ({ storeId: randomUUID(), name: "Padaria", legalName: "Padaria Ltda", cnpj: "11444777000161" });
export const newTxHash = () => `0x${randomBytes(32).toString("hex")}`;

/** What the provider says to whoever stands before a page of its identity check. */
export async function judgePage(url: string, verdict: "approve" | "reject" | "wait") {
  await fetch(url, { method: "POST", body: new URLSearchParams({ verdict }), redirect: "manual" });
}
/** Approves a person's page, or a company's two. */
export async function approve(...urls: (string | null)[]) {
  for (const url of urls) if (url) await judgePage(url, "approve");
}

/** The store's account at the stand-in, without a database: what lib/store-identity keeps is kept here. */
function accountsOf(access: AveniaAccess): (storeId: string) => Promise<StoreAccount> {
  const accounts = new Map<string, Promise<{ subAccountId: string; identityUrl: string; representativeUrl: string }>>();
  const open = async (storeId: string) => {
    const subAccountId = await createSubAccount(access, { accountType: "COMPANY", name: `CocoPay ${storeId}` });
    const { companyUrl, representativeUrl } = await startCompanyAttempt(access, { subAccountId, redirectUrl: "http://localhost:3000/" });
    return { subAccountId, identityUrl: companyUrl, representativeUrl };
  };
  return async (storeId) => {
    const made = accounts.get(storeId) ?? open(storeId);
    accounts.set(storeId, made);
    const account = await made;
    const { isIdentified } = await readAccount(access, account.subAccountId);
    return isIdentified ? { ...account, identity: "confirmed", identityUrl: null, representativeUrl: null } : { ...account, identity: "needed" };
  };
}

/** Avenia's stand-in with the provider that the worker would use. */
export async function startAveniaPayoutWorld(options: Partial<SandboxOptions> = {}): Promise<PayoutWorld & { world: Awaited<ReturnType<typeof startAveniaWorld>> }> {
  const world = await startAveniaWorld(options);
  const provider = aveniaPayouts({ access: world.access, accountOf: accountsOf(world.access) });
  return {
    world,
    provider,
    magic: { failing: 666_000_000n, returning: 777_000_000n },
    heldAs: "held",
    url: world.sandbox.url,
    post: world.post,
    openAccount: async () => {
      const store = newStore();
      const account = await provider.openAccount(store);
      await approve(account.identityUrl, account.representativeUrl);
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
    ledger: () => ledgerAt(world.sandbox.url),
    stop: world.stop,
  };
}

async function ledgerAt(url: string) {
  const ledger = (await (await fetch(`${url}/__sandbox/ledger`)).json()) as { isConserved: boolean; paidOutBrlCentavos: string; payouts: { externalId: string; status: string; outputBrlCentavos: string }[] };
  return { ...ledger, paidOutBrlCentavos: BigInt(ledger.paidOutBrlCentavos) };
}

const STARK_CALLS = { quote: "GET /v2/balance", "look up": "GET /v2/dict-key/", submit: "POST /v2/transfer", find: "GET /v2/transfer", read: "GET /v2/transfer/" } as const;
const RATE = 5_500_000n;

/** The bank's stand-in, with books of dollars in this process's memory. */
export async function startStarkPayoutWorld(): Promise<PayoutWorld & { sandbox: StarkSandbox; access: StarkAccess; clock: { now: () => number } }> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const projectId = "5656565656565656";
  const sandbox = await startStarkSandbox({ projectId, clientPublicKeyPem: publicKey.export({ format: "pem", type: "spki" }).toString(), stepMs: 0 });
  const access: StarkAccess = { baseUrl: sandbox.url, projectId, signingKey: privateKey, timeoutMs: 5_000 };
  const deposits = new Map<string, { storeId: string; amountUsdMicros: bigint }>();
  const clock = { now: () => Date.now() };
  const provider = starkbankPayouts({
    access,
    now: () => clock.now(),
    books: {
      treasuryAddress: `0x${"7".repeat(40)}`,
      depositedUsdMicros: (storeId) => Promise.resolve([...deposits.values()].filter((deposit) => deposit.storeId === storeId).reduce((sum, { amountUsdMicros }) => sum + amountUsdMicros, 0n)),
      isDeposited: ({ txHash, amountUsdMicros }) => Promise.resolve(deposits.get(txHash)?.amountUsdMicros === amountUsdMicros),
      rate: () => Promise.resolve({ brlPerUsdMicros: RATE, isStale: false }),
    },
  });
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${sandbox.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  };
  return {
    provider, sandbox, access, clock, post,
    magic: { failing: await amountFor(provider, 66_600n), returning: await amountFor(provider, 77_700n) },
    heldAs: "processing",
    url: sandbox.url,
    openAccount: () => provider.openAccount(newStore()),
    credit: (storeId, amountUsdMicros) => {
      const txHash = newTxHash();
      deposits.set(txHash, { storeId, amountUsdMicros });
      return Promise.resolve(txHash);
    },
    fault: (call, kind, times = 1) => post("/__sandbox/faults", { call: STARK_CALLS[call], kind, times }),
    advance: (ticketId) => post("/__sandbox/advance", ticketId ? { ticketId } : {}),
    byHand: (isByHand) => post("/__sandbox/settings", { isByHand }),
    ledger: () => ledgerAt(sandbox.url),
    stop: sandbox.stop,
  };
}

/** The least dollars that bring exactly so many centavos. */
async function amountFor(provider: PayoutProvider, outputBrlCentavos: bigint): Promise<bigint> {
  let [low, high] = [1_000_000n, 1_000_000_000n];
  while (low < high) {
    const middle = (low + high) / 2n;
    if ((await provider.quote("", { amountUsdMicros: middle, isThirdParty: false })).outputBrlCentavos < outputBrlCentavos) low = middle + 1n;
    else high = middle;
  }
  return low;
}
