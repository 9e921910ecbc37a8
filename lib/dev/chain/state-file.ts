import { closeSync, copyFileSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChainId } from "@/lib/chain/chains";

/**
 * The file that a local chain's state is kept in. anvil writes it in place, so a machine that stops in the middle leaves half
 * a file: the copy of the last start takes its place then.
 */
export function openStateFile(folder: string, chainId: ChainId): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${chainId}.json`);
  const previous = `${path}.previous`;
  if (existsSync(path) && isWhole(path)) copyFileSync(path, previous);
  else if (existsSync(path) && existsSync(previous)) copyFileSync(previous, path);
  return path;
}

/**
 * Unix seconds of the chain's first block. anvil makes its first block anew at every start and saves it beside the old one, so
 * each start must name the same time, or the chain would wake up with another beginning.
 */
export function genesisTimeOf(folder: string, chainId: ChainId, wanted = Math.floor(Date.now() / 1000)): number {
  const file = join(folder, `${chainId}.genesis`);
  const known = existsSync(join(folder, `${chainId}.json`)) && existsSync(file) ? Number(readFileSync(file, "utf8")) : NaN;
  if (Number.isInteger(known)) return known;
  writeFileSync(file, String(wanted));
  return wanted;
}

/** True when the file ends as a JSON object does. The whole of it is too long to parse twice. */
function isWhole(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() === "}";
  } finally {
    closeSync(file);
  }
}
