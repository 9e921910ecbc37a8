import "server-only";
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { keyExports } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";

/**
 * Hands over a sealed key, once and to the session that asked; what was handed over is gone from the database. Null while the worker is
 * still at it.
 * Fails with: not_found (also fetched, expired, or another session's).
 */
export async function fetchKeyExport(actor: Pick<Actor, "userId" | "sessionId">, { exportId }: { exportId: string }): Promise<{ sealed: string } | null> {
  if (!isId(exportId)) throw new DomainError("not_found");
  const own = and(eq(keyExports.id, exportId), eq(keyExports.userId, actor.userId), eq(keyExports.sessionId, actor.sessionId), isNull(keyExports.fetchedAt), sql`${keyExports.expiresAt} > now()`);
  return db.transaction(async (tx) => {
    const [row] = await tx.select({ sealed: keyExports.sealed }).from(keyExports).where(own).for("update");
    if (!row) throw new DomainError("not_found");
    if (row.sealed === null) return null;
    await tx.update(keyExports).set({ sealed: null, fetchedAt: sql`now()` }).where(and(own, isNotNull(keyExports.sealed)));
    return { sealed: row.sealed };
  });
}

/** Deletes exports that nobody fetched in time, with what they carry. */
export async function removeOldKeyExports(): Promise<void> {
  await db.delete(keyExports).where(sql`${keyExports.expiresAt} < now()`);
}
