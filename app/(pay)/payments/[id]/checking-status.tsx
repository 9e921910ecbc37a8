"use client";

import { Hand, WifiOff } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { formatTimeWithSeconds } from "@/lib/money-format";

const SLOW_AFTER_S = 10;
const LONG_AFTER_S = 60;
/** How often the server is asked beside the live stream: often at first, seldom when it takes long. */
const waitMs = (elapsedSeconds: number): number => (elapsedSeconds < 20 ? 1_500 : elapsedSeconds < 120 ? 4_000 : 10_000);

/**
 * What is happening, in words that stay honest as time passes. It asks the server itself, so that a lost stream, a sleeping phone or
 * no connection at all only delays the answer. `now` is the server's clock at rendering: the phone's may be wrong.
 */
export function CheckingStatus({ paymentId, sentAt, now, timeZone }: { paymentId: string; sentAt: Date; now: Date; timeZone?: string }) {
  const t = useTranslations("pay");
  const locale = useLocale();
  const router = useRouter();
  const elapsedAtStart = Math.max(0, (now.getTime() - sentAt.getTime()) / 1000);
  const [elapsed, setElapsed] = useState(elapsedAtStart);
  const [sinceCheck, setSinceCheck] = useState(0);
  const [isOnline, setOnline] = useState(true);

  useEffect(() => {
    const startedAt = Date.now();
    let checkedAt = startedAt;
    let isAsking = false;
    let isDone = false;
    const elapsedNow = () => elapsedAtStart + (Date.now() - startedAt) / 1000;

    async function ask() {
      if (isAsking || isDone || document.visibilityState !== "visible") return;
      isAsking = true;
      try {
        const answer = await fetch(`/payments/${paymentId}/status`, { cache: "no-store" });
        checkedAt = Date.now();
        setOnline(true);
        const isSettled = answer.ok && ((await answer.json()) as { status: string }).status !== "pending";
        // A session that ended meanwhile leads to sign-in and back here.
        if (isSettled || answer.status === 401) {
          isDone = isSettled;
          router.refresh();
        }
      } catch {
        setOnline(navigator.onLine);
      } finally {
        isAsking = false;
      }
    }

    const clock = setInterval(() => {
      setElapsed(elapsedNow());
      setSinceCheck(Math.round((Date.now() - checkedAt) / 1000));
    }, 1_000);
    let next: ReturnType<typeof setTimeout>;
    const plan = () => {
      next = setTimeout(() => void ask().finally(plan), waitMs(elapsedNow()));
    };
    plan();
    const back = () => void ask();
    const lost = () => setOnline(false);
    window.addEventListener("online", back);
    window.addEventListener("offline", lost);
    document.addEventListener("visibilitychange", back);
    return () => {
      clearInterval(clock);
      clearTimeout(next);
      window.removeEventListener("online", back);
      window.removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", back);
    };
  }, [paymentId, elapsedAtStart, router]);

  const words = !isOnline ? "checkingOffline" : elapsed < SLOW_AFTER_S ? "checkingSoon" : elapsed < LONG_AFTER_S ? "checkingSlow" : "checkingLong";
  return (
    <>
      <div className="mt-4 text-left">
        <Note tone="caution" icon={<Icon of={isOnline ? Hand : WifiOff} />}>
          <b className="block">{t("dontPayAgain")}</b>
          <span aria-live="polite">{t(words)}</span>
        </Note>
      </div>
      <dl className="mt-3 rounded-card bg-card px-4.5 py-1.5 text-left text-label shadow-[inset_0_0_0_1px_var(--color-line)]">
        <div className="flex justify-between gap-4 py-2">
          <dt className="font-normal text-muted">{t("sentAt")}</dt>
          <dd className="tabular-nums">{formatTimeWithSeconds(sentAt, locale, timeZone)}</dd>
        </div>
        <div className="flex justify-between gap-4 py-2">
          <dt className="font-normal text-muted">{t("lastCheck")}</dt>
          <dd className="tabular-nums">{t("secondsAgo", { seconds: sinceCheck })}</dd>
        </div>
      </dl>
    </>
  );
}
