import { randomUUID } from "node:crypto";
import { db, sql } from "@/db/client";
import { charges, storeMembers, storeIdentities } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { createSubAccount } from "@/lib/avenia/accounts";
import { pay, type PayWay } from "@/lib/dev/avenia/payments";
import { newId } from "@/lib/ids";
import { askTillPix } from "@/lib/tillpix/ask-till-pix";
import { openTillPix } from "@/lib/tillpix/open-till-pix";
import type { AveniaWorld } from "./avenia-world";
import { makePerson } from "./factories";

/** Pix at the till is on for everybody. */
export const switchPixOn = () =>
  sql`INSERT INTO feature_flags (name, enabled, rules) VALUES ('till_pix', TRUE, '[]') ON CONFLICT (name) DO UPDATE SET enabled = TRUE, rules = '[]'`;

export type PixShop = { storeId: string; actor: Actor };

/** A store that the provider knows, with somebody of its team. */
export async function makePixShop(avenia: AveniaWorld, storeId: string, owner?: Actor): Promise<PixShop> {
  const actor = owner ?? (await makePerson({ name: "Bia" })).actor;
  if (!owner) await db.insert(storeMembers).values({ id: newId(), storeId, userId: actor.userId, role: "owner", acceptedAt: new Date() });
  const id = newId();
  const subAccountId = await createSubAccount(avenia.access, { accountType: "INDIVIDUAL", name: `Café ${id}` });
  const account = avenia.sandbox.world.state.subAccounts.find((one) => one.id === subAccountId);
  if (account) account.isIdentified = true;
  await db.insert(storeIdentities).values({ id, storeId, provider: "sandbox", status: "approved", askedBy: actor.userId, subAccountId });
  return { storeId, actor };
}

/** A charge that is open for ten minutes. */
export async function makeCharge({ storeId, actor }: PixShop, amountBrlCentavos = 10_000n, { minutes = 10, customerId = null }: { minutes?: number; customerId?: string | null } = {}): Promise<string> {
  const id = newId();
  await db.insert(charges).values({
    id, storeId, idempotencyKey: `${actor.userId}:${randomUUID()}`, requestFingerprint: "f", currency: "BRL", amountBrlCentavos, amountUsdMicros: (amountBrlCentavos * 10_000n * 10n) / 55n, brlPerUsdMicros: 5_500_000n,
    rateAt: new Date(), createdBy: actor.userId, customerId, expiresAt: new Date(Date.now() + minutes * 60_000),
  });
  return id;
}

/** A code that can be paid. */
export async function openPix(shop: PixShop, chargeId: string): Promise<string> {
  const { pixId } = await askTillPix(shop.actor, { storeId: shop.storeId, chargeId });
  await openTillPix(pixId);
  return pixId;
}

export const ticketsOf = (avenia: AveniaWorld, pixId: string) => avenia.sandbox.world.state.tickets.filter(({ externalId }) => externalId === pixId);

/** What somebody does with the code at a bank. */
export async function payAtBank(avenia: AveniaWorld, pixId: string, way: PayWay = "exact"): Promise<void> {
  const [ticket] = ticketsOf(avenia, pixId);
  if (!ticket) throw new Error("no such ticket");
  pay(avenia.sandbox.world, ticket, way);
  await Promise.all(avenia.sandbox.world.pending);
}

export type PixRow = {
  id: string; status: string; ticket_id: string | null; br_code: string | null; tx_hash: string | null; transaction_id: string | null; arrived_usd: string | null; failure: string | null; second_payment_at: Date | null;
  wallet_address: string | null; quoted_usd: string | null; claimed_by: string | null; reward_transaction_id: string | null; phone_hash: string | null; charge_id: string;
};
export async function pixRow(pixId: string): Promise<PixRow> {
  const [row] = await sql<PixRow[]>`SELECT p.*, p.arrived_usd::text, p.quoted_usd::text FROM till_pix p WHERE p.id = ${pixId}`;
  if (!row) throw new Error("no such Pix");
  return row;
}

export type SaleRow = { id: string; status: string; origin: string; from_user_id: string | null; amount_usd: string; brl: string; code: string; tokens_used: unknown; rewards_earned: { amount: string } | null; charge_transaction: string | null };
/** The payment of a till Pix and whether its charge holds it. */
export async function saleOf(pixId: string): Promise<SaleRow | undefined> {
  const [row] = await sql<SaleRow[]>`
    SELECT t.id, t.status, t.origin, t.from_user_id, t.amount_usd::text, t.amount_brl_centavos::text AS brl, t.confirmation_code AS code, t.tokens_used, t.rewards_earned, c.transaction_id AS charge_transaction
    FROM till_pix p JOIN transactions t ON t.id = p.transaction_id JOIN charges c ON c.id = p.charge_id WHERE p.id = ${pixId}`;
  return row;
}

export async function availableOf(storeId: string): Promise<{ units: bigint; usdMicros: bigint }> {
  const [row] = await sql<{ units: string; usd_micros: string }[]>`SELECT units::text, usd_micros::text FROM store_available(${storeId}, '84532')`;
  return { units: BigInt(row?.units ?? 0), usdMicros: BigInt(row?.usd_micros.replace(/\..*$/, "") ?? 0) };
}
