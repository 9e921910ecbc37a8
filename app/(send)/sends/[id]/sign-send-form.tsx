"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { Signing } from "@/app/sign/signing";
import { SigningWays } from "@/app/sign/signing-ways";
import { Spinner } from "@/components/ui/spinner";
import type { SendToSign } from "@/lib/transfers/queries";
import { signSend } from "../../sign-send";

const REFRESH_MS = 2_000;

/** The touch that a send of an own account waits for, and the page's news while it is prepared or ends. */
export function SignSendForm({ toSign, signing, isPrepared }: { toSign: SendToSign; signing: Signing; isPrepared: boolean }) {
  const t = useTranslations("transfers");
  const signText = useTranslations("signing.pay");
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && navigator.onLine) router.refresh();
    }, REFRESH_MS * (isPrepared ? 5 : 1));
    return () => clearInterval(timer);
  }, [isPrepared, router]);
  if (!isPrepared) {
    return (
      <p role="status" className="flex min-h-14 items-center justify-center gap-3 text-muted">
        <Spinner /> {t("preparing")}
      </p>
    );
  }
  return <SigningWays signing={signing} busyLabel={signText("confirming")} run={(signer) => signSend(toSign, signer)} onDone={() => router.refresh()} />;
}
