import { isAddressEqual, recoverMessageAddress, type Address, type Hex } from "viem";

/** Whether a plain key signed this text (personal_sign). Contracts can't answer here. A garbled signature is simply not its. */
export async function isSignedBy({ address, message, signature }: { address: string; message: string; signature: string }): Promise<boolean> {
  try {
    return isAddressEqual(await recoverMessageAddress({ message, signature: signature as Hex }), address as Address);
  } catch {
    return false;
  }
}
