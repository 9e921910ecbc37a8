"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { playPaidSound } from "@/components/paid-sound";
import { paths } from "@/lib/paths";
import type { LockedCharge } from "../locked/locked-charge";
import { noteGreen, readGreens, standingOf, type Greens } from "../till-greens";
import type { Sound } from "../use-sound";

const ASK_EVERY_MS = 1_000;
const PATIENCE_MS = 5_000;
/** Unanswered questions until the screen says that the line is away. */
const FAILURES_SHOWN = 3;

/**
 * The charges that a locked till still watches, and those whose green screen stands, the oldest first: asked every second while one can change.
 * Only the server's word that a charge is paid turns the screen green, and a charge that was taken back takes its green along.
 */
export function useLockedCharges(storeId: string, first: readonly LockedCharge[], sound: Sound) {
  const router = useRouter();
  const [charges, setCharges] = useState(first);
  const [greens, setGreens] = useState<Greens | null>(null);
  const [failures, setFailures] = useState(0);
  useEffect(() => setGreens(readGreens()), []);

  const standing = greens ? standingOf(charges, greens).toReversed() : [];
  const isWatching = charges.some(({ state, secondsLeft }) => state === "paying" || (state === "waiting" && secondsLeft > 0)) || standing.length > 0;
  useEffect(() => {
    if (!isWatching) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await fetch(paths.lockedTill(storeId), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
      const now = answer?.ok ? ((await answer.json().catch(() => null)) as LockedCharge[] | null) : null;
      if (isOver) return;
      if (now) setCharges(now);
      setFailures((times) => (now ? 0 : times + 1));
      // A refusal is for the page to draw: the sign-in, or that there is no such till.
      if (answer && [401, 403, 404].includes(answer.status)) return router.refresh();
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isWatching, storeId, router]);

  const news = standing.filter(({ id }) => greens?.[id] === undefined).map(({ id }) => id);
  const ring = useEffectEvent(() => {
    navigator.vibrate?.(40);
    if (sound.state === "on") void playPaidSound();
    let known: Greens = {};
    for (const id of news) known = noteGreen(id, "standing");
    setGreens(known);
  });
  useEffect(() => {
    if (news.length > 0) ring();
  }, [news.length]);

  return { charges, standing, isWatching, isOffline: failures >= FAILURES_SHOWN, acknowledge: (chargeId: string) => setGreens(noteGreen(chargeId, "seen")) };
}
