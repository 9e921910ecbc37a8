import "server-only";
import { and, desc, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { consents } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { recordConsents } from "./record-consents";
import { CONSENT_VERSIONS, type OPTIONAL_CONSENTS } from "./rules";

/** Gives or withdraws what is the person's choice. Saying the same again writes nothing. */
export async function setConsent(actor: Actor, purpose: (typeof OPTIONAL_CONSENTS)[number], isGiven: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    const [newest] = await tx
      .select({ isGiven: consents.isGiven })
      .from(consents)
      .where(and(eq(consents.userId, actor.userId), eq(consents.purpose, purpose)))
      .orderBy(desc(consents.id))
      .limit(1);
    if ((newest?.isGiven ?? false) === isGiven) return;
    await recordConsents(tx, { userId: actor.userId, ip: actor.ip, purposes: [purpose], isGiven });
    await recordAudit(tx, {
      action: isGiven ? "consent.given" : "consent.withdrawn",
      userId: actor.userId,
      resourceType: "user",
      resourceId: actor.userId,
      ip: actor.ip,
      userAgent: actor.userAgent,
      newValues: { purpose, version: CONSENT_VERSIONS[purpose] },
    });
  });
}
