import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { wallets } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import type { Actor } from "../actor";
import { parseWalletName } from "./rules";

/** Names a wallet, for its person only. Fails with: name_invalid, not_found. */
export async function renameWallet(actor: Actor, { walletId, name: typed }: { walletId: string; name: string }): Promise<void> {
  const name = parseWalletName(typed);
  await db.transaction(async (tx) => {
    const own = and(eq(wallets.id, walletId), eq(wallets.userId, actor.userId));
    const [before] = await tx.select({ name: wallets.name }).from(wallets).where(own).for("update");
    if (!before) throw new DomainError("not_found");
    if (before.name === name) return;
    await tx.update(wallets).set({ name }).where(own);
    await recordAudit(tx, {
      action: "wallet.renamed",
      userId: actor.userId,
      resourceType: "wallet",
      resourceId: walletId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      oldValues: { name: before.name },
      newValues: { name },
    });
  });
}
