"use client";

import { useCallback, useEffect, useState } from "react";
import { paths } from "@/lib/paths";
import type { PixNews } from "./pix-news";

const ASK_EVERY_MS = 1_500;

/**
 * Where a charge's Pix stands: asked once, then every second and a half while it can change and the page is seen. While nobody answers, what was known
 * stays. One charge for the life of the component: give it the charge's id as its key.
 */
export function usePixNews(storeId: string, chargeId: string): { news: PixNews | null; ask: () => Promise<void> } {
  const [news, setNews] = useState<PixNews | null>(null);
  const ask = useCallback(async () => {
    const answer = await fetch(paths.tillPixState(storeId, chargeId), { cache: "no-store" }).catch(() => null);
    if (answer?.ok) setNews((await answer.json()) as PixNews);
  }, [storeId, chargeId]);

  useEffect(() => void ask(), [ask]);
  const isMoving = news?.view?.isMoving ?? false;
  useEffect(() => {
    if (!isMoving) return;
    const look = () => {
      if (document.visibilityState === "visible") void ask();
    };
    const timer = setInterval(look, ASK_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [ask, isMoving]);
  return { news, ask };
}
