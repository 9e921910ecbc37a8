import "server-only";
import { and, asc, eq, isNull } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { storeItems } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";
import { chargeOf, chargeRows, findCharge, type Charge, type ChargeRow } from "./payable-charge";
import { CHARGE_LIFE_SECONDS } from "./rules";

/** What a charge's link shows. What was sold, and who was first, are for people who are signed in. */
export type ChargePage = {
  charge: Charge;
  /** Meant for another customer: neither amount nor what was sold is this person's to see. */
  isForOther: boolean;
  /** Paid, or being paid, by this very person. */
  isPaidByMe: boolean;
  /** The page of this browser's own wallet, where that pays or paid the charge. */
  ownWalletReference: string | null;
  /** Who was first, for whoever came second; null for strangers and for people who hide the name. */
  firstName: string | null;
};

/** A charge for whoever opened its link; `walletReference` is the page that this browser opened for it. Fails with not_found. */
export async function getChargePage(chargeId: string, person: { userId: string } | null, now = new Date(), walletReference: string | null = null): Promise<ChargePage> {
  const charge = await findCharge(chargeId, now);
  const isPaidByMe = charge.payment !== null && charge.payment.payerId === person?.userId;
  return {
    charge,
    isForOther: charge.customerId !== null && person !== null && charge.customerId !== person.userId,
    isPaidByMe,
    ownWalletReference: charge.walletReference !== null && charge.walletReference === walletReference && charge.state !== "open" ? walletReference : null,
    firstName: person && !isPaidByMe ? (charge.payment?.payerName ?? null) : null,
  };
}

/** More than one till asks of one person in ten minutes. */
const WAITING_MAX = 5;

/** Charges that tills made for this person and that wait for the own confirmation, newest first. */
export async function chargesWaitingFor({ userId }: { userId: string }, now = new Date()): Promise<(Charge & { storeName: string; qrVersion: number })[]> {
  const rows = await sql<(ChargeRow & { store_name: string; qr_version: number | null })[]>`
    SELECT c.*, s.name AS store_name, s.qr_version FROM (
      ${chargeRows()} WHERE c.customer_id = ${userId} AND c.cancelled_at IS NULL AND c.expires_at > ${now} ORDER BY c.id DESC LIMIT ${WAITING_MAX}
    ) c JOIN stores s ON s.id = c.store_id ORDER BY c.id DESC`;
  return rows.map((row) => ({ ...chargeOf(row, now), storeName: row.store_name, qrVersion: row.qr_version ?? 1 })).filter(({ state }) => state === "open");
}

/** One charge of a store, for its till. Fails with not_found (also another store's), forbidden. */
export async function getTillCharge(actor: Actor, { storeId, chargeId }: { storeId: string; chargeId: string }, now = new Date()): Promise<Charge> {
  await requirePermission(db, actor, storeId, "till.use");
  const charge = await findCharge(chargeId, now);
  if (charge.storeId !== storeId) throw new DomainError("not_found");
  return charge;
}

/** The charges of a store that can still be paid, newest first: what an opened till finds. Fails with not_found, forbidden. */
export async function openCharges(actor: Actor, storeId: string, now = new Date()): Promise<Charge[]> {
  await requirePermission(db, actor, storeId, "till.use");
  const rows = await sql<ChargeRow[]>`
    ${chargeRows()} WHERE c.store_id = ${storeId} AND c.created_at > ${new Date(now.getTime() - CHARGE_LIFE_SECONDS * 1000)} AND c.cancelled_at IS NULL AND c.expires_at > ${now} ORDER BY c.id DESC LIMIT 20`;
  return rows.map((row) => chargeOf(row, now)).filter(({ state }) => state === "open");
}

/** An item that a till adds with one tap. JSON: centavos as text. */
export type QuickItem = { id: string; name: string; category: string | null; priceBrlCentavos: string };

const QUICK_ITEMS_MAX = 200;

/** What the store sells now, in its own order. Fails with not_found, forbidden. */
export async function quickItems(actor: Actor, storeId: string): Promise<QuickItem[]> {
  await requirePermission(db, actor, storeId, "till.use");
  const rows = isId(storeId)
    ? await db
        .select({ id: storeItems.id, name: storeItems.name, category: storeItems.category, priceBrlCentavos: storeItems.priceBrlCentavos })
        .from(storeItems)
        .where(and(eq(storeItems.storeId, storeId), eq(storeItems.isAvailable, true), isNull(storeItems.removedAt)))
        .orderBy(asc(storeItems.position), asc(storeItems.id))
        .limit(QUICK_ITEMS_MAX)
    : [];
  return rows.map((row) => ({ ...row, priceBrlCentavos: row.priceBrlCentavos.toString() }));
}
