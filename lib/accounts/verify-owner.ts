import "server-only";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { isKeySignature, isSignatureOn, messageHash } from "@/lib/chain/verify-signature";
import { DomainError } from "@/lib/errors";
import { ownerProofMessage, type OwnerKind } from "./rules";

type Proven = { account: string; owner: string; proof: string };

/** Whether an owner's proof holds on a chain, as that account would judge its signatures there. Throws when the node is out of reach. */
export const isOwnerProven = (chainId: ChainId, { account, owner, proof }: Proven): Promise<boolean> =>
  isSignatureOn(chainId, owner as Address, messageHash(ownerProofMessage({ account, owner })), proof as Hex);

/**
 * An owner must be able to sign on every chain, or the person is locked out of the money there: a contract wallet that one chain
 * lacks is refused. A key proves itself without a node, so a chain that is out of reach stops no takeover; the worker asks it
 * again before it signs there.
 * Fails with: owner_proof_invalid; unavailable when a contract wallet's chain cannot be asked.
 */
export async function requireProofs(chains: readonly { chainId: ChainId; account: string }[], owner: { kind: OwnerKind; address: string; proof: string }): Promise<void> {
  for (const { chainId, account } of chains) {
    const proven = { account, owner: owner.address, proof: owner.proof };
    const isProven = await isOwnerProven(chainId, proven).catch((error: unknown) => {
      if (!isChainUnreachable(error)) throw error;
      return null;
    });
    if (isProven) continue;
    const isKey = await isKeySignature(owner.address as Address, messageHash(ownerProofMessage(proven)), owner.proof as Hex);
    // Only a wallet can be a contract, for which its chain has to answer.
    if (isProven === false || (!isKey && owner.kind !== "wallet")) throw new DomainError("owner_proof_invalid");
    if (!isKey) throw new DomainError("unavailable");
  }
}
