"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Asks for the page again by its own clock, and at once when somebody comes back to it: only while it is seen and the phone is online. */
export function RefreshEvery({ ms }: { ms: number }) {
  const router = useRouter();
  useEffect(() => {
    const refresh = () => {
      if (document.visibilityState === "visible" && navigator.onLine) router.refresh();
    };
    const timer = setInterval(refresh, ms);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [router, ms]);
  return null;
}
