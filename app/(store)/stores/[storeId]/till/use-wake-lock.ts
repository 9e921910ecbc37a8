"use client";

import { useEffect } from "react";

/** Keeps the screen awake while the till is looked at. Browsers let go whenever the page is hidden, so it is asked for again. */
export function useWakeLock() {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let isGone = false;
    const hold = async () => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (isGone) void lock.release();
      } catch {
        // Low battery or a browser that refuses: the till works, the screen may sleep.
      }
    };
    const onVisible = () => void hold();
    void hold();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      isGone = true;
      document.removeEventListener("visibilitychange", onVisible);
      void lock?.release();
    };
  }, []);
}
