"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";

const CIRCUMFERENCE = 2 * Math.PI * 8;

/**
 * The seconds a price is held, with a small ring. Give the seconds left as the server counts them, not a clock time: the phone's
 * clock may be wrong. `label` words longer times. `onEnd` runs once at zero. Not announced every second; it never presses.
 */
export function QuoteRing({ secondsLeft, totalSeconds = 60, label, onEnd }: { secondsLeft: number; totalSeconds?: number; label?: (seconds: number) => string; onEnd?: () => void }) {
  const t = useTranslations("common");
  const [left, setLeft] = useState(Math.max(0, Math.ceil(secondsLeft)));
  const ended = useRef(onEnd);
  useEffect(() => {
    ended.current = onEnd;
  }, [onEnd]);

  useEffect(() => {
    const endsAt = Date.now() + secondsLeft * 1000;
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      setLeft(seconds);
      if (seconds > 0) return;
      clearInterval(timer);
      ended.current?.();
    }, 250);
    return () => clearInterval(timer);
  }, [secondsLeft]);

  return (
    <p className="flex items-center justify-center gap-2 text-small text-muted">
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="-rotate-90">
        <circle cx="10" cy="10" r="8" fill="none" strokeWidth="2.5" className="stroke-line" />
        <circle
          cx="10"
          cy="10"
          r="8"
          fill="none"
          strokeWidth="2.5"
          strokeLinecap="round"
          className="stroke-brand-ink"
          strokeDasharray={CIRCUMFERENCE}
          strokeDashoffset={CIRCUMFERENCE * (1 - Math.min(1, left / totalSeconds))}
        />
      </svg>
      <span className="tabular-nums" role="timer">
        {label ? label(left) : t("priceHeldFor", { seconds: String(left) })}
      </span>
    </p>
  );
}
