"use client";

import { useEffect, useState } from "react";
import type { ChargeState } from "@/lib/charges/rules";
import { paths } from "@/lib/paths";
import type { ChargeNews, TillCharge } from "./till-charge";

const ASK_EVERY_MS = 2_000;
const TICK_MS = 1_000;

/**
 * Where a charge stands: asked every two seconds while it can change, and at once when `nudge` moves. The seconds run down between two answers.
 * While nobody answers, what was known stays. One charge for the life of the component: give it the charge's id as its key.
 */
export function useChargeNews(storeId: string, charge: Pick<TillCharge, "id" | "state" | "isWalletAsked" | "secondsLeft">, nudge: number): ChargeNews {
  const { id } = charge;
  const [news, setNews] = useState<{ state: ChargeState; isWalletAsked: boolean; endsAt: number }>(() => ({ state: charge.state, isWalletAsked: charge.isWalletAsked, endsAt: performance.now() + charge.secondsLeft * 1000 }));
  const [now, setNow] = useState(() => performance.now());
  const isOver = news.state === "paid" || news.state === "cancelled" || news.state === "expired";

  useEffect(() => {
    if (isOver) return;
    let isGone = false;
    const ask = async () => {
      const answer = await fetch(paths.tillCharge(storeId, id), { cache: "no-store" }).catch(() => null);
      if (!answer?.ok || isGone) return;
      const { state, isWalletAsked, secondsLeft } = (await answer.json()) as ChargeNews;
      if (!isGone) setNews({ state, isWalletAsked, endsAt: performance.now() + secondsLeft * 1000 });
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [storeId, id, nudge, isOver]);

  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isOver]);

  return { state: news.state, isWalletAsked: news.isWalletAsked, secondsLeft: Math.max(0, Math.ceil((news.endsAt - now) / 1000)) };
}
