"use client";

import { useCallback, useEffect, useState } from "react";
import { keptOf, NOTHING_KEPT, type Kept } from "./sale";

const keyOf = (storeId: string) => `till-sales-${storeId}`;

/** Parked sales and the tip's switch, on this device, per store. A browser that keeps nothing forgets them with the page. */
export function useKeptSales(storeId: string): [Kept, (change: (kept: Kept) => Kept) => void] {
  const [kept, setKept] = useState<Kept>(NOTHING_KEPT);
  const read = useCallback((): Kept => {
    try {
      return keptOf(localStorage.getItem(keyOf(storeId)));
    } catch {
      return NOTHING_KEPT;
    }
  }, [storeId]);

  useEffect(() => {
    setKept(read());
    // Another tab of the same till parks and takes up too.
    const hear = (event: StorageEvent) => {
      if (event.key === keyOf(storeId)) setKept(keptOf(event.newValue));
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [read, storeId]);

  const change = useCallback(
    (next: (kept: Kept) => Kept) => {
      setKept((shown) => {
        const changed = next(shown);
        try {
          if (changed.held.length === 0 && !changed.isTipAllowed) localStorage.removeItem(keyOf(storeId));
          else localStorage.setItem(keyOf(storeId), JSON.stringify(changed));
        } catch {
          // Full or forbidden: it holds as long as the page does.
        }
        return changed;
      });
    },
    [storeId],
  );
  return [kept, change];
}
