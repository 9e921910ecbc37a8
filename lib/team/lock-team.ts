import "server-only";
import { asc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { heldSeconds } from "@/lib/auth/end-devices";
import { requireStepUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import type { Role } from "./rules";

/**
 * Makes the changes of one team queue, so that each sees what the one before left. People come first, as where an account is deleted or a store
 * moves to a backup: whoever locks in another order waits for the other for ever.
 */
export async function lockTeam(tx: Tx, storeId: string, userIds: readonly string[]): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(inArray(users.id, [...userIds])).orderBy(asc(users.id)).for("key share");
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`team:${storeId}`}, 0))`);
}

/**
 * A second factor for what an admin changes, for making somebody admin, and for everything from a device that is held back: whoever has only the
 * number must not fill or empty a team. Fails with account_frozen, and with what requireStepUp fails with.
 */
export async function requireTeamStepUp(tx: Tx, actor: Actor, { role, makesAdmin = false }: { role: Role; makesAdmin?: boolean }): Promise<void> {
  const [person] = await tx.select({ frozenAt: users.frozenAt }).from(users).where(eq(users.id, actor.userId));
  if (!person || person.frozenAt) throw new DomainError("account_frozen");
  if (role === "admin" || makesAdmin || (await heldSeconds(tx, actor)) > 0) await requireStepUp(tx, actor, "team_change");
}
