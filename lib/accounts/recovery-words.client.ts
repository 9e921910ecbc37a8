import { signMessageWithOwnerKey, addressOfOwnerKey } from "@/lib/chain/owner-key";
import { keyOfRecoveryWords } from "@/lib/chain/recovery-words";
import type { Address, Hex } from "@/lib/chain/addresses";
import { ownerProofMessage } from "./rules";

export { checkRecoveryWords, newRecoveryWords, RECOVERY_WORD_COUNT, splitRecoveryWords, type WordProblem } from "@/lib/chain/recovery-words";

/** Uses the key of twelve words and wipes it. The words stay in the page's memory alone: they are never sent and never stored. */
export async function withWordsKey<T>(words: readonly string[], run: (key: Uint8Array) => T | Promise<T>): Promise<T> {
  const key = await keyOfRecoveryWords(words);
  try {
    return await run(key);
  } finally {
    key.fill(0);
  }
}

/** The words' address, and the proof that their holder wants it to own the account: all that the server learns of them. */
export const proveWords = (words: readonly string[], account: Address): Promise<{ address: Address; proof: Hex }> =>
  withWordsKey(words, (key) => {
    const address = addressOfOwnerKey(key);
    return { address, proof: signMessageWithOwnerKey(ownerProofMessage({ account, owner: address }), key) };
  });
