/** How long somebody may think about a request. */
export const REQUEST_DAYS = 30;

export const REQUEST_STATES = ["open", "paying", "paid", "cancelled", "expired"] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

type Facts = { transaction: "pending" | "confirmed" | "failed" | null; cancelledAt: Date | null; expiresAt: Date };

/** Money that is on its way or arrived counts above all else; a payment that failed leaves the request as it was. */
export function requestStateOf({ transaction, cancelledAt, expiresAt }: Facts, now: Date): RequestState {
  if (transaction === "confirmed") return "paid";
  if (transaction === "pending") return "paying";
  if (cancelledAt) return "cancelled";
  return expiresAt <= now ? "expired" : "open";
}
