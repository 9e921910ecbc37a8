import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { isAccountReady } from "@/lib/accounts/queries";
import { recordEvent } from "@/lib/analytics/record-event";
import { invariant } from "@/lib/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import type { Visitor } from "../actor";
import { newChallenge } from "../challenges";
import { startSessionRow } from "../start-session-row";
import { markSteppedUp } from "../step-up";
import type { SignedIn } from "../verify-sign-in-code";
import { checkPasskeyAnswer, recordPasskeyUse } from "./check-answer";
import { learnAddress } from "./derived-address";
import { secondsUntilPasskeyCounts } from "./factor";
import { relyingParty } from "./relying-party";
import type { DerivedProof, PasskeyAnswer, PasskeyRequest } from "./rules";

/** What the sign-in page asks for: any passkey of ours, which says itself whose it is. */
export async function passkeySignInRequest(): Promise<PasskeyRequest> {
  return { challenge: await newChallenge("passkey_sign_in", null), rpId: relyingParty().id, credentials: [] };
}

/**
 * Signs in by a passkey. The touch counts as a confirmation of this session too. When the page derived a key, its address must be the one
 * that we know of this passkey.
 * Fails with: challenge_expired, passkey_unknown, passkey_refused.
 */
export async function signInByPasskey(visitor: Visitor, { answer, derived }: { answer: PasskeyAnswer; derived: DerivedProof | null }): Promise<SignedIn> {
  const checked = await checkPasskeyAnswer(answer, { purpose: "passkey_sign_in", holder: null, ip: visitor.ip, userAgent: visitor.userAgent });
  const { userId } = checked;
  return db.transaction(async (tx) => {
    await recordPasskeyUse(tx, checked);
    if (derived) await learnAddress(tx, { userId, ip: visitor.ip, userAgent: visitor.userAgent }, checked, derived);
    const [person] = await tx.select({ name: users.name }).from(users).where(eq(users.id, userId));
    invariant(person, "a passkey has its person");
    if (!(await isAccountReady(userId, tx))) await enqueue(tx, "accounts.provision", { userId }, { key: `accounts.provision:${userId}` });
    const isUntried = (await secondsUntilPasskeyCounts(tx, checked.passkeyId)) > 0;
    const session = await startSessionRow(tx, visitor, { userId, method: "passkey", isUntried });
    if (!isUntried) await markSteppedUp(tx, { userId, sessionId: session.id, ip: visitor.ip, userAgent: visitor.userAgent }, "passkey");
    await recordEvent(tx, { name: "signed_in", userId, sessionId: session.id, deviceId: visitor.deviceId, ip: visitor.ip, userAgent: visitor.userAgent });
    return { userId, sessionId: session.id, name: person.name, isNew: false, token: session.token };
  });
}
