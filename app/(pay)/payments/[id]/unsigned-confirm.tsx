"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { signPayment } from "@/app/(pay)/sign-payment";
import type { Signing } from "@/app/sign/signing";
import { SigningWays } from "@/app/sign/signing-ways";
import { Spinner } from "@/components/ui/spinner";
import type { PaymentToSign } from "@/lib/payments/payment-to-sign";

const REFRESH_MS = 2_000;
/** From here on it may be over before the signature lands. */
const LATE_SECONDS = 10;

/** The button, and the time that is left for it. It asks the server for news by itself: prepared, expired, or confirmed elsewhere. */
export function UnsignedConfirm({ toSign, signing, secondsLeft }: { toSign: PaymentToSign; signing: Signing; secondsLeft: number | null }) {
  const t = useTranslations("signing.pay");
  const router = useRouter();
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const startedAt = Date.now();
    setPassed(0);
    const clock = setInterval(() => setPassed(Math.floor((Date.now() - startedAt) / 1000)), 1_000);
    return () => clearInterval(clock);
  }, [secondsLeft]);
  const left = secondsLeft === null ? null : Math.max(0, secondsLeft - passed);
  const isNewsDue = left === null || left <= LATE_SECONDS;
  useEffect(() => {
    if (!isNewsDue) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && navigator.onLine) router.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isNewsDue, router]);

  if (left === null) {
    return (
      <p role="status" className="flex min-h-14 items-center justify-center gap-3 text-muted">
        <Spinner /> {t("preparing")}
      </p>
    );
  }
  return (
    <>
      <p className="text-small text-muted tabular-nums">{left > LATE_SECONDS ? t("left", { time: timeOf(left) }) : t("over")}</p>
      <SigningWays signing={signing} busyLabel={t("confirming")} run={(signer) => signPayment(toSign, signer)} onDone={() => router.refresh()} />
    </>
  );
}

/** "1:40". */
const timeOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
