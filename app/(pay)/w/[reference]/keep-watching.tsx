"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { paths } from "@/lib/paths";

const OFTEN_MS = 1_200;
const SELDOM_MS = 8_000;
/** Nobody looks at an old page for long; it asks again when it is looked at. */
const OFTEN_FOR_MS = 15 * 60_000;

/** Asks the server whether the page would show something else, and shows it then. `isSettled`: nothing is expected any more. */
export function KeepWatching({ reference, version, isSettled }: { reference: string; version: string; isSettled: boolean }) {
  const router = useRouter();
  const shown = useRef(version);
  useEffect(() => {
    shown.current = version;
  }, [version]);
  useEffect(() => {
    const startedAt = Date.now();
    let isDone = false;
    let next: ReturnType<typeof setTimeout>;
    async function ask() {
      if (document.visibilityState === "visible") {
        const answer = await fetch(paths.guestStatus(reference), { cache: "no-store" }).then((response) => (response.ok ? (response.json() as Promise<{ version: string }>) : null), () => null);
        if (!isDone && answer && answer.version !== shown.current) {
          shown.current = answer.version;
          router.refresh();
        }
      }
      const isOften = !isSettled && Date.now() - startedAt < OFTEN_FOR_MS;
      if (!isDone) next = setTimeout(() => void ask(), isOften ? OFTEN_MS : SELDOM_MS);
    }
    next = setTimeout(() => void ask(), OFTEN_MS);
    const back = () => {
      clearTimeout(next);
      void ask();
    };
    document.addEventListener("visibilitychange", back);
    return () => {
      isDone = true;
      clearTimeout(next);
      document.removeEventListener("visibilitychange", back);
    };
  }, [reference, isSettled, router]);
  return null;
}
