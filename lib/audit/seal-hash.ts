import "server-only";
import { createHash } from "node:crypto";

/** Before the first seal. */
export const GENESIS = "0".repeat(64);

/** SHA-256 over the seal before and every row as PostgreSQL's jsonb text, in order of time and id. */
export function sealHash(previousHash: string, lines: readonly string[]): string {
  const hash = createHash("sha256").update(previousHash);
  for (const line of lines) hash.update("\n").update(line);
  return hash.digest("hex");
}

/** SHA-256 of one row's text. */
export const rowHash = (line: string): string => createHash("sha256").update(line).digest("hex");
