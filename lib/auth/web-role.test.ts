import { randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Visitor } from "./actor";
import { findSession, recordVisit } from "./find-session";
import { renamePerson } from "./rename-person";
import { revokeSession } from "./revoke-session";
import { sendSignInCode } from "./send-sign-in-code";
import { verifySignInCode } from "./verify-sign-in-code";

// Before the first connection of this file.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

test("a whole sign-in needs no right that the web role lacks", async () => {
  expect(await sql`SELECT current_user AS role`).toEqual([{ role: "cocopay_web" }]);
  const visitor: Visitor = { ip: "203.0.113.7", userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "en" };
  const phone = "+5548930000001";
  for (const isNew of [true, false]) {
    await sendSignInCode(visitor, { phone });
    const [message] = await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY id DESC LIMIT 1`;
    const signedIn = await verifySignInCode(visitor, { phone, code: message!.body.slice(-6) });
    expect(signedIn.isNew).toBe(isNew);
    expect(await findSession(signedIn.token)).toMatchObject({ userId: signedIn.userId });
    await recordVisit(signedIn, visitor.ip);
    await renamePerson({ ...signedIn, ...visitor, phone, name: null }, "Ana");
    await revokeSession({ ...signedIn, ...visitor });
    expect(await findSession(signedIn.token)).toBeNull();
  }
});
