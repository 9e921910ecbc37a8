"use client";

import { useRef, useState } from "react";
import type { ErrorCode } from "@/lib/errors";
import { makeChargeAction } from "./actions";
import { contentsOf, totalCents, type Sale } from "./sale";
import type { TillCharge } from "./till-charge";

type Failure = { code: ErrorCode; details: Record<string, string | number> };

/** Turns a sale into a charge. While its contents stay, the key does: a tap that got no answer is sent again and makes one charge. */
export function useCharging(storeId: string) {
  const attempt = useRef<{ key: string; contents: string } | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const make = async (sale: Sale, { isTipAllowed, customerCode = null }: { isTipAllowed: boolean; customerCode?: string | null }): Promise<TillCharge | null> => {
    if (isMaking) return null;
    setMaking(true);
    setFailure(null);
    const contents = contentsOf(sale, isTipAllowed, customerCode);
    if (attempt.current?.contents !== contents) attempt.current = { key: crypto.randomUUID(), contents };
    const form = new FormData();
    const fields = {
      storeId, key: attempt.current.key, currency: sale.currency, amount: totalCents(sale).toString(), typed: sale.typedCents, note: sale.note,
      items: sale.items.map(({ itemId, quantity }) => `${itemId}:${quantity}`).join(","), isTipAllowed: isTipAllowed ? "1" : "0", customerCode: customerCode ?? "",
    };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const answer = await makeChargeAction(null, form).catch(() => null);
    setMaking(false);
    if (!answer?.ok) {
      setFailure(answer ? { code: answer.code, details: answer.details } : { code: "unavailable", details: {} });
      return null;
    }
    // The next charge of the same contents is another sale.
    attempt.current = null;
    return answer.value;
  };
  return { make, isMaking, failure, forget: () => setFailure(null) };
}
