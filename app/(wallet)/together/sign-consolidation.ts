import { signPaymentAction } from "@/app/(pay)/payments/[id]/actions";
import { RefusedByServer } from "@/app/sign/signing-failure";
import { formOf } from "@/app/step-up/form-of";
import { signPrepared, type OwnerSigner, type PreparedOperation } from "@/lib/accounts/sign-prepared.client";
import { burnCalls } from "@/lib/chain/cctp";
import { prepareCalls } from "@/lib/chain/suckers";
import type { ConsolidationToSign } from "@/lib/consolidation/to-sign";
import { paths } from "@/lib/paths";

const WAIT_LIMIT_MS = 20_000;

/**
 * Waits for the operation, makes the same one from what the screen shows, compares, signs, and hands the signature in. Nothing to sign any more is
 * no failure.
 */
export async function signConsolidation(shown: ConsolidationToSign, signer: OwnerSigner): Promise<void> {
  const op = await preparedOperation(shown.id);
  if (!op) return;
  const calls =
    shown.kind === "dollars"
      ? burnCalls({ from: shown.chainId, to: shown.toChainId, recipient: shown.recipient, amountUsdMicros: shown.units, maxFeeUsdMicros: shown.maxFeeUsdMicros, finality: shown.finality })
      : prepareCalls({ chainId: shown.chainId, sucker: shown.sucker, token: shown.token, units: shown.units, beneficiary: shown.recipient, minUsdMicros: shown.minUsdMicros });
  // The operation has the consolidation's id and chain: neither is taken from the answer.
  const signature = await signPrepared({ operationId: shown.id, chainId: shown.chainId, op }, { account: shown.account, calls }, signer);
  const answer = await signPaymentAction(null, formOf(signature));
  if (answer?.ok === false) throw new RefusedByServer(answer.code, answer.details);
}

type Answer = { status: "waiting" | "settled" } | ({ status: "prepared" } & Pick<PreparedOperation, "op">);

async function preparedOperation(id: string): Promise<PreparedOperation["op"] | null> {
  for (const until = Date.now() + WAIT_LIMIT_MS; Date.now() < until; ) {
    const response = await fetch(`${paths.payment(id)}/sign`, { cache: "no-store" });
    if (!response.ok) return null;
    const answer = (await response.json()) as Answer;
    if (answer.status === "prepared") return answer.op;
    if (answer.status === "settled") return null;
  }
  return null;
}
