import "server-only";
import type { Tx } from "@/db/client";
import { analyticsEvents } from "@/db/schema";
import { newId } from "@/lib/ids";

export type AnalyticsEvent = {
  name: "sign_in_code_requested" | "signed_in" | "signed_up" | "signed_out" | "store_opened" | "code_checked" | "top_up_requested" | "request_made" | "charge_made" | "charge_cancelled" | "member_invited" | "member_joined" | "member_removed" | "ownership_transferred" | "till_shared" | "till_unlocked";
  properties?: Record<string, string | number | boolean>;
  userId?: string | null;
  sessionId?: string | null;
  deviceId?: string | null;
  ip?: string | null;
  userAgent?: string | null;
};

/** Counts what people do, in the transaction that does it. */
export async function recordEvent(tx: Tx, event: AnalyticsEvent) {
  await tx.insert(analyticsEvents).values({
    id: newId(),
    eventName: event.name,
    properties: event.properties ?? {},
    userId: event.userId ?? null,
    sessionId: event.sessionId ?? null,
    deviceId: event.deviceId ?? null,
    ipAddress: event.ip ?? null,
    userAgent: event.userAgent?.slice(0, 500) ?? null,
  });
}
