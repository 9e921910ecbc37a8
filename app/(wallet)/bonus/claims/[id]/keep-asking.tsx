"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { paths } from "@/lib/paths";

const ASK_MS = 1_500;

/** Asks the server itself how the claim stands, beside the live stream: a lost stream or a sleeping phone only delays the answer. */
export function KeepAsking({ claimId }: { claimId: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible" || !navigator.onLine) return;
      fetch(`${paths.payment(claimId)}/status`, { cache: "no-store" })
        .then(async (answer) => {
          const isSettled = answer.ok && ((await answer.json()) as { status: string }).status !== "pending";
          if (isSettled || answer.status === 401) router.refresh();
        })
        // Without a connection the next question brings it.
        .catch(() => undefined);
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [claimId, router]);
  return null;
}
