"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { SigningWays } from "@/app/sign/signing-ways";
import type { Signing } from "@/app/sign/signing";
import type { ConsolidationToSign } from "@/lib/consolidation/to-sign";
import { signConsolidation } from "../sign-consolidation";

/** The button of somebody who signs by themselves. */
export function SignStep({ toSign, signing }: { toSign: ConsolidationToSign; signing: Signing }) {
  const t = useTranslations("together");
  const router = useRouter();
  return <SigningWays signing={signing} busyLabel={t("signing")} run={(signer) => signConsolidation(toSign, signer)} onDone={() => router.refresh()} />;
}
