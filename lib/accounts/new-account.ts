import "server-only";
import { accountSalt, predictAccountAddress } from "@/lib/chain/account";
import type { Address, Hex } from "@/lib/chain/addresses";
import { generateKey } from "@/lib/chain/keys";
import { keyEncryption } from "./keys";

/** A new key of a holder, sealed before anything else can see it. */
export async function newSealedKey(holderId: string): Promise<{ address: Address; encryptedPrivateKey: string }> {
  const { privateKey, address } = generateKey();
  try {
    return { address, encryptedPrivateKey: await keyEncryption().seal(privateKey, { holderId, address }) };
  } finally {
    privateKey.fill(0);
  }
}

/** Where the holder's account is, or will be, on every chain: it follows from the first signer and the holder's id. */
export function accountOf(holderId: string, initialOwner: Address): { address: Address; salt: Hex; initialOwnerAddress: Address } {
  const salt = accountSalt(holderId);
  return { address: predictAccountAddress({ initialOwner, salt }), salt, initialOwnerAddress: initialOwner };
}
