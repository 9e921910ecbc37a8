"use client";

import { useLayoutEffect, useRef, useState, type ReactNode } from "react";

/**
 * Lets the Paid moment below play the first time this payment is seen paid, and stands still ever after: on a reload, on the way back
 * from the receipt, and when it is opened later. The mark lives as long as the tab.
 */
export function PlayOnce({ eventKey, isFresh, children }: { eventKey: string; isFresh: boolean; children: ReactNode }) {
  const [isStill, setStill] = useState(!isFresh);
  const decided = useRef("");
  useLayoutEffect(() => {
    if (decided.current === eventKey) return;
    decided.current = eventKey;
    const mark = `paid:${eventKey}`;
    try {
      if (sessionStorage.getItem(mark)) setStill(true);
      else sessionStorage.setItem(mark, "1");
    } catch {
      // Storage may be off in private windows; then it may play again within its first seconds.
    }
  }, [eventKey]);
  return <div className={isStill ? "[&_*]:animate-none!" : undefined}>{children}</div>;
}
