import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { topUps } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { decimalFromUsdMicros } from "@/lib/money";

/**
 * Says yes to the price that was shown: the worker fixes one that brings at least its minimum and gets the code. Safe to repeat; a price that
 * was replaced meanwhile is not the one that was said yes to. Fails with not_found, quote_moved.
 */
export async function confirmTopUp(actor: Actor, input: { topUpId: string; minimumUsdMicros: string }): Promise<void> {
  if (!isId(input.topUpId)) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [topUp] = await tx.select().from(topUps).where(and(eq(topUps.id, input.topUpId), eq(topUps.userId, actor.userId))).for("no key update");
    if (!topUp) throw new DomainError("not_found");
    if (topUp.status !== "quoted" || topUp.confirmedAt) return;
    if (topUp.minimumUsdMicros?.toString() !== input.minimumUsdMicros) throw new DomainError("quote_moved");
    await tx.update(topUps).set({ confirmedAt: new Date() }).where(eq(topUps.id, topUp.id));
    await recordAudit(tx, {
      action: "top_up.confirmed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "top_up", resourceId: topUp.id,
      newValues: { amountBrlCentavos: topUp.amountBrlCentavos.toString(), minimumUsd: decimalFromUsdMicros(topUp.minimumUsdMicros) },
    });
    await enqueue(tx, "topups.open", { topUpId: topUp.id }, { key: `topups.open:${topUp.id}` });
  });
}
