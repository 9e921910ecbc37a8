import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { users, wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { warnPerson } from "@/lib/notifications/warn-person";
import type { Actor } from "../actor";
import { requireStepUp } from "../step-up";
import { usableOwners } from "./queries";

/**
 * Takes a wallet off the account: it signs in and confirms no more. It stays an owner on chain if it is one; that ends in Custody.
 * Fails with: not_found, step_up_required, step_up_waiting, last_way_in (nothing else could move the person's money).
 */
export async function unlinkWallet(actor: Actor, { walletId }: { walletId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    // Two removals at once must not each count on the other's wallet.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, actor.userId)).for("no key update");
    const [wallet] = await tx.select({ address: wallets.address, name: wallets.name }).from(wallets).where(and(eq(wallets.id, walletId), eq(wallets.userId, actor.userId)));
    if (!wallet) throw new DomainError("not_found");
    const owners = await usableOwners(tx, actor.userId);
    if (owners.includes(wallet.address) && owners.length === 1) throw new DomainError("last_way_in");
    await requireStepUp(tx, actor, "wallets");
    await tx.delete(wallets).where(eq(wallets.id, walletId));
    await recordAudit(tx, {
      action: "wallet.unlinked",
      userId: actor.userId,
      resourceType: "wallet",
      resourceId: walletId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      oldValues: { address: wallet.address, name: wallet.name },
    });
    await warnPerson(tx, { userId: actor.userId, kind: "wallet_unlinked", sessionId: actor.sessionId });
  });
}
