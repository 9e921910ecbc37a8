import "server-only";
import { accountSalt, predictAccountAddress } from "@/lib/chain/account";
import type { Address, Hex } from "@/lib/chain/addresses";
import { generateKey } from "@/lib/chain/keys";
import { sealKey } from "./keys";

/** A new key of a holder, sealed before anything else can see it. */
export async function newSealedKey(holderId: string): Promise<{ address: Address; encryptedPrivateKey: string }> {
  const { privateKey, address } = generateKey();
  return { address, encryptedPrivateKey: await sealKey(privateKey, { holderId, address }) };
}

/** Where the holder's account is, or will be, on every chain: it follows from the first signer and the holder's id. */
export function accountOf(holderId: string, initialOwner: Address): { address: Address; salt: Hex; initialOwnerAddress: Address } {
  const salt = accountSalt(holderId);
  return { address: predictAccountAddress({ initialOwner, salt }), salt, initialOwnerAddress: initialOwner };
}
