import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { passkeys, signingKeys, smartAccounts, storeAccounts, storeSigningKeys, wallets } from "@/db/schema";
import { DomainError, invariant } from "@/lib/errors";
import { proofAccountOf, type AccountOnChain } from "./queries";
import type { OwnerInput } from "./rules";
import { requireProofs } from "./verify-owner";

const ADDRESS = /^0x[0-9a-f]{40}$/;
const PROOF = /^0x(?:[0-9a-f]{2})+$/i;
/** A contract wallet's signature may carry several; more than this is no signature. */
const PROOF_MAX_CHARACTERS = 8_000;
const NAME_MAX_CHARACTERS = 100;

export type CheckedOwner = OwnerInput & { passkeyId?: string; walletId?: string };

/**
 * Owners as they may be written: distinct addresses of the person's own, none of ours (a key of the server would still be ours, an
 * account of ours could never sign), each with a valid proof on every enabled chain.
 * Fails with: owner_proof_invalid, not_found (a passkey or wallet of somebody else), unavailable.
 */
export async function checkOwners(userId: string, accounts: readonly AccountOnChain[], owners: readonly OwnerInput[]): Promise<CheckedOwner[]> {
  const account = proofAccountOf(accounts);
  invariant(account, "owners are checked for an account that exists");
  const checked = owners.map((owner) => ({ ...owner, address: owner.address.toLowerCase(), name: owner.name.trim().slice(0, NAME_MAX_CHARACTERS) }));
  const addresses = checked.map(({ address }) => address);
  const isWritable = checked.every(({ address, proof }) => ADDRESS.test(address) && BigInt(address) > 10n && PROOF.test(proof) && proof.length <= PROOF_MAX_CHARACTERS);
  if (!isWritable || new Set(addresses).size !== addresses.length || (await hasOurs(addresses))) throw new DomainError("owner_proof_invalid");
  for (const owner of checked) {
    await requireSource(userId, owner);
    await requireProofs(accounts.map(({ chainId }) => ({ chainId, account })), owner);
  }
  return checked;
}

async function hasOurs(addresses: string[]): Promise<boolean> {
  const found = await Promise.all(
    [smartAccounts, storeAccounts, signingKeys, storeSigningKeys].map((table) => db.select({ address: table.address }).from(table).where(inArray(table.address, addresses)).limit(1)),
  );
  return found.some((rows) => rows.length > 0);
}

/** A passkey or wallet that is named has to be the person's own, with this very address. */
async function requireSource(userId: string, { kind, address, passkeyId, walletId }: OwnerInput) {
  if (kind === "passkey" && passkeyId) {
    const [passkey] = await db.select({ derived: passkeys.derivedAddress }).from(passkeys).where(and(eq(passkeys.id, passkeyId), eq(passkeys.userId, userId)));
    if (!passkey) throw new DomainError("not_found");
    if (passkey.derived && passkey.derived !== address) throw new DomainError("owner_proof_invalid");
  }
  if (kind === "wallet" && walletId) {
    const [wallet] = await db.select({ address: wallets.address }).from(wallets).where(and(eq(wallets.id, walletId), eq(wallets.userId, userId)));
    if (!wallet) throw new DomainError("not_found");
    if (wallet.address !== address) throw new DomainError("owner_proof_invalid");
  }
}
