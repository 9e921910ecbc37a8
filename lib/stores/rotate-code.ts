import "server-only";
import { randomBytes } from "node:crypto";
import { and, count, eq, gt, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { storeCodes, stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { requirePermission } from "@/lib/team/require-permission";
import { tellTeam } from "@/lib/team/tell-team";
import { shortCodeFromBytes } from "./rules";
import { uniqueViolation } from "./unique-violation";

/** A new short code meets an old one once in a billion; three tries are plenty. */
const TRIES = 3;
const ROTATIONS_A_DAY_MAX = 10;

/**
 * Gives a store another short code, hence another QR and another tile. The old code leads nowhere to pay any more; whoever scans it is told that it
 * was replaced and led to the store's page; the others of the team are told. `from` is the code that the owner saw: a second tap, or another tab, changes it once.
 * Fails with: not_found, forbidden, too_many_requests.
 */
export async function rotateCode(actor: Actor, storeId: string, from: string): Promise<{ shortCode: string }> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      return await rotateOnce(actor, storeId, from);
    } catch (error) {
      if (uniqueViolation(error) === null) throw error;
    }
  }
  throw new DomainError("unavailable");
}

const rotateOnce = (actor: Actor, storeId: string, from: string) =>
  db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "settings.manage");
    const [store] = await tx.select({ name: stores.name, shortCode: stores.shortCode, qrVersion: stores.qrVersion }).from(stores).where(eq(stores.id, storeId)).for("no key update");
    invariant(store?.shortCode, `store ${storeId} has no short code`);
    if (store.shortCode !== from) return { shortCode: store.shortCode };
    const [lately] = await tx.select({ count: count() }).from(storeCodes).where(and(eq(storeCodes.storeId, storeId), gt(storeCodes.retiredAt, sql`now() - interval '1 day'`)));
    if (lately && lately.count >= ROTATIONS_A_DAY_MAX) throw new DomainError("too_many_requests", { seconds: 86_400 });

    const shortCode = shortCodeFromBytes(randomBytes(16));
    const qrVersion = (store.qrVersion ?? 1) + 1;
    await tx.update(storeCodes).set({ retiredAt: sql`now()` }).where(and(eq(storeCodes.shortCode, from), isNull(storeCodes.retiredAt)));
    await tx.insert(storeCodes).values({ shortCode, storeId });
    await tx.update(stores).set({ shortCode, qrVersion, qrCodeUrl: new URL(paths.qrImage(shortCode), env().APP_URL).href }).where(eq(stores.id, storeId));
    await recordAudit(tx, { action: "store.code_rotated", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, oldValues: { shortCode: from }, newValues: { shortCode, qrVersion } });
    await recordEvent(tx, { name: "store_code_rotated", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId } });
    await tellTeam(tx, actor, { storeId, storeName: store.name, kind: "store_code_changed" });
    return { shortCode };
  });
