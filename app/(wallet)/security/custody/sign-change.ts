import { RefusedByServer } from "@/app/sign/signing-failure";
import { signPaymentAction } from "@/app/(pay)/payments/[id]/actions";
import { formOf } from "@/app/step-up/form-of";
import { signPrepared, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import type { CustodyView } from "@/lib/accounts/rules";
import type { Address } from "@/lib/chain/addresses";
import { ownerChangeCalls } from "@/lib/chain/owner-change";
import { changeToSignAction } from "./actions";

const WAIT_LIMIT_MS = 8_000;
const REST_MS = 250;

/**
 * Signs a change of owners for every chain with one signer: its operations are made anew from the change on the screen, compared, signed
 * and handed in. A chain that is not ready within a few seconds is left for the next time.
 */
export async function signChange(change: NonNullable<CustodyView["change"]>, chains: CustodyView["chains"], signer: OwnerSigner): Promise<void> {
  const signed = new Set<string>();
  for (const until = Date.now() + WAIT_LIMIT_MS; ; ) {
    const answer = await changeToSignAction(null, formOf({ changeId: change.id }));
    if (!answer?.ok) throw new RefusedByServer(answer?.code ?? "unavailable", answer?.details ?? {});
    const open = answer.value.filter(({ operationId, status }) => (status === "queued" || status === "prepared") && !signed.has(operationId));
    for (const { operationId, chainId, op } of open) {
      const chain = chains.find((item) => item.chainId === chainId);
      if (!op || !chain) continue;
      const account = chain.account as Address;
      const calls = ownerChangeCalls({ account, signers: chain.signers, add: change.added, remove: change.removed });
      const signature = await signPrepared({ operationId, chainId, op }, { account, calls }, signer);
      const taken = await signPaymentAction(null, formOf(signature));
      if (taken?.ok === false) throw new RefusedByServer(taken.code, taken.details);
      signed.add(operationId);
    }
    if (open.every(({ operationId }) => signed.has(operationId)) || Date.now() > until) return;
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
  }
}
