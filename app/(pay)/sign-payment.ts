import { RefusedByServer } from "@/app/sign/signing-failure";
import { signPrepared, type OwnerSigner, type PreparedOperation } from "@/lib/accounts/sign-prepared.client";
import { paymentCalls } from "@/lib/chain/pay";
import type { PaymentToSign } from "@/lib/payments/payment-to-sign";
import { paths } from "@/lib/paths";
import { signPaymentAction } from "./payments/[id]/actions";

/** The worker prepares within a block; a chain that is away is waited for on the payment's own page. */
const WAIT_LIMIT_MS = 20_000;

/**
 * Waits for the payment's operation, makes the same operation from what the screen shows, compares, signs, and hands the signature in. True
 * when the server took it; false when the payment needs no signature any more, or not yet.
 * Throws NotWhatIsShownError, RefusedByServer, and what the signer throws.
 */
export async function signPayment(shown: PaymentToSign, signer: OwnerSigner): Promise<boolean> {
  const prepared = await preparedPayment(shown.transactionId);
  if (!prepared) return false;
  const calls = paymentCalls(shown);
  // The operation of a payment has the payment's id and chain: neither is taken from the answer.
  const signed = await signPrepared({ operationId: shown.transactionId, chainId: shown.chainId, op: prepared.op }, { account: shown.account, calls }, signer);
  const form = new FormData();
  for (const [name, value] of Object.entries(signed)) form.set(name, value);
  const answer = await signPaymentAction(null, form);
  if (answer?.ok === false) throw new RefusedByServer(answer.code, answer.details);
  return true;
}

type Answer = { status: "waiting" | "settled" } | ({ status: "prepared" } & Pick<PreparedOperation, "op">);

/** Asks until the operation is there. Each question waits at the server, so that the answer comes with the operation and not after a rest. */
export async function preparedPayment(transactionId: string): Promise<Pick<PreparedOperation, "op"> | null> {
  const until = Date.now() + WAIT_LIMIT_MS;
  while (Date.now() < until) {
    const response = await fetch(`${paths.payment(transactionId)}/sign`, { cache: "no-store" });
    if (!response.ok) return null;
    const answer = (await response.json()) as Answer;
    if (answer.status === "prepared") return answer;
    if (answer.status === "settled") return null;
  }
  return null;
}
