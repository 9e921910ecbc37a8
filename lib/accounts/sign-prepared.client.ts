import type { Address, Hex } from "@/lib/chain/addresses";
import { mismatchOf, operationTypedData, type ExpectedOperation, type Mismatch, type OperationTypedData } from "@/lib/chain/check-operation";
import type { ChainId } from "@/lib/chain/chains";
import { operationHash, parseOperation, type StoredOperation, type UserOperation } from "@/lib/chain/user-operation";

/** An operation that the worker built and sponsored, and that waits for its owner's signature. */
export type PreparedOperation = { operationId: string; chainId: ChainId; op: StoredOperation };

/** Somebody who can sign for the account: a key that is in memory now, or a wallet that asks its holder. */
export type OwnerSigner = { address: Address; sign: (asked: { chainId: ChainId; op: UserOperation; hash: Hex }) => Promise<Hex> };

/** What goes to the server: who signed, and the owner's own signature over the operation's hash. */
export type OperationSignature = { operationId: string; signer: Address; signature: Hex };

/** We were asked to sign something else than the screen shows. Nothing was signed. */
export class NotWhatIsShownError extends Error {
  constructor(readonly mismatch: Mismatch) {
    super(`The operation is not what the screen shows: ${mismatch}`);
    this.name = "NotWhatIsShownError";
  }
}

/** A person's own key, lent for one use: a passkey's derived key, or the key of twelve words. */
export type LentKey = { address: Address; signHash: (hash: Hex) => Hex; signMessage: (text: string) => Hex };

/** A signer of a key that is in memory. Whoever lent the key wipes it. */
export const keySigner = ({ address, signHash }: LentKey): OwnerSigner => ({ address, sign: async ({ hash }) => signHash(hash) });

/** A signer of a wallet, which shows the operation as typed data. */
export const walletSigner = (address: Address, signTypedData: (chainId: ChainId, data: OperationTypedData) => Promise<Hex>): OwnerSigner => ({
  address: address.toLowerCase() as Address,
  sign: ({ chainId, op }) => signTypedData(chainId, operationTypedData(chainId, op)),
});

/**
 * Signs a prepared operation if, and only if, it is what the screen shows. The calls come from the screen's own values, and the hash is made
 * here: nothing that the server says about either is trusted. Throws NotWhatIsShownError.
 */
export async function signPrepared({ operationId, chainId, op: stored }: PreparedOperation, shown: Omit<ExpectedOperation, "operationId">, signer: OwnerSigner): Promise<OperationSignature> {
  const op = parseOperation(stored);
  const mismatch = mismatchOf(op, { operationId, ...shown });
  if (mismatch) throw new NotWhatIsShownError(mismatch);
  return { operationId, signer: signer.address, signature: await signer.sign({ chainId, op, hash: operationHash(chainId, op) }) };
}
