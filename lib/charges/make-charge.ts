import "server-only";
import { createHash } from "node:crypto";
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { charges, storeItems, stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { assertPayable } from "@/lib/limits/rules";
import { hintPerson } from "@/lib/live/hint-person";
import { centsFromTyped, decimalFromUsdMicros, type Currency } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { currentSeller } from "@/lib/team/current-seller";
import { personOfCode } from "@/lib/transfers/payee";
import { noteOf } from "@/lib/transfers/rules";
import { findTill } from "./tills";
import { CHARGE_LIFE_SECONDS, CHARGE_LINES_MAX, chargeAmounts, LINE_QUANTITY_MAX, sumOfLines, type ChargeLine } from "./rules";

export type NewCharge = {
  storeId: string;
  /** The till's key: one key is one charge of this member. */
  key: string;
  currency: Currency;
  /** The whole of it, as the button said it, and what of it was typed beside the items. */
  amountText: string;
  typedText: string;
  note: string;
  isTipAllowed: boolean;
  /** Items by id; their prices are the server's. */
  items: readonly { itemId: string; quantity: number }[];
  /** The code of a customer's own QR: nobody else may pay then. */
  customerCode: string | null;
  /** The till that this device keeps; the seller's own comes first. */
  tillId: string | null;
};

/**
 * Makes a charge at the present rate, which it keeps: store, amount, lines, who sells and at which till. Safe to repeat: one key is one charge.
 * Fails with not_found, forbidden (also what currentSeller fails with), store_closed, amount_*, limit_payment, note_too_long, rate_unavailable,
 * charge_items_changed (an item is gone, or has another price than the till shows), payee_unknown, idempotency_mismatch.
 */
export async function makeCharge(actor: Actor, input: NewCharge, now = new Date()): Promise<{ chargeId: string }> {
  const cents = centsFromTyped(input.amountText);
  if (cents === 0n) throw new DomainError("amount_missing");
  const note = noteOf(input.note);
  const { brlPerUsdMicros, quotedAt } = await currentRate(now);
  const amounts = chargeAmounts(cents, input.currency, brlPerUsdMicros);
  // What nobody could pay is not charged.
  assertPayable(amounts.amountUsdMicros);
  const fingerprint = createHash("sha256")
    .update(JSON.stringify(["charge/v1", input.storeId, input.currency, cents.toString(), note, input.isTipAllowed, input.items.map(({ itemId, quantity }) => [itemId, quantity]), input.customerCode]))
    .digest("hex");

  return db.transaction(async (tx) => {
    const seller = await currentSeller(tx, actor, input.storeId);
    const idempotencyKey = `${actor.userId}:${input.key}`;
    const [earlier] = await tx.select({ id: charges.id, fingerprint: charges.requestFingerprint }).from(charges).where(eq(charges.idempotencyKey, idempotencyKey));
    if (earlier) return repeated(earlier, fingerprint);

    const [store] = await tx.select({ closedAt: stores.closedAt }).from(stores).where(eq(stores.id, input.storeId));
    if (!store || store.closedAt) throw new DomainError("store_closed");
    const customer = input.customerCode === null ? null : await personOfCode(input.customerCode);
    const tillId = seller.tillId ?? (await findTill(tx, input.storeId, input.tillId));
    const id = newId();
    const [made] = await tx
      .insert(charges)
      .values({
        id,
        storeId: input.storeId,
        idempotencyKey,
        requestFingerprint: fingerprint,
        currency: input.currency,
        ...amounts,
        brlPerUsdMicros,
        rateAt: quotedAt,
        items: await linesOf(tx, input, cents),
        note,
        isTipAllowed: input.isTipAllowed,
        createdBy: seller.userId,
        tillId,
        sittingId: seller.sittingId,
        customerId: customer?.userId ?? null,
        expiresAt: sql`now() + make_interval(secs => ${CHARGE_LIFE_SECONDS})`,
      })
      .onConflictDoNothing({ target: charges.idempotencyKey })
      .returning({ id: charges.id });
    if (!made) {
      const [twin] = await tx.select({ id: charges.id, fingerprint: charges.requestFingerprint }).from(charges).where(eq(charges.idempotencyKey, idempotencyKey));
      invariant(twin, "a key that is taken has its charge");
      return repeated(twin, fingerprint);
    }
    await recordAudit(tx, {
      action: "charge.made", userId: seller.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "charge", resourceId: id,
      newValues: { store_id: input.storeId, amount_usd: decimalFromUsdMicros(amounts.amountUsdMicros), amount_brl_centavos: amounts.amountBrlCentavos.toString() },
    });
    await recordEvent(tx, {
      name: "charge_made", properties: { store_id: input.storeId, items: input.items.length, is_tip_allowed: input.isTipAllowed, has_customer: customer !== null },
      userId: seller.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent,
    });
    if (customer) await hintPerson(tx, customer.userId);
    return { chargeId: id };
  });
}

function repeated({ id, fingerprint }: { id: string; fingerprint: string }, wanted: string): { chargeId: string } {
  if (fingerprint !== wanted) throw new DomainError("idempotency_mismatch");
  return { chargeId: id };
}

/** The lines with the names and prices of this moment. They add up to the amount: what was typed beside the items is a line of its own. */
async function linesOf(tx: Tx, { storeId, currency, items, typedText }: NewCharge, cents: bigint): Promise<ChargeLine[] | null> {
  if (items.length === 0) return null;
  const isWellFormed = items.length <= CHARGE_LINES_MAX && new Set(items.map(({ itemId }) => itemId)).size === items.length && items.every(({ quantity }) => quantity >= 1 && quantity <= LINE_QUANTITY_MAX);
  // Items are priced in reais.
  if (!isWellFormed || currency !== "BRL") throw new DomainError("invalid_input");
  const rows = await tx
    .select({ id: storeItems.id, name: storeItems.name, priceBrlCentavos: storeItems.priceBrlCentavos })
    .from(storeItems)
    .where(and(eq(storeItems.storeId, storeId), inArray(storeItems.id, items.map(({ itemId }) => itemId)), eq(storeItems.isAvailable, true), isNull(storeItems.removedAt)));
  const lines = items.flatMap(({ itemId, quantity }): ChargeLine[] => {
    const item = rows.find(({ id }) => id === itemId);
    return item ? [{ itemId, name: item.name, quantity, unitBrlCentavos: item.priceBrlCentavos.toString() }] : [];
  });
  const typed = centsFromTyped(typedText);
  if (lines.length !== items.length || sumOfLines(lines) + typed !== cents) throw new DomainError("charge_items_changed");
  return typed === 0n ? lines : [...lines, { itemId: null, name: "", quantity: 1, unitBrlCentavos: typed.toString() }];
}
