"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { QuoteRing } from "@/components/ui/quote-ring";
import { CODE_SECONDS } from "@/lib/topups/rules";

/** "9:41" and a ring; at zero the page is read again. */
export function CodeCountdown({ secondsLeft }: { secondsLeft: number }) {
  const t = useTranslations("topups");
  const router = useRouter();
  return <QuoteRing secondsLeft={secondsLeft} totalSeconds={CODE_SECONDS} label={(seconds) => t("code.left", { time: clockOf(seconds) })} onEnd={() => router.refresh()} />;
}

const clockOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
