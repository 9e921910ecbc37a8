import "server-only";
import { sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { recordAudit } from "@/lib/audit/record-audit";
import { DomainError } from "@/lib/errors";
import { hashSecret } from "./page-key";
import { readOwnPage } from "./queries";

/**
 * Gives the charge free that this page holds, by the browser that opened it: whoever changes the mind lets others pay. Safe to repeat. After a payment was
 * reported nothing is given free: the chain says what became of it. Answers the charge.
 * Fails with not_found (also a page without a charge), guest_payment_not_own.
 */
export async function releaseCharge(visitor: { ip: string | null; userAgent?: string | null }, { reference, secret }: { reference: string; secret: string }): Promise<{ chargeId: string }> {
  const page = await readOwnPage(reference, secret);
  const { chargeId } = page;
  if (chargeId === null) throw new DomainError("not_found");
  await db.transaction(async (tx) => {
    const [row] = await tx.execute<{ released: string | null }>(fragment`SELECT guest_charge_release(${reference}, ${hashSecret(secret)}) AS released`);
    if (!row?.released) return;
    await recordAudit(tx, {
      action: "guest_payment.charge_released", userId: page.userId, ip: visitor.ip, userAgent: visitor.userAgent ?? null, resourceType: "guest_payment", resourceId: page.id, newValues: { chargeId },
    });
  });
  return { chargeId };
}
