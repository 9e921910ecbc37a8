import "server-only";
import { sql } from "@/db/client";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { StoreEventKind } from "@/lib/payments/rules";
import { idAt, nonceKeyOf } from "@/lib/ids";
import { can, type Role } from "@/lib/team/rules";
import { PIX_PAYER, type ClosedReason, type StoreEvent, type StorePayment } from "./rules";

/** More than a till can have missed in one go; the next look brings the rest. */
const EVENTS_A_LOOK_MAX = 200;
/** Operations that a person's screens wait for are younger; nonce keys are UUIDv7, so they are one range of the unique index. */
const OPERATIONS_SHOWN_MS = 86_400_000;

/** The columns of a payment of a store, from `transactions t` left joined with `users u`, for raw queries. */
export const storePaymentColumns = () => sql`
  t.id, t.amount_usd::text AS "amountUsd", t.amount_brl_centavos::text AS "amountBrlCentavos", t.confirmation_code AS code,
  CASE WHEN t.origin = 'pix' THEN ${PIX_PAYER} WHEN coalesce(u.hide_name, false) THEN NULL ELSE nullif(split_part(btrim(u.name), ' ', 1), '') END AS "payerName",
  u.deleted_at IS NOT NULL AS "isPayerRemoved",
  t.charge_id AS "chargeId",
  to_char(coalesce(t.confirmed_at, (SELECT min(p.created_at) FROM store_events p WHERE p.transaction_id = t.id), t.created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  CASE WHEN t.status = 'confirmed' THEN 'paid' ELSE 'checking' END AS state,
  CASE WHEN t.origin IS NOT NULL THEN (
    SELECT json_build_object('outcome', o.outcome, 'payer', left(o.payer, 6) || '…' || right(o.payer, 4), 'refund', o.refund_status) FROM outside_payments o WHERE o.transaction_id = t.id) END AS outside,
  (SELECT json_build_object('brlCentavos', coalesce(sum(f.amount_brl_centavos) FILTER (WHERE f.status = 'refunded'), 0)::text, 'isFull', coalesce(sum(f.amount_usd) FILTER (WHERE f.status = 'refunded'), 0) >= t.amount_usd,
     'isOnItsWay', bool_or(f.status IN ('requested', 'paying')))
   FROM refunds f WHERE f.original_transaction_id = t.id AND f.status <> 'failed' HAVING count(*) > 0) AS refund`;

export type StorePaymentRow = Omit<StorePayment, "amountUsdMicros"> & { amountUsd: string };

export const storePaymentOf = ({ amountUsd, id, amountBrlCentavos, code, payerName, isPayerRemoved, chargeId, at, state, outside, refund }: StorePaymentRow): StorePayment => ({
  id,
  amountUsdMicros: usdMicrosFromDecimal(amountUsd).toString(),
  amountBrlCentavos,
  code,
  payerName,
  isPayerRemoved,
  chargeId,
  at,
  state,
  outside,
  ...(refund && { refund }),
});

/** What makes a store's screens say something new about money that goes back: its newest refunds of either way. */
const refundsOf = (storeId: string) => sql`concat_ws(';',
  (SELECT string_agg(concat_ws(':', f.id, f.status), ',' ORDER BY f.id) FROM (SELECT r.id, r.status FROM refunds r WHERE r.store_id = ${storeId} ORDER BY r.id DESC LIMIT 20) f),
  (SELECT string_agg(concat_ws(':', f.id, f.refund_status), ',' ORDER BY f.id) FROM (SELECT o.id, o.refund_status FROM outside_payments o WHERE o.store_id = ${storeId} ORDER BY o.id DESC LIMIT 20) f))`;

/** What makes a person's screens say something new about the account: notices, the freeze, who is signed in, what is waited for. */
const newsOf = (userId: string) => sql`(
  SELECT concat_ws(',', u.frozen_at, u.phone,
    (SELECT string_agg(n.id::text, ',' ORDER BY n.id) FROM notices n WHERE n.user_id = u.id AND n.read_at IS NULL),
    (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()),
    (SELECT count(*) FROM step_up_waits w WHERE w.user_id = u.id AND w.used_at IS NULL AND w.cancelled_at IS NULL AND w.expires_at > now()),
    (SELECT c.id FROM phone_changes c WHERE c.user_id = u.id AND c.done_at IS NULL AND c.cancelled_at IS NULL))
  FROM users u WHERE u.id = ${userId})`;

export type StoreLook = {
  /** Set when the session ended or the person is no longer a member who may use the till. */
  closed?: ClosedReason;
  events: StoreEvent[];
  /** There may be more than one look brings. */
  isFull: boolean;
  /** Changes whenever the store's deployments or its balance do. */
  fingerprint: string;
};

/**
 * Session, membership and the store's events after `afterId`, in one round trip. Without access no event is read. Reading on by id misses
 * nothing, because the writers of the log commit in the order of their ids (lib/follower/store-events.ts).
 */
export async function lookAtStore({ sessionId, userId, storeId, afterId }: { sessionId: string; userId: string; storeId: string; afterId: string }): Promise<StoreLook> {
  type Row = {
    isSignedIn: boolean;
    role: Role | null;
    fingerprint: string;
    events: (StorePaymentRow & { eventId: string; kind: StoreEventKind })[];
  };
  const [row] = await sql<Row[]>`
    WITH session AS (
      SELECT 1 FROM sessions s WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.revoked_at IS NULL AND s.expires_at > now()
    ), member AS (
      SELECT m.role FROM store_members m WHERE m.store_id = ${storeId} AND m.user_id = ${userId} AND m.accepted_at IS NOT NULL AND EXISTS (SELECT FROM session)
    )
    SELECT
      EXISTS (SELECT FROM session) AS "isSignedIn",
      (SELECT role FROM member) AS role,
      md5(coalesce((SELECT string_agg(concat_ws(':', d.chain_id, d.status, d.error_message), ',' ORDER BY d.chain_id) FROM store_deployments d WHERE d.store_id = ${storeId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', b.chain_id, b.token_address, b.balance), ',' ORDER BY b.id) FROM store_token_balances b WHERE b.store_id = ${storeId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', r.chain_id, r.surplus_usd_micros, r.supply, r.pending_reserved), ',' ORDER BY r.chain_id) FROM revnet_states r WHERE r.store_id = ${storeId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', m.user_id, m.role, m.accepted_at), ',' ORDER BY m.id) FROM store_members m WHERE m.store_id = ${storeId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', i.id, i.sent_at), ',' ORDER BY i.id) FROM store_invitations i WHERE i.store_id = ${storeId} AND num_nonnulls(i.accepted_at, i.declined_at, i.cancelled_at) = 0), '')
        || coalesce((SELECT concat_ws(':', t.id, t.user_id) FROM till_sittings t WHERE t.session_id = ${sessionId} AND t.ended_at IS NULL), '')
        || ${refundsOf(storeId)}
        || ${newsOf(userId)}) AS fingerprint,
      coalesce((
        SELECT json_agg(line ORDER BY line.number) FROM (
          SELECT e.id AS number, e.id::text AS "eventId", e.kind, ${storePaymentColumns()}
          FROM store_events e JOIN transactions t ON t.id = e.transaction_id LEFT JOIN users u ON u.id = t.from_user_id
          WHERE e.store_id = ${storeId} AND e.id > ${afterId} AND EXISTS (SELECT FROM member)
          ORDER BY e.id LIMIT ${EVENTS_A_LOOK_MAX}
        ) line
      ), '[]'::json) AS events`;
  const nothing = { events: [], isFull: false, fingerprint: "" };
  if (!row?.isSignedIn) return { closed: "signed_out", ...nothing };
  if (!row.role || !can(row.role, "till.use")) return { closed: "not_found", ...nothing };
  return {
    events: row.events.map(({ eventId, kind, ...payment }) => ({ id: eventId, kind, payment: storePaymentOf(payment) })),
    isFull: row.events.length === EVENTS_A_LOOK_MAX,
    fingerprint: row.fingerprint,
  };
}

/** The newest event of a store; "0" before the first. */
export async function newestEventId(storeId: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`SELECT e.id::text AS id FROM store_events e WHERE e.store_id = ${storeId} ORDER BY e.id DESC LIMIT 1`;
  return row?.id ?? "0";
}

/** Whether the session still holds, and a fingerprint of everything a person's own pages show: payments and balances. */
export async function lookAtPerson({ sessionId, userId }: { sessionId: string; userId: string }): Promise<{ closed?: ClosedReason; fingerprint: string }> {
  const [row] = await sql<{ isSignedIn: boolean; fingerprint: string }[]>`
    SELECT
      EXISTS (SELECT FROM sessions s WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.revoked_at IS NULL AND s.expires_at > now()) AS "isSignedIn",
      md5(coalesce((SELECT string_agg(concat_ws(':', p.id, p.status, p.block_hash, p.to_user_id), ',' ORDER BY p.id) FROM (
            SELECT t.id, t.status, t.block_hash, t.to_user_id FROM transactions t WHERE t.from_user_id = ${userId} ORDER BY t.id DESC LIMIT 20) p), '')
        || coalesce((SELECT string_agg(concat_ws(':', r.id, r.status, r.block_hash), ',' ORDER BY r.id) FROM (
            SELECT t.id, t.status, t.block_hash FROM transactions t WHERE t.to_user_id = ${userId} ORDER BY t.id DESC LIMIT 20) r), '')
        || coalesce((SELECT string_agg(concat_ws(':', b.chain_id, b.token_address, b.balance), ',' ORDER BY b.id) FROM token_balances b WHERE b.user_id = ${userId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', o.id, o.status, o.user_op_hash), ',' ORDER BY o.id) FROM smart_accounts a
            JOIN user_operations o ON o.chain_id = a.chain_id AND o.sender = a.address AND o.nonce_key > ${nonceKeyOf(idAt(Date.now() - OPERATIONS_SHOWN_MS)).toString()}::numeric
              AND (o.status = 'prepared' OR o.kind = 'owner_change') WHERE a.user_id = ${userId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', a.chain_id, a.custody_status), ',' ORDER BY a.chain_id) FROM smart_accounts a WHERE a.user_id = ${userId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', p.id, p.updated_at), ',' ORDER BY p.id) FROM (
            SELECT u.id, u.updated_at FROM top_ups u WHERE u.user_id = ${userId} ORDER BY u.id DESC LIMIT 5) p), '')
        || coalesce((SELECT string_agg(concat_ws(':', h.id, h.cancelled_at, h.transaction_id), ',' ORDER BY h.id) FROM charges h WHERE h.customer_id = ${userId} AND h.expires_at > now()), '')
        || coalesce((SELECT string_agg(concat_ws(':', i.id, i.status), ',' ORDER BY i.id) FROM identity_checks i WHERE i.user_id = ${userId}), '')
        || coalesce((SELECT string_agg(concat_ws(':', c.id, c.status), ',' ORDER BY c.id) FROM owner_changes c WHERE c.user_id = ${userId}), '')
        || ${newsOf(userId)}) AS fingerprint`;
  return row?.isSignedIn ? { fingerprint: row.fingerprint } : { closed: "signed_out", fingerprint: "" };
}
