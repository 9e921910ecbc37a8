import "server-only";
import { and, eq } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { identityChecks } from "@/db/schema";
import { env } from "@/lib/env";

export type IdentityRow = typeof identityChecks.$inferSelect;

/** Where a person stands with the present provider; null before the first request. */
export async function identityOf(userId: string, runner: Tx | typeof db = db): Promise<IdentityRow | null> {
  const [row] = await runner.select().from(identityChecks).where(and(eq(identityChecks.userId, userId), eq(identityChecks.provider, env().TOPUP_PROVIDER)));
  return row ?? null;
}
