import "server-only";
import { db } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { readSiweMessage, whoSigned } from "@/lib/chain/siwe";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { consumeChallenge } from "../challenges";
import { writeWalletMessage, type WalletHolder } from "./ask-signature";
import { CLOCK_SKEW_SECONDS, isStatementFor, WALLET_MESSAGE_SECONDS, type WalletAnswer, type WalletPurpose } from "./rules";

/** A wallet that proved itself just now. `address` is lower case. */
export type ProvenWallet = { address: string; chainId: ChainId; isContract: boolean };

/**
 * Checks a wallet's signature over a message of ours: the nonce used up first, then every field, then the signature on the chain that the
 * message names. What was signed must be, to the letter, what we would have written from its own nonce and times.
 * Fails with: wallet_refused, whatever is wrong, because whoever tries should not learn what.
 */
export async function checkWalletAnswer(purpose: WalletPurpose, holder: WalletHolder, { message, signature }: WalletAnswer): Promise<ProvenWallet> {
  const fields = readSiweMessage(message);
  if (!fields) throw new DomainError("wallet_refused");
  await consumeChallenge(db, purpose, "userId" in holder ? holder : null, fields.nonce).catch((error: unknown) => {
    throw error instanceof DomainError ? new DomainError("wallet_refused") : error;
  });

  const chainId = env().CHAIN_IDS.find((id) => id === fields.chainId);
  const isOurs = chainId !== undefined && isStatementFor(purpose, fields.statement) && isNow(fields.issuedAt) && message === writeWalletMessage(fields, holder);
  if (!isOurs) throw new DomainError("wallet_refused");

  const signer = await whoSigned({ chainId, address: fields.address, message, signature });
  if (!signer) throw new DomainError("wallet_refused");
  return { address: fields.address.toLowerCase(), chainId, isContract: signer === "contract" };
}

/** Issued in the last five minutes, which is how long it is good for. */
function isNow(issuedAt: Date): boolean {
  const ageMs = Date.now() - issuedAt.getTime();
  return ageMs >= -CLOCK_SKEW_SECONDS * 1_000 && ageMs < WALLET_MESSAGE_SECONDS * 1_000;
}
