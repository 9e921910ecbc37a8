"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { Signing } from "@/app/sign/signing";
import { SigningWays } from "@/app/sign/signing-ways";
import { signClaim, type ClaimToSign } from "./sign-claim";

/** The person's own confirmation of exactly what this page shows. */
export function ConfirmClaim({ claim, signing }: { claim: ClaimToSign; signing: Signing }) {
  const t = useTranslations("bonus");
  const router = useRouter();
  return <SigningWays signing={signing} busyLabel={t("working")} run={(signer) => signClaim(claim, signer)} onDone={() => router.refresh()} />;
}
