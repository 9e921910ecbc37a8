import { addressOfOwnerKey, signMessageWithOwnerKey } from "@/lib/chain/owner-key";
import { keyOfRecoveryWords } from "@/lib/chain/recovery-words";
import { signHash } from "@/lib/chain/sign-hash";
import type { LentKey } from "./sign-prepared.client";

export { checkRecoveryWords, newRecoveryWords, RECOVERY_WORD_COUNT, splitRecoveryWords, type WordProblem } from "@/lib/chain/recovery-words";

/** Lends the key of twelve words for one use and wipes it. The words stay in the page's memory alone: they are never sent and never stored. */
export async function withWordsKey<T>(words: readonly string[], run: (key: LentKey) => T | Promise<T>): Promise<T> {
  const key = await keyOfRecoveryWords(words);
  try {
    return await run({ address: addressOfOwnerKey(key), signHash: (hash) => signHash(hash, key), signMessage: (text) => signMessageWithOwnerKey(text, key) });
  } finally {
    key.fill(0);
  }
}
