import type { Sql } from "postgres";

export type StoreData = { stores: number; people: number; payments: number };

/** A thing's share of the whole at a scale, never none. */
const scaled = (whole: number, scale: number, least: number) => Math.max(least, Math.round(whole * scale));
/** What the issue names: 2,000 stores, 200,000 people, 2,000,000 payments, or a share of it for trying. */
export const storeDataAt = (scale: number): StoreData => ({ stores: scaled(2_000, scale, 40), people: scaled(200_000, scale, 500), payments: scaled(2_000_000, scale, 5_000) });

/** Ids that a benchmark can name: the n-th store, person or till. */
export const idOf = (kind: "store" | "person" | "till", number: number): string => `0190f5fe-${{ store: "0001", person: "0002", till: "0003" }[kind]}-7000-8000-${number.toString(16).padStart(12, "0")}`;
const sqlId = (kind: "store" | "person" | "till", number: string) => `('0190f5fe-${{ store: "0001", person: "0002", till: "0003" }[kind]}-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** A UUIDv7 of a moment, so that lists by key find payments in the order of their time. */
const sqlIdAt = (at: string, number: string) => `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${number} || 'a'), 1, 3) || '8' || substr(md5(${number} || 'b'), 1, 15))::uuid`;

/** A confirmation code that no other payment has: the number, mixed, in the alphabet of codes. */
const sqlCode = (number: string) => {
  const mixed = `((${number}::bigint * 611953 + 7919) % 1073741824)`;
  return [0, 5, 10, 15, 20, 25].map((shift) => `substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', ((${mixed} >> ${shift}) & 31)::int + 1, 1)`).join(" || ");
};

/**
 * Stores round Florianópolis, people, and a year of payments between them, the last today: one store has 8 %, nine have 1 % each, the others share the
 * rest. Every fifth was charged by one of two people at a till, every tenth with items, every twentieth has a tip; one in a hundred was refunded. In
 * one session without triggers and foreign keys, the indexes of payments made afterwards.
 */
export async function fillStores(sql: Sql, { stores, people, payments }: StoreData): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'; SELECT setseed(0.42)");
    await tx.unsafe(`
      INSERT INTO users (id, phone, name, preferred_chain_id, created_at) SELECT ${sqlId("person", "n")}, '+5548' || lpad(n::text, 9, '0'), 'Pessoa ' || n, '84532', now() - INTERVAL '400 days' FROM generate_series(1, ${people}) n;
      INSERT INTO stores (id, name, symbol, category, address, latitude, longitude, deployment_status, short_code, reward_rate_bps, starts_at, time_zone, qr_version, created_at)
      SELECT ${sqlId("store", "n")}, 'Loja ' || n, translate(lpad(n::text, 8, '0'), '0123456789', 'ABCDEFGHIJ'), 'cafe', 'Rua ' || n || ', Florianópolis', -27.6 + (random() - .5) * .6, -48.5 + (random() - .5) * .4,
             'deployed', translate(lpad(n::text, 6, '0'), '0123456789', 'ABCDEFGHJK'), 500, now() - INTERVAL '400 days', 'America/Sao_Paulo', 1, now() - INTERVAL '400 days' FROM generate_series(1, ${stores}) n;
      INSERT INTO store_codes (short_code, store_id) SELECT short_code, id FROM stores;
      INSERT INTO store_members (store_id, user_id, role, accepted_at) SELECT ${sqlId("store", "n")}, ${sqlId("person", "n")}, 'owner', now() FROM generate_series(1, ${stores}) n;
      INSERT INTO store_deployments (id, store_id, chain_id, project_id, token_address, terminal_address, status, deployed_at)
      SELECT gen_random_uuid(), ${sqlId("store", "n")}, '84532', 1000 + n, '0x' || lpad(to_hex(n), 40, '0'), '0x' || lpad(to_hex(n), 40, 'a'), 'deployed', now() - INTERVAL '400 days' FROM generate_series(1, ${stores}) n;
      INSERT INTO tills (id, store_id, name, created_by) SELECT ${sqlId("till", "n")}, ${sqlId("store", "n")}, 'Caixa 1', ${sqlId("person", "n")} FROM generate_series(1, ${stores}) n`);
    const indexes = await tx<{ name: string; definition: string }[]>`
      SELECT i.indexname AS name, i.indexdef AS definition FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = 'transactions' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`;
    for (const { name } of indexes) await tx.unsafe(`DROP INDEX public."${name}"`);
    await tx.unsafe(paymentsSql({ first: 1, last: payments, store: sqlId("store", `CASE WHEN r < .08 OR ${stores} < 11 THEN 1 WHEN r < .17 THEN 2 + floor(random() * 9)::int ELSE 11 + floor(random() * (${stores} - 10))::int END`), people }));
    for (const { definition } of indexes) await tx.unsafe(definition);
    await tx.unsafe(`
      INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, items, created_by, till_id, transaction_id, expires_at, created_at)
      SELECT t.charge_id, t.store_id, t.charge_id::text, 'bench', 'BRL', t.amount_brl_centavos, t.amount_usd, 5.5, t.created_at,
             CASE WHEN t.amount_brl_centavos % 2 = 0 THEN jsonb_build_array(jsonb_build_object('itemId', ${sqlId("till", "(t.amount_brl_centavos % 8)::int")}, 'name', 'Item ' || t.amount_brl_centavos % 8, 'quantity', 1, 'unitBrlCentavos', t.amount_brl_centavos::text)) END,
             m.user_id, CASE WHEN t.amount_brl_centavos % 3 > 0 THEN l.id END, t.id, t.created_at, t.created_at
      FROM transactions t JOIN store_members m ON m.store_id = t.store_id JOIN tills l ON l.store_id = t.store_id WHERE t.charge_id IS NOT NULL;
      INSERT INTO refunds (id, store_id, original_transaction_id, idempotency_key, request_fingerprint, status, amount_usd, amount_brl_centavos, reason, reward_units, returned_units, payee_address, requested_by, completed_at, created_at)
      SELECT gen_random_uuid(), t.store_id, t.id, t.id::text, 'bench', 'refunded', t.amount_usd, t.amount_brl_centavos, 'Pedido errado', 0, 0, '0x0', m.user_id, t.confirmed_at + INTERVAL '10 minutes', t.confirmed_at
      FROM transactions t JOIN store_members m ON m.store_id = t.store_id WHERE t.amount_brl_centavos % 100 = 7;
      INSERT INTO store_customers (store_id, user_id, first_paid_at) SELECT store_id, from_user_id, min(confirmed_at) FROM transactions WHERE from_user_id IS NOT NULL GROUP BY 1, 2;
      INSERT INTO store_stats_changes (store_id, hour) SELECT store_id, date_trunc('hour', confirmed_at, 'UTC') FROM transactions UNION SELECT store_id, date_trunc('hour', completed_at, 'UTC') FROM refunds;
      INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, block_number) SELECT id, '84532', 1000000000, 1000000000000000000000000, 0, 0, 0, 1 FROM stores`);
  });
  // Sees to it that an index alone answers where it can.
  await sql.unsafe("VACUUM ANALYZE");
}

/** Payments in the order of their time: a year of days from eleven to twenty-three hours UTC, the last one today before now. */
const paymentsSql = ({ first, last, store, people }: { first: number; last: number; store: string; people: number }) => `
  INSERT INTO transactions (id, from_user_id, store_id, type, status, amount_usd, tokens_used, rewards_earned, chain_id, tx_hash, block_number, confirmation_code, created_at, confirmed_at,
    amount_brl_centavos, brl_per_usd, rate_at, charge_id, tip_usd, tip_brl_centavos)
  SELECT ${sqlIdAt("at", "n")}, payer, store, 'payment', 'confirmed', round(brl / 550.0, 6),
         jsonb_build_array(jsonb_build_object('token_address', '0x036cbd53842c5426634e7929541ec2318f3dcf7e', 'amount', (brl * 1818)::text, 'amount_usd', round(brl / 550.0, 6)::text, 'store_id', NULL)),
         jsonb_build_object('token_address', '0x0', 'amount', (brl * 91)::text || '000000000000', 'amount_usd', round(brl / 11000.0, 6)::text, 'store_id', store),
         '84532', '0x' || md5(n::text) || md5(n || 'x'), n, ${sqlCode("n")}, at, at + INTERVAL '1 second', brl, 5.5, at - INTERVAL '1 minute',
         CASE WHEN n % 5 = 0 THEN ${sqlIdAt("at", "(n || 'c')")} END, CASE WHEN n % 20 = 0 THEN round(brl / 5500.0, 6) END, CASE WHEN n % 20 = 0 THEN brl / 10 END
  FROM (
    SELECT n, least(at, now() - INTERVAL '2 seconds') AS at, ${store} AS store, ${sqlId("person", `1 + floor(random() * ${people})::int`)} AS payer, (500 + floor(random() * 9500))::bigint AS brl
    FROM (
      SELECT n, random() AS r, date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(days => 364 - ((n - ${first})::bigint * 365 / ${last - first + 1})::int)
               + INTERVAL '11 hours' + INTERVAL '12 hours' * (((n - ${first})::bigint * 365 % ${last - first + 1}) / ${last - first + 1}::float8) AS at
      FROM generate_series(${first}, ${last}) n
    ) placed
  ) paid`;

/** So many more payments of one store, for the longest file. */
export async function fillOneStore(sql: Sql, { storeNumber, payments, after, people }: { storeNumber: number; payments: number; after: number; people: number }): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe("SET LOCAL session_replication_role = replica");
    await tx.unsafe(paymentsSql({ first: after + 1, last: after + payments, store: sqlId("store", String(storeNumber)), people }).replace(/CASE WHEN n % 5 = 0 THEN .*? END,/, "NULL,"));
  });
  await sql.unsafe("VACUUM ANALYZE transactions");
}
