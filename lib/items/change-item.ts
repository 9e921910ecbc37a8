import "server-only";
import { eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { storeItems } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { requirePermission } from "@/lib/team/require-permission";
import { lockItems, type ItemRow } from "./lock-items";
import { movedOrder, type Move } from "./rules";

type Which = { storeId: string; itemId: string };

/** Takes an item out of the catalogue; charges that named it keep its name and price. Safe to repeat. Fails with not_found, forbidden. */
export async function removeItem(actor: Actor, which: Which): Promise<void> {
  await change(actor, which, async (tx, item) => {
    await tx.update(storeItems).set({ removedAt: new Date(), updatedAt: new Date() }).where(eq(storeItems.id, item.id));
    await audit(tx, actor, which, "item.removed", { name: item.name });
  });
}

/** Says whether an item can be sold now. Safe to repeat. Fails with not_found, forbidden. */
export async function setAvailable(actor: Actor, { isAvailable, ...which }: Which & { isAvailable: boolean }): Promise<void> {
  await change(actor, which, async (tx, item) => {
    if (item.isAvailable === isAvailable) return;
    await tx.update(storeItems).set({ isAvailable, updatedAt: new Date() }).where(eq(storeItems.id, item.id));
    await audit(tx, actor, which, "item.changed", { name: item.name, isAvailable });
  });
}

/** Moves an item one place up or down within its category; at the end nothing happens. Fails with not_found, forbidden. */
export async function moveItem(actor: Actor, { move, ...which }: Which & { move: Move }): Promise<void> {
  await change(actor, which, async (tx, item, items) => {
    const order = movedOrder(items, item.id, move);
    const moved = order.filter((id, at) => id !== items[at]?.id);
    if (moved.length === 0) return;
    // Positions may have gaps or twins after an import: every item gets the place that the screen shows.
    const places = sql.join(order.map((id, at) => sql`(${id}::uuid, ${at + 1}::int)`), sql`, `);
    await tx.execute(sql`UPDATE store_items AS i SET position = p.place FROM (VALUES ${places}) AS p(id, place) WHERE i.id = p.id AND i.position <> p.place`);
    await audit(tx, actor, which, "item.changed", { name: item.name, move });
  });
}

async function change(actor: Actor, { storeId, itemId }: Which, run: (tx: Tx, item: ItemRow, items: ItemRow[]) => Promise<void>): Promise<void> {
  await requirePermission(db, actor, storeId, "items.manage");
  await db.transaction(async (tx) => {
    const items = await lockItems(tx, storeId);
    const item = items.find(({ id }) => id === itemId);
    if (item) return run(tx, item, items);
    const [removed] = await tx.select({ storeId: storeItems.storeId }).from(storeItems).where(eq(storeItems.id, itemId));
    if (removed?.storeId !== storeId) throw new DomainError("not_found");
  });
}

const audit = (tx: Tx, actor: Actor, { storeId, itemId }: Which, action: "item.removed" | "item.changed", newValues: Record<string, unknown>) =>
  recordAudit(tx, { action, userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, newValues, metadata: { itemId } });
