import { randomBytes } from "node:crypto";
import type { Address } from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { sql } from "@/db/client";
import type { Visitor } from "@/lib/auth/actor";
import { linkWallet, walletLinkRequest } from "@/lib/auth/wallets/link-wallet";
import type { WalletAnswer } from "@/lib/auth/wallets/rules";
import { signInByWallet, walletSignInRequest } from "@/lib/auth/wallets/sign-in-by-wallet";
import type { ChainId } from "@/lib/chain/chains";
import { makePerson, makeSession } from "./factories";

export const CHAIN = "84532";

export const newVisitor = (): Visitor => ({ ip: `10.${[...randomBytes(3)].join(".")}`, userAgent: "test", deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });
export const newKey = () => privateKeyToAccount(generatePrivateKey());
export const refused = { code: "wallet_refused" };

/** The fields of a message of ours, for messages that are not. */
export function fieldsOf(message: string) {
  const line = (name: string) => message.match(new RegExp(`^${name}: (.+)$`, "m"))?.[1] ?? "";
  return {
    domain: message.split(" wants you")[0]!,
    address: message.split("\n")[1] as Address,
    statement: message.split("\n")[3]!,
    uri: line("URI"),
    version: "1" as const,
    chainId: Number(line("Chain ID")),
    nonce: line("Nonce"),
    requestId: line("Request ID"),
    issuedAt: new Date(line("Issued At")),
    expirationTime: new Date(line("Expiration Time")),
  };
}
export type Fields = ReturnType<typeof fieldsOf> & { notBefore?: Date; resources?: string[]; scheme?: string };

export async function request(visitor: Visitor, account: PrivateKeyAccount, chainId: ChainId = CHAIN) {
  return walletSignInRequest(visitor, { address: account.address, chainId });
}
export async function answer(account: PrivateKeyAccount, message: string): Promise<WalletAnswer> {
  return { message, signature: await account.signMessage({ message }) };
}
/** A whole sign-in by a key. */
export async function signIn(account: PrivateKeyAccount, visitor = newVisitor()) {
  return signInByWallet(visitor, await answer(account, await request(visitor, account)));
}

/** A person with a session and a linked wallet. */
export async function withWallet({ hoursAgo = 48, personHoursAgo = 100 } = {}) {
  const { actor: person } = await makePerson();
  const actor = await makeSession(person);
  await sql`UPDATE users SET created_at = now() - make_interval(hours => ${personHoursAgo}) WHERE id = ${actor.userId}`;
  const account = newKey();
  const message = await walletLinkRequest(actor, { address: account.address, chainId: CHAIN });
  const { walletId } = await linkWallet(actor, { ...(await answer(account, message)), name: "MetaMask" });
  await sql`UPDATE wallets SET created_at = now() - make_interval(hours => ${hoursAgo}) WHERE id = ${walletId}`;
  return { actor, account, walletId };
}
