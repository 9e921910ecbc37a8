"use client";

import { useEffect } from "react";

/** Registers public/sw.js, which answers with our offline page when the network does not. Not in development: it would hide a stopped server. */
export function ServiceWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return;
    // Without it the app works the same; only the offline page is the browser's own.
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  }, []);
  return null;
}
