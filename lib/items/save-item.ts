import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { db } from "@/db/client";
import { storeItems } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { uniqueViolation } from "@/lib/stores/unique-violation";
import { requirePermission } from "@/lib/team/require-permission";
import { lockItems, type ItemRow } from "./lock-items";
import { assertPrice } from "./price-limit";
import { itemCategoryFromTyped, itemNameFromTyped, itemPriceFromTyped, ITEMS_MAX, sameText } from "./rules";

export type ItemInput = {
  storeId: string;
  /** The form's own id: a double tap makes one item, and the same form changes it later. */
  itemId: string;
  name: string;
  category: string;
  /** Centavos, typed from the right. */
  price: string;
};

/**
 * Adds an item at the end, or changes the one with this id. A removed one stays removed. Fails with not_found, forbidden, item_name_invalid,
 * item_category_invalid, amount_*, limit_payment, rate_unavailable, item_name_taken, items_limit.
 */
export async function saveItem(actor: Actor, input: ItemInput): Promise<void> {
  await requirePermission(db, actor, input.storeId, "items.manage");
  const facts = { name: itemNameFromTyped(input.name), category: itemCategoryFromTyped(input.category), priceBrlCentavos: itemPriceFromTyped(input.price) };
  await assertPrice(facts.priceBrlCentavos);
  try {
    await db.transaction(async (tx) => {
      const items = await lockItems(tx, input.storeId);
      const before = items.find(({ id }) => id === input.itemId);
      if (items.some(({ id, name }) => id !== input.itemId && sameText(name, facts.name))) throw new DomainError("item_name_taken");
      if (before && isSame(before, facts)) return;
      if (before) {
        await tx.update(storeItems).set({ ...facts, updatedAt: new Date() }).where(and(eq(storeItems.id, before.id), isNull(storeItems.removedAt)));
      } else {
        if (items.length >= ITEMS_MAX) throw new DomainError("items_limit");
        const [made] = await tx
          .insert(storeItems)
          .values({ id: input.itemId, storeId: input.storeId, ...facts, position: (items.at(-1)?.position ?? 0) + 1 })
          .onConflictDoNothing({ target: storeItems.id })
          .returning({ id: storeItems.id });
        // The id belongs to a removed item, or to another store's.
        if (!made) throw new DomainError("not_found");
      }
      await recordAudit(tx, {
        action: before ? "item.changed" : "item.added", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: input.storeId,
        ...(before ? { oldValues: audited(before) } : {}), newValues: audited(facts), metadata: { itemId: input.itemId },
      });
    });
  } catch (error) {
    if (uniqueViolation(error) === "store_items_name_key") throw new DomainError("item_name_taken");
    throw error;
  }
}

type Facts = Pick<ItemRow, "name" | "category" | "priceBrlCentavos">;
const isSame = (row: ItemRow, facts: Facts): boolean => row.name === facts.name && row.category === facts.category && row.priceBrlCentavos === facts.priceBrlCentavos;
const audited = ({ name, category, priceBrlCentavos }: Facts) => ({ name, category, priceBrlCentavos: priceBrlCentavos.toString() });
