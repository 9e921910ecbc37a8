import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { addressGroup } from "@/lib/auth/client-address";
import { db } from "@/db/client";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { paths } from "@/lib/paths";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { getStoreIdentity, storeIdentityOf } from "@/lib/store-identity/queries";
import type { StoreIdentityView } from "@/lib/store-identity/rules";
import { requirePermission } from "@/lib/team/require-permission";
import { phoneHashOf } from "@/lib/transfers/payee";
import { isTillPixOffered } from "./offered";
import { isPixMoving, PHONE_CHANGES_MAX, PIX_SECRET, pixRewardStateOf, shownPixOf, tillSees, type PixRewardState, type ShownTillPix, type TillPixStatus, type TillPixView } from "./rules";
import { hashPixSecret, pixSecretOf } from "./secret";

type Row = {
  id: string; store_id: string; status: TillPixStatus; payment: "pending" | "confirmed" | "failed" | null; amount_brl_centavos: string; quoted_usd: string | null; arrived_usd: string | null;
  br_code: string | null; expires_at: Date | null; second_payment_at: Date | null; phone_hash: string | null; phone_shown: string | null; phone_changes: number; claimed_by: string | null;
  reward_units: string | null; reward_usd: string | null; transfer: "pending" | "confirmed" | "failed" | null; code: string | null; created_at: Date; confirmed_at: Date | null; transaction_id: string | null;
};

const rows = (where: ReturnType<typeof sql>) => sql<Row[]>`
  SELECT p.id, p.store_id, p.status, t.status AS payment, p.amount_brl_centavos::text, p.quoted_usd::text, p.arrived_usd::text, p.br_code, p.expires_at, p.second_payment_at,
         p.phone_hash, p.phone_shown, p.phone_changes, p.claimed_by, t.rewards_earned->>'amount' AS reward_units, t.rewards_earned->>'amount_usd' AS reward_usd, r.status AS transfer,
         t.confirmation_code AS code, p.created_at, t.confirmed_at, p.transaction_id
  FROM till_pix p LEFT JOIN transactions t ON t.id = p.transaction_id LEFT JOIN transactions r ON r.id = p.reward_transaction_id
  WHERE ${where}`;

const shownIn = (row: Row, now: Date): ShownTillPix => shownPixOf({ status: row.status, payment: row.payment, expiresAt: row.expires_at }, now);
const rewardIn = (row: Row): PixRewardState =>
  pixRewardStateOf({ isPaid: row.payment === "confirmed", units: BigInt(row.reward_units ?? 0), hasPhone: row.phone_hash !== null, isClaimed: row.claimed_by !== null, transfer: row.transfer });
const microsOf = (decimal: string | null): string | null => (decimal === null ? null : usdMicrosFromDecimal(decimal).toString());

/** Whether the till offers Pix beside our QR, for this member and store now. Fails with not_found. */
export async function isPixReadyAt(actor: Pick<Actor, "userId">, storeId: string): Promise<boolean> {
  await requirePermission(db, actor, storeId, "charges.make");
  return (await isTillPixOffered(actor.userId)) && (await storeIdentityOf(storeId))?.status === "approved";
}

/** A charge's Pix as its till shows it; null before one was asked for. Fails with not_found, forbidden. */
export async function getTillPix(actor: Pick<Actor, "userId" | "ip">, { storeId, chargeId }: { storeId: string; chargeId: string }, now = new Date()): Promise<TillPixView | null> {
  await requirePermission(db, actor, storeId, "charges.make");
  if (!isId(chargeId)) throw new DomainError("not_found");
  const [row] = await rows(sql`p.charge_id = ${chargeId} AND p.store_id = ${storeId}`);
  return row ? viewOf(row, now) : null;
}

function viewOf(row: Row, now: Date): TillPixView {
  const shown = shownIn(row, now);
  const { TOPUP_PROVIDER, AVENIA_BASE_URL, APP_URL } = env();
  const secondsLeft = row.expires_at ? Math.max(0, Math.ceil((row.expires_at.getTime() - now.getTime()) / 1000)) : 0;
  return {
    id: row.id,
    shown,
    amountBrlCentavos: row.amount_brl_centavos,
    quotedUsdMicros: microsOf(row.quoted_usd),
    arrivedUsdMicros: microsOf(row.arrived_usd),
    code: shown === "open" && row.br_code ? { brCode: row.br_code, secondsLeft, bankUrl: TOPUP_PROVIDER === "sandbox" && AVENIA_BASE_URL ? `${AVENIA_BASE_URL}/__sandbox/pay?brcode=${encodeURIComponent(row.br_code)}` : null } : null,
    hasSecondPayment: row.second_payment_at !== null,
    reward: { state: tillSees(rewardIn(row)), phoneShown: row.phone_shown, mayChange: row.claimed_by === null && row.phone_changes < PHONE_CHANGES_MAX },
    receiptUrl: new URL(paths.pixReceipt(pixSecretOf(row.id)), APP_URL).href,
    isMoving: isPixMoving(shown, row.expires_at, now),
  };
}

const PAGE = 30;
export type TillPixLine = TillPixView & { code6: string | null; createdAt: Date };
export type StorePixPage = {
  isOffered: boolean;
  identity: StoreIdentityView;
  items: TillPixLine[];
  next: string | null;
};

/** The store's own page of Pix: where it stands with the provider, and every code by state, newest first. Fails with not_found, forbidden. */
export async function getStorePix(actor: Actor, storeId: string, { before }: { before?: string } = {}, now = new Date()): Promise<StorePixPage> {
  await requirePermission(db, actor, storeId, "payments.view_all");
  if (before !== undefined && !isId(before)) throw new DomainError("not_found");
  const [isOffered, identity, list] = await Promise.all([
    isTillPixOffered(actor.userId),
    getStoreIdentity(storeId),
    rows(sql`p.store_id = ${storeId} ${before ? sql`AND p.id < ${before}` : sql``} ORDER BY p.id DESC LIMIT ${PAGE + 1}`),
  ]);
  return {
    isOffered,
    identity,
    items: list.slice(0, PAGE).map((row) => ({ ...viewOf(row, now), code6: row.payment === "confirmed" ? row.code : null, createdAt: row.created_at })),
    next: list.length > PAGE ? (list[PAGE - 1]?.id ?? null) : null,
  };
}

export type PixReceipt = {
  shown: ShownTillPix;
  store: { id: string; name: string; place: string | null; qrVersion: number; timeZone: string; legalName: string | null; cnpj: string | null };
  amountBrlCentavos: bigint;
  at: Date;
  code: string | null;
  isMoving: boolean;
  /** `theirs`: who looks may take it, or has it. */
  reward: { state: PixRewardState; usdMicros: bigint | null; phoneShown: string | null; isTheirs: boolean; mayNote: boolean };
};

/** A sale's page for its customer, by its secret. Wrong and malformed secrets are one answer. Fails with not_found, too_many_requests. */
export async function openPixReceipt(visitor: { ip: string | null }, person: { userId: string; phone: string } | null, secret: string, now = new Date()): Promise<PixReceipt> {
  await consumeLimit(db, "receipt_link_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  if (!PIX_SECRET.test(secret)) throw new DomainError("not_found");
  const [row] = await rows(sql`p.secret_hash = ${hashPixSecret(secret)}`);
  const [store] = row
    ? await sql<{ id: string; name: string; address: string | null; qr_version: number | null; time_zone: string | null; legal_name: string | null; cnpj: string | null }[]>`
        SELECT id, name, address, qr_version, time_zone, legal_name, cnpj FROM stores WHERE id = ${row.store_id}`
    : [];
  if (!row || !store) throw new DomainError("not_found");
  const shown = shownIn(row, now);
  const isTheirs = person !== null && (row.claimed_by === person.userId || (row.claimed_by === null && (row.phone_hash === null || row.phone_hash === phoneHashOf(person.phone))));
  return {
    shown,
    store: { id: store.id, name: store.name, place: store.address, qrVersion: store.qr_version ?? 1, timeZone: store.time_zone ?? "America/Sao_Paulo", legalName: store.legal_name, cnpj: store.cnpj },
    amountBrlCentavos: BigInt(row.amount_brl_centavos),
    at: row.confirmed_at ?? row.created_at,
    code: shown === "done" ? row.code : null,
    isMoving: isPixMoving(shown, row.expires_at, now),
    reward: {
      // Whether the phone's holder has an account is for the holder alone.
      state: isTheirs ? rewardIn(row) : tillSees(rewardIn(row)),
      usdMicros: row.reward_usd === null ? null : usdMicrosFromDecimal(row.reward_usd),
      phoneShown: row.phone_shown,
      isTheirs,
      mayNote: row.claimed_by === null && row.phone_changes < PHONE_CHANGES_MAX,
    },
  };
}
