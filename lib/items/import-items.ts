import "server-only";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { storeItems } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";
import { lockItems } from "./lock-items";
import { priceLimitBrlCentavos } from "./price-limit";
import { readItemsFile } from "./read-file";
import { ITEMS_MAX, sameText, type ImportOutcome } from "./rules";

/**
 * A file's items into the catalogue, all of them or none: a name that is there gets the file's price, category and availability, others are
 * added at the end. `isPreview` says what would happen and writes nothing. The same file again changes nothing. Fails with not_found,
 * forbidden, too_large, file_invalid, items_limit, rate_unavailable; lines that are wrong come back with their numbers.
 */
export async function importItems(actor: Actor, { storeId, file, isPreview }: { storeId: string; file: Uint8Array; isPreview: boolean }): Promise<ImportOutcome> {
  await requirePermission(db, actor, storeId, "items.manage");
  const { items, badLines } = readItemsFile(file, await priceLimitBrlCentavos());
  if (badLines.length > 0) return { kind: "refused", badLines };
  return db.transaction(async (tx) => {
    const present = await lockItems(tx, storeId);
    const pairs = items.map((item) => ({ item, row: present.find(({ name }) => sameText(name, item.name)) }));
    const added = pairs.filter(({ row }) => !row);
    const updated = pairs.flatMap(({ item, row }) => (row && (row.priceBrlCentavos !== item.priceBrlCentavos || row.category !== item.category || row.isAvailable !== item.isAvailable) ? [{ item, row }] : []));
    if (present.length + added.length > ITEMS_MAX) throw new DomainError("items_limit");
    const counts = { added: added.length, updated: updated.length };
    if (isPreview) return { kind: "preview", ...counts };
    for (const { item, row } of updated) await tx.update(storeItems).set({ ...item, name: row.name, updatedAt: new Date() }).where(eq(storeItems.id, row.id));
    const last = present.at(-1)?.position ?? 0;
    if (added.length > 0) await tx.insert(storeItems).values(added.map(({ item }, at) => ({ id: newId(), storeId, ...item, position: last + 1 + at })));
    if (counts.added + counts.updated > 0) {
      await recordAudit(tx, { action: "items.imported", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, newValues: counts });
    }
    return { kind: "done", ...counts };
  });
}
