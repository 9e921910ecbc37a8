"use client";

import { useCallback, useState, useTransition } from "react";
import type { ActionState } from "@/lib/action";
import { paths } from "@/lib/paths";
import { refreshSendAction } from "./actions";
import type { ShownSend } from "./price";

export type Failure = Extract<ActionState, { ok: false }>;
export type Ended = Pick<ShownSend, "amountUsdMicros" | "amountBrlCentavos">;

/** The price of a send that is made new when it ends, with the same key, and what it was before. */
export function useSendPrice(sendKey: string, initial: ShownSend, ended: Ended | null) {
  const [send, setSend] = useState(initial);
  const [before, setBefore] = useState(ended);
  const [failure, setFailure] = useState<Failure>();
  const [isRefreshing, startRefresh] = useTransition();
  const refresh = useCallback(() => {
    startRefresh(async () => {
      const form = new FormData();
      form.set("q", send.signed);
      // Offline is no failure of the price: it stays ended, with a button to ask again.
      const answer = await refreshSendAction(null, form).catch((): Failure => ({ ok: false, code: "quote_expired", details: {} }));
      if (!answer?.ok) return setFailure(answer ?? undefined);
      setFailure(undefined);
      setBefore({ amountUsdMicros: send.amountUsdMicros, amountBrlCentavos: send.amountBrlCentavos });
      setSend(answer.value);
      window.history.replaceState(null, "", paths.sendReview(sendKey, answer.value.signed));
    });
  }, [send, sendKey]);
  return { send, before, failure, isRefreshing, refresh };
}
