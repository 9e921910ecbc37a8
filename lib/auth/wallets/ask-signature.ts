import "server-only";
import { writeSiweMessage } from "@/lib/chain/siwe";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import type { Locale } from "@/lib/i18n/locale";
import { newChallenge } from "../challenges";
import { keyedHash } from "../derive-key";
import { WALLET_MESSAGE_SECONDS, WALLET_STATEMENTS, type WalletAsked, type WalletPurpose } from "./rules";

/** Whoever is asked: a browser before it is signed in, or a session. */
export type WalletHolder = { deviceId: string } | { userId: string; sessionId: string };

/**
 * The text that a wallet is asked to sign, written here with every field, so that the page chooses none of them.
 * Fails with: wallet_refused (a chain that is not in use).
 */
export async function askWalletSignature(purpose: WalletPurpose, holder: WalletHolder, locale: Locale, { address, chainId }: WalletAsked): Promise<string> {
  if (!env().CHAIN_IDS.includes(chainId)) throw new DomainError("wallet_refused");
  const nonce = await newChallenge(purpose, "userId" in holder ? holder : null, "hex");
  return writeWalletMessage({ address, chainId, statement: WALLET_STATEMENTS[purpose][locale], nonce, issuedAt: new Date() }, holder);
}

export type Chosen = { address: string; chainId: string; statement: string; nonce: string; issuedAt: Date };

/**
 * The whole message from what differs between two: no other text is ever accepted. The domain and page are ours, which wallets compare
 * with the page that they see; the request id seals all of it to the browser or session that asked, so that a message which somebody else
 * got signed elsewhere is worthless here.
 */
export function writeWalletMessage({ address, chainId, statement, nonce, issuedAt }: Chosen, holder: WalletHolder): string {
  const sealed = [address.toLowerCase(), chainId, statement, nonce, issuedAt.toISOString(), "userId" in holder ? holder.sessionId : holder.deviceId];
  return writeSiweMessage({
    domain: new URL(env().APP_URL).host,
    uri: env().APP_URL,
    address,
    chainId,
    statement,
    nonce,
    requestId: keyedHash("wallet-request", JSON.stringify(sealed)).subarray(0, 16).toString("hex"),
    issuedAt,
    expirationTime: new Date(issuedAt.getTime() + WALLET_MESSAGE_SECONDS * 1_000),
  });
}
