import { preparedPayment } from "@/app/(pay)/sign-payment";
import { signPaymentAction } from "@/app/(pay)/payments/[id]/actions";
import { RefusedByServer } from "@/app/sign/signing-failure";
import { signPrepared, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import { transferUsdcCall } from "@/lib/chain/usdc";
import type { SendToSign } from "@/lib/transfers/queries";

/**
 * Waits for the send's operation, makes the same call from what the screen shows, compares, signs, and hands the signature in. True when the
 * server took it; false when there is nothing to sign (any more, or yet). Throws NotWhatIsShownError, RefusedByServer, and what the signer throws.
 */
export async function signSend(shown: SendToSign, signer: OwnerSigner): Promise<boolean> {
  const prepared = await preparedPayment(shown.transactionId);
  if (!prepared) return false;
  const calls = [transferUsdcCall(shown.chainId, shown.payee, shown.amountUsdMicros)];
  const signed = await signPrepared({ operationId: shown.transactionId, chainId: shown.chainId, op: prepared.op }, { account: shown.account, calls }, signer);
  const form = new FormData();
  for (const [name, value] of Object.entries(signed)) form.set(name, value);
  const answer = await signPaymentAction(null, form);
  if (answer?.ok === false) throw new RefusedByServer(answer.code, answer.details);
  return true;
}
