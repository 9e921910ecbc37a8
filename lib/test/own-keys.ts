import { randomBytes } from "node:crypto";
import { ownerProofMessage, type OwnerInput, type OwnerKind } from "@/lib/accounts/rules";
import { operationHash, parseOperation } from "@/lib/chain/user-operation";
import { addressOfOwnerKey, signMessageWithOwnerKey } from "@/lib/chain/owner-key";
import { signHash } from "@/lib/chain/sign-hash";
import type { PreparedView } from "@/lib/operations/queries";

/** A key that a person holds, as a browser has it. */
export type OwnKey = ReturnType<typeof makeOwnKey>;

export function makeOwnKey(kind: OwnerKind = "recovery_key") {
  const key = new Uint8Array(randomBytes(32));
  const address = addressOfOwnerKey(key);
  return {
    key,
    address,
    /** What the takeover's form sends. */
    ownerOf: (account: string, name = "Chave"): OwnerInput => ({ kind, address, name, proof: signMessageWithOwnerKey(ownerProofMessage({ account, owner: address }), key) }),
    /** What the browser sends for a prepared operation. */
    sign: (prepared: PreparedView) => {
      if (!prepared.op) throw new Error(`the operation is ${prepared.status}`);
      return { operationId: prepared.operationId, signer: address, signature: signHash(operationHash(prepared.chainId, parseOperation(prepared.op)), key) };
    },
  };
}
