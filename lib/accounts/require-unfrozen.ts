import "server-only";
import { and, eq, isNotNull } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { users } from "@/db/schema";
import { DomainError } from "@/lib/errors";

/**
 * Nothing about a frozen account's money moves before its person lifts that.
 * Fails with: account_frozen.
 */
export async function requireUnfrozen(runner: Tx | typeof db, userId: string): Promise<void> {
  const [frozen] = await runner.select({ id: users.id }).from(users).where(and(eq(users.id, userId), isNotNull(users.frozenAt)));
  if (frozen) throw new DomainError("account_frozen");
}
