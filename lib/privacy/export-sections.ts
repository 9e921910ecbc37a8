import "server-only";
import { sql } from "@/db/client";

/** A row of a section: plain values, lists and objects of the database's own JSON. */
export type ExportRow = { id: string } & Record<string, unknown>;

type Page = { userId: string; phone: string; after: string; limit: number };

/** One kind of thing that we know about a person. Pages follow the id, so that no download holds a connection of the database open. */
export type ExportSection = { name: string; read: (page: Page) => Promise<ExportRow[]> };

const section = (name: string, read: (page: Page) => Promise<ExportRow[]>): ExportSection => ({ name, read });

/**
 * Everything about a person, and of others nothing but what that person could see: a store's name, the first name of who asked for a
 * backup. No key, no code, no token is among it. The order is the file's order.
 */
export const EXPORT_SECTIONS: readonly ExportSection[] = [
  section("profile", ({ userId, after }) => sql<ExportRow[]>`
    SELECT id, phone, phone_verified_at, name, email, locale, preferred_chain_id, hide_name, backup_owner_phone, backup_owner_activated_at, frozen_at, last_active_at, created_at
    FROM users WHERE id = ${userId} AND id > ${after}`),
  section("consents", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, purpose, version, is_given, created_at FROM consents WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("sessions", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, auth_method, device_info, host(ip_address) AS ip_address, created_at, last_seen_at, expires_at, revoked_at, limited_until, stepped_up_at
    FROM sessions WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("passkeys", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, device_name, derived_address, is_backed_up, last_used_at, created_at FROM passkeys WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("wallets", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, address, chain_id, is_contract, name, last_used_at, created_at FROM wallets WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("accounts", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, chain_id, address, owner_address, custody_status, deployed, deployed_at, created_at FROM smart_accounts WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("account_owners", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, kind, address, name, created_at FROM account_owners WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("owner_changes", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, kind, status, added, removed, created_at, completed_at FROM owner_changes WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("balances", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT b.id, CASE WHEN b.store_id IS NULL THEN 'dollars' ELSE 'rewards' END AS kind, s.name AS store, b.chain_id, b.token_address, b.balance::text AS units, b.last_synced_at
    FROM token_balances b LEFT JOIN stores s ON s.id = b.store_id WHERE b.user_id = ${userId} AND b.id > ${after} ORDER BY b.id LIMIT ${limit}`),
  section("payments", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT t.id, t.type, t.status, CASE WHEN t.from_user_id = ${userId} THEN 'out' ELSE 'in' END AS direction, s.name AS store, s.address AS store_place, s.legal_name AS store_legal_name, s.cnpj AS store_cnpj,
           t.amount_usd::text, t.amount_brl_centavos::text, t.brl_per_usd::text, t.rate_at, t.confirmation_code, t.tokens_used AS parts, t.rewards_earned AS reward, t.origin, t.payer_address, t.purpose, t.payee_address, t.note,
           t.chain_id, t.tx_hash, t.block_number::text, t.error_code, t.created_at, t.confirmed_at
    FROM transactions t LEFT JOIN stores s ON s.id = t.store_id
    WHERE t.id IN (
      (SELECT f.id FROM transactions f WHERE f.from_user_id = ${userId} AND f.id > ${after} ORDER BY f.id LIMIT ${limit})
      UNION (SELECT r.id FROM transactions r WHERE r.to_user_id = ${userId} AND r.id > ${after} ORDER BY r.id LIMIT ${limit}))
    ORDER BY t.id LIMIT ${limit}`),
  section("receipt_links", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, transaction_id, created_at, revoked_at FROM receipt_links WHERE created_by = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("receive_code", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT user_id AS id, code, created_at FROM receive_codes WHERE user_id = ${userId} AND user_id > ${after} LIMIT ${limit}`),
  // Whose phone it was is kept by its end only.
  section("sends_to_phones", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, phone_shown AS phone, status, expires_at, claimed_at, ended_at, created_at FROM phone_sends WHERE sender_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("payment_requests", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, currency, amount_cents::text, note, transaction_id, expires_at, cancelled_at, created_at FROM payment_requests WHERE requester_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("top_ups", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, provider, status, amount_brl_centavos::text, quoted_usd::text, arrived_usd::text, fees, chain_id, tx_hash, confirmed_at, expires_at, paid_at, second_payment_at, done_at, created_at
    FROM top_ups WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("identity_checks", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, provider, status, asked_at, started_at, settled_at, created_at FROM identity_checks WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("loans", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, chain_id, borrow_amount_usd::text, is_active, origination_tx_hash, repayment_tx_hash, created_at, repaid_at FROM loans WHERE user_id = ${userId} AND store_id IS NULL AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("stores", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT m.id, s.name AS store, s.symbol, s.address AS place, m.role, m.invited_at, m.accepted_at FROM store_members m JOIN stores s ON s.id = m.store_id
    WHERE m.user_id = ${userId} AND m.id > ${after} ORDER BY m.id LIMIT ${limit}`),
  section("invitations", ({ userId, phone, after, limit }) => sql<ExportRow[]>`
    SELECT i.id, s.name AS store, i.role, i.sent_at, i.expires_at, i.accepted_at, i.declined_at, i.cancelled_at FROM store_invitations i JOIN stores s ON s.id = i.store_id
    WHERE (i.accepted_by = ${userId} OR i.phone = ${phone}) AND i.id > ${after} ORDER BY i.id LIMIT ${limit}`),
  section("pins", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT p.store_id AS id, s.name AS store, p.created_at, p.updated_at, p.locked_at FROM store_pins p JOIN stores s ON s.id = p.store_id
    WHERE p.user_id = ${userId} AND p.store_id > ${after} ORDER BY p.store_id LIMIT ${limit}`),
  section("shared_till_sittings", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT t.id, s.name AS store, CASE WHEN t.user_id = ${userId} THEN 'mine' ELSE 'stood_in' END AS direction, t.started_at, t.ended_at FROM till_sittings t JOIN stores s ON s.id = t.store_id
    WHERE (t.user_id = ${userId} OR t.override_by = ${userId}) AND t.id > ${after} ORDER BY t.id LIMIT ${limit}`),
  section("payouts_requested", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT p.id, s.name AS store, p.amount_usd::text, p.payout_type, p.status, p.created_at, p.processed_at FROM payouts p JOIN stores s ON s.id = p.store_id
    WHERE p.requested_by = ${userId} AND p.id > ${after} ORDER BY p.id LIMIT ${limit}`),
  section("codes_checked", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT c.id, s.name AS store, c.created_at FROM code_checks c JOIN stores s ON s.id = c.store_id WHERE c.checked_by = ${userId} AND c.id > ${after} ORDER BY c.id LIMIT ${limit}`),
  section("backups", ({ userId, phone, after, limit }) => sql<ExportRow[]>`
    SELECT r.id, CASE WHEN r.user_id = ${userId} THEN 'named_by_me' ELSE 'names_me' END AS direction, r.phone, CASE WHEN r.user_id <> ${userId} THEN split_part(btrim(u.name), ' ', 1) END AS asked_by,
           r.status, r.created_at, r.answered_at, r.expires_at
    FROM backup_requests r JOIN users u ON u.id = r.user_id
    WHERE (r.user_id = ${userId} OR r.accepted_by = ${userId} OR r.phone = ${phone}) AND r.id > ${after} ORDER BY r.id LIMIT ${limit}`),
  section("absences", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT c.id, CASE WHEN c.user_id = ${userId} THEN 'mine' ELSE 'as_backup' END AS direction, s.name AS store, c.warned_60_at, c.warned_75_at, c.warned_90_at, c.claimed_at, c.claimable_at, c.completed_at, c.cancelled_at
    FROM recovery_claims c JOIN stores s ON s.id = c.store_id WHERE (c.user_id = ${userId} OR c.backup_user_id = ${userId}) AND c.id > ${after} ORDER BY c.id LIMIT ${limit}`),
  section("phone_changes", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, new_phone, ready_at, done_at, cancelled_at, created_at FROM phone_changes WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("rights_waited_for", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, purpose, ready_at, expires_at, used_at, cancelled_at, created_at FROM step_up_waits WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("notices", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, kind, data, read_at, created_at FROM notices WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  // A link of an invitation is a key to its answer.
  section("text_messages", ({ phone, after, limit }) => sql<ExportRow[]>`
    SELECT id, regexp_replace(body, '/(backup|claim|invite)/[A-Za-z0-9_-]+', '/\\1/…') AS body, created_at, sent_at FROM outgoing_messages WHERE to_phone = ${phone} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("activity", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, event_name, properties, host(ip_address) AS ip_address, user_agent, created_at FROM analytics_events WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
  section("security_log", ({ userId, after, limit }) => sql<ExportRow[]>`
    SELECT id, action, resource_type, old_values, new_values, host(ip_address) AS ip_address, user_agent, created_at FROM audit_logs WHERE user_id = ${userId} AND id > ${after} ORDER BY id LIMIT ${limit}`),
];
