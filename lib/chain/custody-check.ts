import { createPublicClient, http, type Address } from "viem";
import type { ChainId } from "./chains";
import { readResidue, type Residue } from "./residue";
import { readSigners } from "./signers";

export type CustodyCheckInput = {
  chainId: ChainId;
  /** A node of the asker's choice: nothing that our server says is part of the answer. */
  rpcUrl: string;
  account: Address;
  /** Who should be able to sign, all of them and nobody else. */
  owners: readonly Address[];
  /** Keys that must not be able to: the server's. */
  refused: readonly Address[];
  /** Where events are read from. */
  fromBlock: bigint;
};

/** Why an account is not the owners' alone. */
export type CustodyProblem = "not_deployed" | "owner_missing" | "stranger_signs" | "server_signs" | "allowance_left" | "permission_left";

export type CustodyCheck = { isOk: boolean; reasons: CustodyProblem[]; signers: string[]; allowances: Residue[]; permissions: Residue[] };

/**
 * Asks a chain itself who can move an account's money: its signers, and every allowance and permission that it ever gave and that still
 * stands. For the browser, which says "yours" only after this. Throws when the node is out of reach.
 */
export async function checkCustody({ chainId, rpcUrl, account, owners, refused, fromBlock }: CustodyCheckInput): Promise<CustodyCheck> {
  const client = createPublicClient({ transport: http(rpcUrl, { batch: true }), cacheTime: 0 });
  if ((await client.getChainId()) !== Number(chainId)) throw new Error(`The node at ${new URL(rpcUrl).host} is not of chain ${chainId}`);
  const [signers, residue] = await Promise.all([readSigners(client, account), readResidue(client, account, fromBlock)]);
  const [permissions, allowances] = [residue.filter(({ kind }) => kind === "permission"), residue.filter(({ kind }) => kind !== "permission")];
  const has = (list: readonly Address[], signer: string) => list.some((address) => address.toLowerCase() === signer);
  const found: Record<CustodyProblem, boolean> = {
    not_deployed: signers.length === 0,
    owner_missing: owners.some((owner) => !signers.includes(owner.toLowerCase())),
    server_signs: signers.some((signer) => has(refused, signer)),
    stranger_signs: signers.some((signer) => !has(owners, signer) && !has(refused, signer)),
    allowance_left: allowances.length > 0,
    permission_left: permissions.length > 0,
  };
  const reasons = (Object.keys(found) as CustodyProblem[]).filter((reason) => found[reason]);
  return { isOk: reasons.length === 0, reasons, signers, allowances, permissions };
}
