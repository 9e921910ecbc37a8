import "server-only";
import { randomBytes } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { authChallenges, passkeys, phoneChanges, sessions, signInAttempts, signInCodes, stepUpWaits, users, wallets } from "@/db/schema";

/** What stands in place of a deleted person's phone: `deleted:` and 12 random hex, exactly the column's 20 characters. */
const noPhone = () => `deleted:${randomBytes(6).toString("hex")}`;

/**
 * Part of deleting an account: every way in and everything that tells who it was. Sessions stay as ended rows without device and
 * address. The row of the person stays for the payments that the law keeps; frozen, so that no right that lingers anywhere moves anything.
 */
export async function erasePerson(tx: Tx, { userId, phone }: { userId: string; phone: string }): Promise<void> {
  await tx
    .update(sessions)
    .set({ revokedAt: sql`coalesce(${sessions.revokedAt}, now())`, ipAddress: null, deviceInfo: null, deviceHash: null })
    .where(eq(sessions.userId, userId));
  const linked = await tx.delete(wallets).where(eq(wallets.userId, userId)).returning({ address: wallets.address });
  if (linked.length > 0) await tx.delete(signInAttempts).where(inArray(signInAttempts.address, linked.map(({ address }) => address)));
  await tx.delete(passkeys).where(eq(passkeys.userId, userId));
  await tx.delete(authChallenges).where(eq(authChallenges.userId, userId));
  await tx.delete(stepUpWaits).where(eq(stepUpWaits.userId, userId));
  await tx.delete(phoneChanges).where(eq(phoneChanges.userId, userId));
  await tx.delete(signInCodes).where(eq(signInCodes.phone, phone));
  await tx
    .update(users)
    .set({
      phone: noPhone(),
      phoneVerifiedAt: null,
      name: null,
      email: null,
      backupOwnerPhone: null,
      lastActiveAt: null,
      frozenAt: sql`coalesce(${users.frozenAt}, now())`,
      deletedAt: sql`now()`,
    })
    .where(eq(users.id, userId));
}
