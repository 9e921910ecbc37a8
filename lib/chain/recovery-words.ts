import { pbkdf2Async } from "@noble/hashes/pbkdf2.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { english, generateMnemonic, HDKey } from "viem/accounts";

/** Twelve words that are an Ethereum key (BIP-39, English list, m/44'/60'/0'/0/0): any wallet program opens them too. Pure. */

export const RECOVERY_WORD_COUNT = 12;
const PATH = "m/44'/60'/0'/0/0";
const WORD_BITS = 11;
const CHECK_BITS = 4;
const SEED_ROUNDS = 2048;
const SEED_BYTES = 64;

const places = new Map(english.map((word, index) => [word, index]));

/** Twelve new words from the browser's random source. */
export const newRecoveryWords = (): string[] => generateMnemonic(english).split(" ");

/** What a person typed or pasted, as words: any case, any spaces, numbers before words are left out. */
export const splitRecoveryWords = (text: string): string[] =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);

/** What is wrong with typed words, the first thing alone; null when they are a key. `position` counts from one. */
export type WordProblem = { problem: "unknown_word"; position: number; word: string } | { problem: "too_few" | "too_many"; count: number } | { problem: "not_together" };

export function checkRecoveryWords(words: readonly string[]): WordProblem | null {
  const unknown = words.findIndex((word) => !places.has(word));
  if (unknown >= 0) return { problem: "unknown_word", position: unknown + 1, word: words[unknown] ?? "" };
  if (words.length !== RECOVERY_WORD_COUNT) return { problem: words.length < RECOVERY_WORD_COUNT ? "too_few" : "too_many", count: words.length };
  return isChecksumRight(words) ? null : { problem: "not_together" };
}

/** The last four bits of the words repeat the hash of the others, so that one wrong word is seen fifteen times out of sixteen. */
function isChecksumRight(words: readonly string[]): boolean {
  const bits = words.reduce((sum, word) => (sum << BigInt(WORD_BITS)) | BigInt(places.get(word) ?? 0), 0n);
  const entropy = new Uint8Array(16);
  let rest = bits >> BigInt(CHECK_BITS);
  for (let index = entropy.length - 1; index >= 0; index -= 1, rest >>= 8n) entropy[index] = Number(rest & 0xffn);
  const [first = 0] = sha256(entropy);
  entropy.fill(0);
  return BigInt(first >> CHECK_BITS) === (bits & 0xfn);
}

/** The key of right words. The caller wipes it. */
export async function keyOfRecoveryWords(words: readonly string[]): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const seed = await pbkdf2Async(sha512, encoder.encode(words.join(" ")), encoder.encode("mnemonic"), { c: SEED_ROUNDS, dkLen: SEED_BYTES });
  const root = HDKey.fromMasterSeed(seed);
  const node = root.derive(PATH);
  const key = Uint8Array.from(node.privateKey ?? []);
  seed.fill(0);
  root.wipePrivateData();
  node.wipePrivateData();
  return key;
}
