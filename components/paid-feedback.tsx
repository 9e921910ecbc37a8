"use client";

import { useEffect } from "react";
import { playPaidSound } from "./paid-sound";

/** One short haptic and, if sound is wanted and allowed, the two notes. Stands once beside PaidMoment; `eventKey` changes for each payment. */
export function PaidFeedback({ eventKey, hasSound }: { eventKey: string; hasSound: boolean }) {
  useEffect(() => {
    navigator.vibrate?.(40);
    if (hasSound) void playPaidSound();
  }, [eventKey, hasSound]);
  return null;
}
