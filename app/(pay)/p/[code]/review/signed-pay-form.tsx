"use client";

import { WebAuthnAbortService } from "@simplewebauthn/browser";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, type RefObject } from "react";
import { signPayment } from "@/app/(pay)/sign-payment";
import { RefusedByServer, signingFailureOf } from "@/app/sign/signing-failure";
import type { Signing } from "@/app/sign/signing";
import { useOwnerSigner } from "@/app/sign/use-owner-signer";
import { useSigningText } from "@/app/sign/use-signing-text";
import { Button } from "@/components/ui/button";
import { Note } from "@/components/ui/note";
import type { ActionState } from "@/lib/action";
import type { Address } from "@/lib/chain/addresses";
import { paths } from "@/lib/paths";
import { confirmAction } from "./actions";
import type { Price } from "./price";

type Failure = Extract<ActionState, { ok: false }>;

/**
 * One tap and one touch: the payment is committed and prepared while the finger is on its way, then compared with this screen, signed here
 * and handed in. A touch that is dismissed leaves a payment that waits on its own page. A payment that the server refuses takes the
 * question for the touch back.
 */
export function SignedPayForm({ confirm, form, paymentKey, price, account, signing, label, isBusy, onBusy, onFailure }: {
  /** What the form does where no script runs: the payment is committed and waits on its page. */
  confirm: (form: FormData) => void;
  form: RefObject<HTMLFormElement | null>;
  paymentKey: string; price: Price; account: Address; signing: Signing; label: string; isBusy: boolean; onBusy: (isBusy: boolean) => void; onFailure: (failure: Failure | undefined) => void;
}) {
  const t = useTranslations("pay");
  const router = useRouter();
  const signingText = useSigningText();
  const { sign, dialog } = useOwnerSigner(signing);
  const [error, setError] = useState<string>();

  const pay = async () => {
    const { settles } = price;
    if (isBusy || !settles) return;
    onBusy(true);
    onFailure(undefined);
    setError(undefined);
    let isRefused = false;
    const committing = commit(paymentKey, price.signed);
    committing.catch(() => {
      isRefused = true;
      WebAuthnAbortService.cancelCeremony();
    });
    try {
      await sign(async (signer) => {
        const transactionId = await committing;
        await signPayment({ transactionId, account, ...settles }, signer);
      });
      router.push(paths.payment(await committing));
    } catch (failure) {
      const refusal: unknown = isRefused ? await committing.catch((reason: unknown) => reason) : null;
      if (refusal instanceof RefusedByServer) onFailure({ ok: false, code: refusal.code, details: refusal.details });
      // Committed and unsigned: its own page says how long it waits, and has every way to confirm. What is not what we show is said here.
      else if (!isRefused && signingFailureOf(failure) !== "not_shown") return router.push(paths.payment(await committing));
      else setError(signingText(refusal ?? failure));
      onBusy(false);
    }
  };

  return (
    <form
      action={confirm}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void pay();
      }}
      className="grid gap-3"
    >
      {error ? (
        <div role="alert">
          <Note tone="danger">{error}</Note>
        </div>
      ) : null}
      <input type="hidden" name="k" value={paymentKey} />
      <input type="hidden" name="q" value={price.signed} />
      <Button type="submit" isWide busy={isBusy && t("paying")}>
        {label}
      </Button>
      {dialog}
    </form>
  );
}

/** Throws RefusedByServer; anything else is a line that broke. */
async function commit(key: string, quote: string): Promise<string> {
  const form = new FormData();
  for (const [name, value] of [["k", key], ["q", quote], ["stay", "1"]] as const) form.set(name, value);
  const answer = await confirmAction(null, form);
  if (answer?.ok) return answer.value.transactionId;
  throw new RefusedByServer(answer?.code ?? "unavailable", answer?.details ?? {});
}
