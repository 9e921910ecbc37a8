"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { connectLive } from "./live-connection";
import { LiveDot } from "./live-dot";

/** News that come in one breath are one refresh. */
const GATHER_MS = 60;
const FALLBACK_POLL_MS = 5_000;

/**
 * Draws the page anew from the server at each piece of news on `url` (`paths.liveMe()`, `paths.liveStore(id)`), and every five seconds while the
 * line is broken. It lets go of the line while nobody looks at the page. `hasDot` shows "Ao vivo" or "Reconectando".
 */
export function LiveRefresh({ url, hasDot = false }: { url: string; hasDot?: boolean }) {
  const router = useRouter();
  const [isLive, setLive] = useState(true);

  useEffect(() => {
    let connection: { close: () => void } | undefined;
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refreshSoon = () => {
      clearTimeout(gathering);
      gathering = setTimeout(() => router.refresh(), GATHER_MS);
    };
    // A `closed` line is news too: the refreshed page leads to the sign-in or to what is still allowed.
    const connect = () => (connection ??= connectLive(url, { onMessage: refreshSoon, onLive: setLive }));
    const followVisibility = () => {
      if (document.visibilityState === "visible") return connect();
      connection?.close();
      connection = undefined;
    };
    if (document.visibilityState === "visible") connect();
    document.addEventListener("visibilitychange", followVisibility);
    return () => {
      clearTimeout(gathering);
      document.removeEventListener("visibilitychange", followVisibility);
      connection?.close();
    };
  }, [url, router]);

  useEffect(() => {
    if (isLive) return;
    const timer = setInterval(() => void isServerThere().then((isThere) => isThere && router.refresh()), FALLBACK_POLL_MS);
    return () => clearInterval(timer);
  }, [isLive, router]);

  return hasDot ? <LiveDot isLive={isLive} /> : null;
}

/** Next leaves the page when a refresh finds no server, for the browser's error page. A payment on its way must stay on the screen, so a small file is asked first. */
const isServerThere = (): Promise<boolean> =>
  fetch("/icon.svg", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
