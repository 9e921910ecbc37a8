import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { signingKeys, storeSigningKeys } from "@/db/schema";
import type { Address } from "@/lib/chain/addresses";
import { addressOfKey } from "@/lib/chain/keys";
import { DomainError, invariant } from "@/lib/errors";
import { keyEncryption } from "./keys";

export type KeyHolder = { userId: string } | { storeId: string };

/**
 * Opens the private key of a managed account for as long as `run` takes, and wipes it then. `run` keeps no copy of the bytes and
 * makes no text of them. Worker only: the web process has neither the key-encryption key nor the right to read the column.
 * Fails with: account_not_ready (no active key); an Error when the sealed key was tampered with.
 */
export async function withSigningKey<T>(holder: KeyHolder, run: (privateKey: Uint8Array, signer: Address) => T | Promise<T>): Promise<T> {
  const row = "userId" in holder ? await personKey(holder.userId) : await storeKey(holder.storeId);
  if (!row) throw new DomainError("account_not_ready");
  const privateKey = await keyEncryption().open(row.sealed, { holderId: row.holderId, address: row.address });
  try {
    invariant(addressOfKey(privateKey) === row.address, "a key belongs to the address of its row");
    return await run(privateKey, row.address);
  } finally {
    privateKey.fill(0);
  }
}

async function personKey(userId: string) {
  const [row] = await db
    .select({ sealed: signingKeys.encryptedPrivateKey, address: signingKeys.address, holderId: signingKeys.userId })
    .from(signingKeys)
    .where(and(eq(signingKeys.userId, userId), eq(signingKeys.isActive, true)));
  return row;
}

async function storeKey(storeId: string) {
  const [row] = await db
    .select({ sealed: storeSigningKeys.encryptedPrivateKey, address: storeSigningKeys.address, holderId: storeSigningKeys.storeId })
    .from(storeSigningKeys)
    .where(and(eq(storeSigningKeys.storeId, storeId), eq(storeSigningKeys.isActive, true)));
  return row;
}
