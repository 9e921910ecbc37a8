"use client";

import { useCallback, useEffect, useState } from "react";
import { isSoundOn, playPaidSound, unlockSound } from "@/components/paid-sound";

/** `locked`: the browser keeps sound off until a tap. `muted`: the cashier chose it, on this device. */
export type SoundState = "locked" | "on" | "muted";

const MUTED_KEY = "till-muted";
/** Phones put the sound to sleep behind our back; the screen must say so soon. */
const LOOK_MS = 2_000;

export type Sound = { state: SoundState; turnOn: () => void; turnOff: () => void; test: () => void };

/** Whether a payment would be heard right now, and the ways to change that. */
export function useSound(): Sound {
  const [isMuted, setMuted] = useState(false);
  const [isUnlocked, setUnlocked] = useState(false);

  useEffect(() => {
    setMuted(readMuted());
    const look = () => setUnlocked(isSoundOn());
    look();
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);

  const keepMuted = (muted: boolean) => {
    setMuted(muted);
    try {
      localStorage.setItem(MUTED_KEY, muted ? "1" : "0");
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  };
  const test = useCallback(() => {
    void unlockSound().then((isOn) => {
      setUnlocked(isOn);
      return playPaidSound();
    });
  }, []);
  return {
    state: isMuted ? "muted" : isUnlocked ? "on" : "locked",
    turnOn: () => {
      keepMuted(false);
      test();
    },
    turnOff: () => keepMuted(true),
    test,
  };
}

function readMuted(): boolean {
  try {
    return localStorage.getItem(MUTED_KEY) === "1";
  } catch {
    return false;
  }
}
