import type { Address, Hex, PublicClient } from "viem";
import { accountAbi } from "./abis";

/** More signers than an account of ours ever has. */
const SIGNERS_READ_MAX = 1_000n;

/** An account's signers in lower case, at a block or the latest: addresses, or longer bytes for signers that are none. Empty while it has no code. */
export async function readSigners(client: PublicClient, account: Address, blockNumber?: bigint): Promise<string[]> {
  const at = blockNumber === undefined ? {} : { blockNumber };
  const code = await client.getCode({ address: account, ...at });
  if (!code || code === "0x") return [];
  const signers: readonly Hex[] = await client.readContract({ address: account, abi: accountAbi, functionName: "getSigners", args: [0n, SIGNERS_READ_MAX], ...at });
  return signers.map((signer) => signer.toLowerCase());
}
