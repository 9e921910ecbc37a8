import type { Sql } from "postgres";
import { v7 } from "uuid";

export type StoreDays = { storeId: string; name: string; saleId: string; today: string };

/** A code of a store that no other has. */
const shortCode = () => [...Array(6)].map(() => "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[Math.floor(Math.random() * 32)]).join("");

/**
 * A store of somebody's with a seller, two sales today (R$ 38,50 with a tip of R$ 3,50 by the seller at a till, R$ 21,50 by nobody), R$ 11,00 of the first
 * given back, and R$ 100,00 forty days ago. Written straight to the database, as the follower leaves it.
 */
export async function makeStoreDays(db: Sql, { ownerId, sellerId, sellerName = "Lucas" }: { ownerId: string; sellerId: string; sellerName?: string }): Promise<StoreDays> {
  const [storeId, tillId, chargeId, saleId, otherId, oldId, code] = [v7(), v7(), v7(), v7(), v7(), v7(), shortCode()];
  const name = `Padaria ${code}`;
  await db`INSERT INTO stores (id, name, symbol, category, address, deployment_status, short_code, reward_rate_bps, starts_at, time_zone, qr_version)
    VALUES (${storeId}, ${name}, ${code.replace(/\d/g, "X") + shortCode().replace(/\d/g, "X").slice(0, 4)}, 'cafe', 'Centro', 'deployed', ${code}, 500, now() - INTERVAL '60 days', 'America/Sao_Paulo', 1)`;
  await db`INSERT INTO store_codes (short_code, store_id) VALUES (${code}, ${storeId})`;
  await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${ownerId}, 'owner', now()), (${storeId}, ${sellerId}, 'staff', now())`;
  await db`UPDATE users SET name = ${sellerName} WHERE id = ${sellerId}`;
  await db`INSERT INTO tills (id, store_id, name, created_by) VALUES (${tillId}, ${storeId}, 'Balcão', ${ownerId})`;
  const sale = (id: string, brl: number, at: string, charge: string | null, tip: number) => db`
    INSERT INTO transactions (id, store_id, type, status, amount_usd, chain_id, confirmation_code, amount_brl_centavos, brl_per_usd, rate_at, charge_id, tip_usd, tip_brl_centavos, created_at, confirmed_at)
    VALUES (${id}, ${storeId}, 'payment', 'confirmed', ${brl} / 550.0, '84532', ${shortCode()}, ${brl}, 5.5, now(), ${charge}, ${tip} / 550.0, ${tip}, ${at}::text::timestamptz, ${at}::text::timestamptz)`;
  const now = new Date().toISOString();
  await db`INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, items, created_by, till_id, expires_at)
    VALUES (${chargeId}, ${storeId}, ${chargeId}, 'e2e', 'BRL', 3500, 6.363636, 5.5, now(), ${db.json([{ itemId: v7(), name: "Pão na chapa", quantity: 2, unitBrlCentavos: "1750" }])}, ${sellerId}, ${tillId}, now())`;
  await sale(saleId, 3_850, now, chargeId, 350);
  await db`UPDATE charges SET transaction_id = ${saleId} WHERE id = ${chargeId}`;
  await sale(otherId, 2_150, now, null, 0);
  await sale(oldId, 10_000, new Date(Date.now() - 40 * 86_400_000).toISOString(), null, 0);
  await db`INSERT INTO refunds (id, store_id, original_transaction_id, idempotency_key, request_fingerprint, status, amount_usd, amount_brl_centavos, reason, reward_units, returned_units, payee_address, requested_by, completed_at)
    VALUES (${v7()}, ${storeId}, ${saleId}, ${v7()}, 'e2e', 'refunded', 2, 1100, '=1+1 <b>errado</b>', 0, 0, '0x0000000000000000000000000000000000000001', ${ownerId}, now())`;
  const [row] = await db<{ today: string }[]>`SELECT (now() AT TIME ZONE 'America/Sao_Paulo')::date::text AS today`;
  return { storeId, name, saleId, today: row?.today ?? "" };
}
