"use client";

import { useEffect, useEffectEvent, useReducer, useState } from "react";
import { connectLive } from "@/components/live-connection";
import { playPaidSound } from "@/components/paid-sound";
import type { ClosedReason, StoreEvent } from "@/lib/live/rules";
import { dayKey } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { readTillAction } from "./actions";
import { readGreens } from "./till-greens";
import { firstTillState, nextTillState } from "./till-state";
import type { TillView } from "./till-view";
import type { Sound } from "./use-sound";

/** How long the line may be away before the screen says what that means. */
const OFFLINE_NOTE_MS = 3_000;
const DAY_CHECK_MS = 30_000;
const REREAD_MS = 3_000;

type Wanted = { store: { id: string; timeZone: string }; firstView: TillView; /** The charge that was on the screen and was paid a moment ago. */ firstPaid: string | null; sound: Sound; onChime: () => void };

/** Everything that happens after the first paint comes through the live stream; the server's list, read again, only catches up. */
export function useLiveTill({ store, firstView, firstPaid, sound, onChime }: Wanted) {
  const [view, setView] = useState(firstView);
  const [state, dispatch] = useReducer(nextTillState, firstView.payments, firstTillState);
  const [isLive, setLive] = useState<boolean | null>(null);
  const [isOffline, setOffline] = useState(false);
  const [closed, setClosed] = useState<ClosedReason | null>(null);

  const chime = useEffectEvent(() => {
    navigator.vibrate?.(40);
    if (sound.state === "on") void playPaidSound();
    onChime();
  });
  useEffect(() => {
    if (state.chimes > 0) chime();
  }, [state.chimes]);

  // Nobody saw it turn green: it was paid between two pages.
  const onOpened = useEffectEvent(() => {
    const payment = firstView.payments.find(({ chargeId }) => chargeId !== null && chargeId === firstPaid);
    if (payment && firstPaid && readGreens()[firstPaid] !== "seen") dispatch({ type: "unseen", paymentId: payment.id });
  });
  useEffect(() => onOpened(), []);

  // Whatever fails on the way, the till stays as it is and asks again.
  const [wantsReading, setWantsReading] = useState(0);
  useEffect(() => {
    if (wantsReading === 0) return;
    let isLate = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      const form = new FormData();
      form.set("storeId", store.id);
      const answer = await readTillAction(null, form).catch(() => null);
      if (isLate) return;
      if (!answer?.ok) {
        retry = setTimeout(() => void read(), REREAD_MS);
        return;
      }
      setView(answer.value);
      dispatch({ type: "snapshot", payments: answer.value.payments, lastEventId: answer.value.lastEventId });
    };
    void read();
    return () => {
      isLate = true;
      clearTimeout(retry);
    };
  }, [wantsReading, store.id]);
  const readAgain = () => setWantsReading((times) => times + 1);

  const firstEventId = firstView.lastEventId;
  // Payments come by themselves; other news matter to the till only until the store can be paid.
  const onChange = useEffectEvent(() => {
    if (view.isPreparing || state.payments.some(({ outside, refund }) => outside?.refund === "requested" || refund?.isOnItsWay)) readAgain();
  });
  useEffect(() => {
    let wasLost = false;
    const connection = connectLive(
      paths.liveStore(store.id),
      {
        onMessage: ({ event, data }) => {
          if (event === "payment") dispatch({ type: "event", event: data as StoreEvent });
          if (event === "closed") setClosed((data as { reason: ClosedReason }).reason);
          if (event === "change") onChange();
        },
        onLive: (now) => {
          setLive(now);
          // The stream brings what was missed; the list itself may have turned a day meanwhile.
          if (now && wasLost) setWantsReading((times) => times + 1);
          wasLost = !now;
        },
      },
      firstEventId,
    );
    return () => connection.close();
  }, [store.id, firstEventId]);

  useEffect(() => {
    const timer = setTimeout(() => setOffline(!isLive), isLive ? 0 : OFFLINE_NOTE_MS);
    return () => clearTimeout(timer);
  }, [isLive]);

  useEffect(() => {
    let day = dayKey(new Date(), store.timeZone);
    const timer = setInterval(() => {
      const now = dayKey(new Date(), store.timeZone);
      if (now !== day) setWantsReading((times) => times + 1);
      day = now;
    }, DAY_CHECK_MS);
    return () => clearInterval(timer);
  }, [store.timeZone]);

  return { view, state, isLive, isOffline, closed, readAgain, next: () => dispatch({ type: "next" }) };
}
