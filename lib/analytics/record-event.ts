import "server-only";
import type { Tx } from "@/db/client";
import { analyticsEvents } from "@/db/schema";
import { newId } from "@/lib/ids";

/** What is counted by the application; the money's own functions count beside it (payment_requested, …_requested). One a line. */
export const EVENT_NAMES = [
  "sign_in_code_requested",
  "signed_in",
  "signed_up",
  "signed_out",
  "store_opened",
  "code_checked",
  "top_up_requested",
  "request_made",
  "charge_made",
  "charge_cancelled",
  "guest_payment_requested",
  "till_pix_asked",
  "member_invited",
  "member_joined",
  "member_removed",
  "ownership_transferred",
  "till_shared",
  "till_unlocked",
  "store_settings_changed",
  "store_code_rotated",
  "store_closed",
  "store_reopened",
] as const;

export type AnalyticsEvent = {
  name: (typeof EVENT_NAMES)[number];
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
