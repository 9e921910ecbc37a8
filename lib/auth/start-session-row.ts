import "server-only";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { sessions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { newId } from "@/lib/ids";
import type { Visitor } from "./actor";
import { describeDevice } from "./describe-device";
import { SESSION_LIFETIME_SECONDS, type AuthMethod } from "./rules";
import { hashToken, mintToken } from "./session-token";

/** A session as a sign-in makes it. `token` is the cookie's exact value, of which only the hash is stored. */
export type StartedSession = { id: string; token: string };

/** The row of a new session, by whatever proved the person: a code, a passkey or a wallet. */
export async function startSessionRow(tx: Tx, visitor: Visitor, { userId, method }: { userId: string; method: AuthMethod }): Promise<StartedSession> {
  const id = newId();
  const token = await mintToken({ userId, sessionId: id });
  await tx.insert(sessions).values({
    id,
    userId,
    tokenHash: hashToken(token),
    authMethod: method,
    deviceInfo: describeDevice(visitor.userAgent),
    ipAddress: visitor.ip,
    expiresAt: sql`now() + make_interval(secs => ${SESSION_LIFETIME_SECONDS})`,
  });
  await recordAudit(tx, {
    action: "session.started",
    userId,
    resourceType: "session",
    resourceId: id,
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    newValues: { method },
  });
  return { id, token };
}
