import "server-only";
import { isAddress, verifyMessage, type Address, type Hex } from "viem";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";

/** The fields of a sign-in message (EIP-4361) as we fill them. There are no others in a message of ours. */
export type SiweFields = {
  domain: string;
  uri: string;
  address: string;
  chainId: string;
  statement: string;
  nonce: string;
  /** Ties the message to the browser that asked for it. */
  requestId: string;
  issuedAt: Date;
  expirationTime: Date;
};

/** The exact text that a wallet signs. Throws when a field cannot stand in such a message. */
export const writeSiweMessage = ({ address, chainId, ...rest }: SiweFields): string =>
  createSiweMessage({ ...rest, address: address as Address, chainId: Number(chainId), version: "1" });

/** The fields that a message claims; null when one is missing or no value of its kind. Whoever reads them must still judge each one. */
export function readSiweMessage(message: string): SiweFields | null {
  const { domain, uri, address, chainId, statement, nonce, requestId, issuedAt, expirationTime } = parseSiweMessage(message);
  if (!domain || !uri || !address || !chainId || !statement || !nonce || !requestId || !isTime(issuedAt) || !isTime(expirationTime)) return null;
  if (!isAddress(address, { strict: false })) return null;
  return { domain, uri, address, chainId: String(chainId), statement, nonce, requestId, issuedAt, expirationTime };
}

const isTime = (time: Date | undefined): time is Date => time !== undefined && !Number.isNaN(time.getTime());

/**
 * Who signed a text: the address's own key, or the contract at the address, asked on that chain (ERC-1271, and ERC-6492 for one that is
 * not there yet). Null when neither did, also when the chain could not be asked.
 */
export async function whoSigned({ chainId, address, message, signature }: { chainId: ChainId; address: string; message: string; signature: string }): Promise<"key" | "contract" | null> {
  const signed = { address: address as Address, message, signature: signature as Hex };
  // The key first: it needs no node, so a sign-in by it works while a chain does not answer.
  if (await verifyMessage(signed).catch(() => false)) return "key";
  return (await publicClient(chainId).verifyMessage(signed).catch(() => false)) ? "contract" : null;
}

/** True for any spelling of an address; mixed case need not be a checksum, because people paste what wallets show them. */
export const isWalletAddress = (text: string): boolean => isAddress(text, { strict: false });
