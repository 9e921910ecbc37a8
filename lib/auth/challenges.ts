import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { authChallenges } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { CHALLENGE_LIFETIME_SECONDS, type ChallengePurpose } from "./rules";

type Holder = { userId: string; sessionId: string } | null;

const hashOf = (challenge: string) => createHash("sha256").update(challenge).digest("hex");

/** A new random challenge: 32 bytes as base64url (WebAuthn), or 16 as hex (SIWE allows letters and digits only). Good for five minutes and one answer. */
export async function newChallenge(purpose: ChallengePurpose, holder: Holder, form: "base64url" | "hex" = "base64url"): Promise<string> {
  const challenge = form === "hex" ? randomBytes(16).toString("hex") : randomBytes(32).toString("base64url");
  await db.insert(authChallenges).values({
    id: newId(),
    purpose,
    challengeHash: hashOf(challenge),
    userId: holder?.userId ?? null,
    sessionId: holder?.sessionId ?? null,
    expiresAt: sql`now() + make_interval(secs => ${CHALLENGE_LIFETIME_SECONDS})`,
  });
  return challenge;
}

/**
 * Uses a challenge up before its answer is verified, so that a wrong answer can't be tried twice. It must have been given to the same
 * session (or to nobody), for the same purpose.
 * Fails with: challenge_expired (also unknown, used, or somebody else's).
 */
export async function consumeChallenge(runner: Tx | typeof db, purpose: ChallengePurpose, holder: Holder, challenge: string): Promise<void> {
  const [used] = await runner
    .update(authChallenges)
    .set({ consumedAt: sql`now()` })
    .where(
      and(
        eq(authChallenges.challengeHash, hashOf(challenge)),
        eq(authChallenges.purpose, purpose),
        isNull(authChallenges.consumedAt),
        sql`${authChallenges.expiresAt} > now()`,
        holder ? and(eq(authChallenges.userId, holder.userId), eq(authChallenges.sessionId, holder.sessionId)) : isNull(authChallenges.userId),
      ),
    )
    .returning({ id: authChallenges.id });
  if (!used) throw new DomainError("challenge_expired");
}

/** Deletes challenges that ended a day ago. */
export async function removeOldChallenges(): Promise<void> {
  await db.delete(authChallenges).where(lt(authChallenges.expiresAt, sql`now() - interval '1 day'`));
}
