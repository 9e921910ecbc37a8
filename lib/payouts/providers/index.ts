import "server-only";
import { createPrivateKey } from "node:crypto";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import type { ChainId } from "@/lib/chain/chains";
import { env, workerEnv } from "@/lib/env";
import { storeAccount } from "@/lib/store-identity/store-account";
import { ProviderError, type PayoutProvider } from "../provider";
import type { PayoutProviderName } from "../rules";
import { aveniaPayouts } from "./avenia";
import { starkbankPayouts } from "./starkbank";
import { starkbankBooks } from "./starkbank-books";

/** The providers take dollars on Base alone: the real one, or its testnet where that is what we run on. */
const BASE_CHAINS = ["8453", "84532"] as const satisfies readonly ChainId[];
const baseChain = (): ChainId | null => BASE_CHAINS.find((chainId) => env().CHAIN_IDS.includes(chainId)) ?? null;

const isSetUp = (name: PayoutProviderName): boolean => {
  const { AVENIA_BASE_URL, STARKBANK_BASE_URL, STARKBANK_TREASURY_ADDRESS } = env();
  return baseChain() !== null && (name === "avenia" ? AVENIA_BASE_URL !== undefined : STARKBANK_BASE_URL !== undefined && STARKBANK_TREASURY_ADDRESS !== undefined);
};

/** Who pays reais out for new payouts; null where that one is not set up, and payouts in reais are not offered. For both processes. */
export function payoutProviderName(): PayoutProviderName | null {
  const name = env().PAYOUT_PROVIDER === "starkbank" ? "starkbank" : "avenia";
  return isSetUp(name) ? name : null;
}

/** Their keys are the worker's alone. */
const MAKERS: Record<PayoutProviderName, () => PayoutProvider | null> = {
  avenia: () => {
    const { AVENIA_API_KEY, AVENIA_SIGNING_KEY } = workerEnv();
    return AVENIA_API_KEY && AVENIA_SIGNING_KEY ? aveniaPayouts({ access: aveniaAccess(), accountOf: storeAccount }) : null;
  },
  starkbank: () => {
    const { STARKBANK_BASE_URL: baseUrl, STARKBANK_TREASURY_ADDRESS: treasuryAddress } = env();
    const { STARKBANK_PROJECT_ID: projectId, STARKBANK_SIGNING_KEY: pem } = workerEnv();
    const chainId = baseChain();
    if (!baseUrl || !treasuryAddress || !projectId || !pem || !chainId) return null;
    return starkbankPayouts({ access: { baseUrl, projectId, signingKey: createPrivateKey(Buffer.from(pem, "base64").toString("utf8")) }, books: starkbankBooks({ chainId, treasuryAddress }) });
  },
};

const made = new Map<PayoutProviderName, PayoutProvider>();

/** A provider by the name that a payout keeps, once in this process. Worker only. Throws ProviderError (busy) for one that is not set up: what waits for it waits on. */
export function payoutProvider(name: PayoutProviderName): PayoutProvider {
  const known = made.get(name);
  if (known) return known;
  const provider = isSetUp(name) ? MAKERS[name]() : null;
  if (!provider) throw new ProviderError("busy", "not-set-up");
  made.set(name, provider);
  return provider;
}
