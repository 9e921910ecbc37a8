"use client";

import { useLocale } from "next-intl";
import { useEffect, useState } from "react";
import { formatTimeWithSeconds } from "@/lib/money-format";

/** A clock that moves every second, so that a screenshot cannot pass for a payment. Empty until the browser takes over. Leave the green dot out on green. */
export function TickingClock({ timeZone, hasDot = true }: { timeZone?: string; hasDot?: boolean }) {
  const locale = useLocale();
  const [text, setText] = useState("");
  useEffect(() => {
    const tick = () => setText(formatTimeWithSeconds(new Date(), locale, timeZone));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [locale, timeZone]);
  return (
    <span className="inline-flex items-center gap-2 tabular-nums" role="timer">
      {hasDot ? <span aria-hidden="true" className="size-2 rounded-full bg-paid" /> : null}
      {text}
    </span>
  );
}
