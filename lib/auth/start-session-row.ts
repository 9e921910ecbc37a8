import "server-only";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { newId } from "@/lib/ids";
import { notify } from "@/lib/notifications/notify";
import { warnPerson } from "@/lib/notifications/warn-person";
import { cancelClaimsOf } from "@/lib/recovery/cancel-claims";
import type { Visitor } from "./actor";
import { networkOf } from "./client-address";
import { describeDevice, shownDevice } from "./describe-device";
import { DORMANT_DAYS, DORMANT_DEVICE_HOURS, NEW_DEVICE_HOURS, SESSION_LIFETIME_SECONDS, type AuthMethod } from "./rules";
import { hashDevice, hashToken, mintToken } from "./session-token";

/** A session as a sign-in makes it. `token` is the cookie's exact value, of which only the hash is stored. */
export type StartedSession = { id: string; token: string };

/**
 * The row of a new session, by whatever proved the person: a code, a passkey or a wallet. On a device that the account does not know the
 * other devices are told; by code alone the session is also held back for a day (three in an account that slept), and the phone gets a
 * message. The session that opens the account is not held back: nobody else could be robbed by it.
 */
export async function startSessionRow(tx: Tx, visitor: Visitor, { userId, method, isUntried = false }: { userId: string; method: AuthMethod; /** A wallet or first passkey of a short while ago, perhaps brought by whoever stole the phone number: it counts as the code it came with. */ isUntried?: boolean }): Promise<StartedSession> {
  const isCodeAlone = method === "phone" || isUntried;
  const id = newId();
  const token = await mintToken({ userId, sessionId: id });
  const deviceHash = hashDevice(visitor.deviceId);
  const deviceInfo = describeDevice(visitor.userAgent);
  const { isDormant, hasOthers, isKnownDevice } = await lookAtDevices(tx, userId, deviceHash);
  const isNewDevice = hasOthers && !isKnownDevice;
  const heldHours = isNewDevice && isCodeAlone ? (isDormant ? DORMANT_DEVICE_HOURS : NEW_DEVICE_HOURS) : null;
  await tx.insert(sessions).values({
    id,
    userId,
    tokenHash: hashToken(token),
    authMethod: method,
    deviceInfo,
    ipAddress: visitor.ip,
    deviceHash,
    lastSeenAt: sql`now()`,
    limitedUntil: heldHours === null ? null : sql`now() + make_interval(hours => ${heldHours})`,
    expiresAt: sql`now() + make_interval(secs => ${SESSION_LIFETIME_SECONDS})`,
  });
  await tx.update(users).set({ lastActiveAt: sql`now()` }).where(eq(users.id, userId));
  await recordAudit(tx, {
    action: "session.started",
    userId,
    resourceType: "session",
    resourceId: id,
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    newValues: { method, ...(isNewDevice ? { isNewDevice } : {}), ...(heldHours === null ? {} : { heldHours }) },
  });
  if (isNewDevice) {
    const tell = isCodeAlone ? warnPerson : notify;
    await tell(tx, { userId, kind: "new_device", sessionId: id, data: { device: shownDevice(deviceInfo), network: visitor.ip ? networkOf(visitor.ip) : "", sessionId: id } });
  }
  await cancelClaimsOf(tx, userId);
  return { id, token };
}

/**
 * What the account knows of a device. It knows one where a session was never held back, was freed by a signature, or lived on to the end of
 * its hold: a session that was thrown out before that made nothing known, however often it comes back.
 */
async function lookAtDevices(tx: Tx, userId: string, deviceHash: string): Promise<{ isDormant: boolean; hasOthers: boolean; isKnownDevice: boolean }> {
  // Two sign-ins of one person pass one after the other, so that only one of them can be the first.
  const [person] = await tx
    .select({ isDormant: sql<boolean>`coalesce(${users.lastActiveAt} < now() - make_interval(days => ${DORMANT_DAYS}), false)` })
    .from(users)
    .where(eq(users.id, userId))
    .for("no key update");
  const [devices] = await tx
    .select({
      count: sql<number>`count(*)::int`,
      isKnown: sql<boolean>`coalesce(bool_or(${sessions.deviceHash} = ${deviceHash} AND (${sessions.limitedUntil} IS NULL OR (${sessions.limitedUntil} <= now() AND coalesce(${sessions.revokedAt} > ${sessions.limitedUntil}, true)))), false)`,
    })
    .from(sessions)
    .where(eq(sessions.userId, userId));
  return { isDormant: person?.isDormant ?? false, hasOthers: (devices?.count ?? 0) > 0, isKnownDevice: devices?.isKnown ?? false };
}
