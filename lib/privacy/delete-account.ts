import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { consents, users } from "@/db/schema";
import { forgetOwners } from "@/lib/accounts/forget-owners";
import { forgetPerson } from "@/lib/analytics/forget-person";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { erasePerson } from "@/lib/auth/erase-person";
import { requireStepUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { eraseIdentity } from "@/lib/identity/erase-identity";
import { enqueue } from "@/lib/jobs/enqueue";
import { eraseMessages } from "@/lib/notifications/erase-messages";
import { cancelClaimsOf } from "@/lib/recovery/cancel-claims";
import { forgetBackups } from "@/lib/recovery/remove-backup";
import { forgetReceiptLinks } from "@/lib/receipts/forget-receipt-links";
import { forgetTillPhones } from "@/lib/tillpix/forget-phone";
import { leaveAllTeams } from "@/lib/team/transfer-ownership";
import { whatIsLeft } from "./queries";

/**
 * Deletes an account: ends every session, erases what tells who it was, and keeps the payments without the name, as the law asks. The
 * phone may sign up anew as a new person. The server's key is destroyed, so money that was given up can't be moved by anybody; money of
 * an account that the person took over stays where it is, under the person's own keys.
 * Fails with: step_up_required, step_up_waiting, stores_owned, payments_open, balance_left (something is left and not given up).
 */
export async function deleteAccount(actor: Actor, { givesUpBalance }: { givesUpBalance: boolean }): Promise<void> {
  await db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "account_deletion");
    const phone = await lockPerson(tx, actor.userId);
    const left = await whatIsLeft(actor, tx);
    if (left.ownedStores.length > 0) throw new DomainError("stores_owned");
    if (left.hasOpenPayments) throw new DomainError("payments_open");
    if (left.hasBalance && !givesUpBalance) throw new DomainError("balance_left", { amountUsdMicros: left.balanceUsdMicros.toString() });

    await cancelClaimsOf(tx, actor.userId);
    await forgetBackups(tx, { userId: actor.userId, phone });
    await leaveAllTeams(tx, { userId: actor.userId, phone });
    await eraseMessages(tx, { userId: actor.userId, phone });
    await forgetReceiptLinks(tx, actor.userId);
    await forgetPerson(tx, actor.userId);
    await forgetOwners(tx, actor.userId);
    await eraseIdentity(tx, actor.userId);
    await forgetTillPhones(tx, { userId: actor.userId, phone });
    await tx.update(consents).set({ ipHash: null }).where(eq(consents.userId, actor.userId));
    await erasePerson(tx, { userId: actor.userId, phone });
    // Without address and device: the trail is kept, and this line should say no more than that it happened.
    await recordAudit(tx, { action: "user.deleted", userId: actor.userId, resourceType: "user", resourceId: actor.userId, newValues: { gaveUpUsdMicros: left.hasBalance ? left.balanceUsdMicros.toString() : "0", custody: left.custody } });
    await enqueue(tx, "accounts.discard_key", { userId: actor.userId }, { key: `accounts.discard_key:${actor.userId}` });
  });
}

/** The phone as the row has it now; a second deletion at once finds none. */
async function lockPerson(tx: Tx, userId: string): Promise<string> {
  const [person] = await tx.select({ phone: users.phone }).from(users).where(and(eq(users.id, userId), sql`${users.deletedAt} IS NULL`)).for("update");
  if (!person) throw new DomainError("signed_out");
  return person.phone;
}
