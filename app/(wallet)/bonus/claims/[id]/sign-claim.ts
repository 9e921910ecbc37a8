import { preparedPayment } from "@/app/(pay)/sign-payment";
import { signPaymentAction } from "@/app/(pay)/payments/[id]/actions";
import { RefusedByServer } from "@/app/sign/signing-failure";
import { signPrepared, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import type { Address } from "@/lib/chain/addresses";
import { claimCalls, type CallTerms } from "@/lib/loans/claim-calls";

export type ClaimToSign = { transactionId: string; account: Address; terms: CallTerms };

/**
 * Waits for the claim's operation, makes the same calls from what the screen shows, compares, signs, and hands the signature in. True when the
 * server took it; false when there is nothing to sign (any more, or yet). Throws NotWhatIsShownError, RefusedByServer, and what the signer throws.
 */
export async function signClaim({ transactionId, account, terms }: ClaimToSign, signer: OwnerSigner): Promise<boolean> {
  const prepared = await preparedPayment(transactionId);
  if (!prepared) return false;
  const signed = await signPrepared({ operationId: transactionId, chainId: terms.chainId, op: prepared.op }, { account, calls: claimCalls(terms, account) }, signer);
  const form = new FormData();
  for (const [name, value] of Object.entries(signed)) form.set(name, value);
  const answer = await signPaymentAction(null, form);
  if (answer?.ok === false) throw new RefusedByServer(answer.code, answer.details);
  return true;
}
