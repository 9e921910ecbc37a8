-- The team of a store hears that its code changed, and that it was closed or reopened.
ALTER TABLE "notices" DROP CONSTRAINT "notices_kind_check";--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_kind_check" CHECK ("notices"."kind" IN ('new_device', 'account_frozen', 'account_unfrozen', 'passkey_added', 'passkey_removed', 'passkey_refused', 'wallet_linked', 'wallet_unlinked', 'step_up_requested', 'step_up_cancelled', 'phone_change_requested', 'phone_changed', 'phone_change_cancelled', 'takeover_requested', 'takeover_done', 'owners_changed', 'key_exported', 'backup_named', 'backup_removed', 'inactivity_60', 'inactivity_75', 'inactivity_90', 'recovery_claimed', 'recovery_cancelled', 'recovery_done', 'backup_may_claim', 'refund_paid', 'team_joined', 'team_declined', 'team_left', 'team_role_changed', 'team_removed', 'store_received', 'store_handed_over', 'payout_destination_added', 'store_code_changed', 'store_closed', 'store_reopened'));--> statement-breakpoint

-- How customers paid: what of the sales was paid in the store's own rewards and in those of other stores; dollars are what is left beside Pix and guests.
ALTER TABLE "store_hourly_stats" ADD COLUMN "own_reward_brl_centavos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "store_hourly_stats" ADD COLUMN "other_reward_brl_centavos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
DROP FUNCTION public.store_sales;--> statement-breakpoint
-- As in 0025, with two more figures. The parts of a payment share its reais as its own page shows them: each centavo goes to the part in which it falls
-- (reaisOfParts in lib/payments/rules). Only payments with rewards among their parts are taken apart.
CREATE FUNCTION public.store_sales(p_stores UUID[], p_from TIMESTAMPTZ[], p_to TIMESTAMPTZ[], p_zone TEXT)
RETURNS TABLE (
  store_id UUID, hour TIMESTAMPTZ, seller_id UUID, till_id UUID, sale_count INTEGER, guest_count INTEGER, pix_count INTEGER, refund_count INTEGER,
  gross_usd NUMERIC, gross_brl_centavos BIGINT, tip_usd NUMERIC, tip_brl_centavos BIGINT, refund_usd NUMERIC, refund_brl_centavos BIGINT,
  reward_usd NUMERIC, reward_brl_centavos BIGINT, guest_brl_centavos BIGINT, pix_brl_centavos BIGINT,
  own_reward_brl_centavos BIGINT, other_reward_brl_centavos BIGINT)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH stretch AS MATERIALIZED (
    SELECT s.store_id, s.a, s.b FROM unnest(p_stores, p_from, p_to) AS s (store_id, a, b)
  ), sold AS (
    SELECT t.store_id, t.confirmed_at AS at, t.charge_id, t.origin, t.tokens_used, t.amount_usd, COALESCE(t.amount_brl_centavos, public.reais_of(t.amount_usd, t.brl_per_usd, t.confirmed_at)) AS brl,
           COALESCE(t.tip_usd, 0) AS tip_usd,
           CASE WHEN t.tip_usd > 0 THEN COALESCE(t.tip_brl_centavos, public.reais_of(t.tip_usd, t.brl_per_usd, t.confirmed_at)) ELSE 0 END AS tip_brl,
           CASE WHEN t.rewards_earned ? 'expected' THEN 0 ELSE COALESCE((t.rewards_earned->>'amount_usd')::numeric, 0) END AS reward_usd, t.brl_per_usd
    FROM stretch x CROSS JOIN LATERAL (
      SELECT * FROM transactions t WHERE t.store_id = x.store_id AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= x.a AND t.confirmed_at < x.b OFFSET 0) t
  ), parts AS (
    -- NULL, and no work, where nothing was paid with rewards.
    SELECT s.*, CASE WHEN s.origin IS NULL AND jsonb_path_exists(s.tokens_used, '$[*] ? (@.store_id != null)') THEN (
      SELECT ARRAY[sum(q.reais) FILTER (WHERE q.part_store = s.store_id::text), sum(q.reais) FILTER (WHERE q.part_store <> s.store_id::text)]::bigint[]
      FROM (
        SELECT o.part_store, o.up_to - lag(o.up_to, 1, 0::numeric) OVER (ORDER BY o.n) AS reais
        FROM (
          SELECT e.n, e.part->>'store_id' AS part_store, div(sum(round((e.part->>'amount_usd')::numeric * 1000000)) OVER (ORDER BY e.n) * s.brl * 2 + w.total, w.total * 2) AS up_to
          FROM jsonb_array_elements(s.tokens_used) WITH ORDINALITY AS e (part, n),
               (SELECT sum(round((v->>'amount_usd')::numeric * 1000000)) AS total FROM jsonb_array_elements(s.tokens_used) AS v) w
          WHERE w.total > 0
        ) o
      ) q
    ) END AS rewards
    FROM sold s
  ), line AS (
    SELECT s.store_id, s.at, s.charge_id, 1 AS sales, 0 AS refunds, CASE WHEN s.origin IN ('guest', 'outside') THEN 1 ELSE 0 END AS guests, CASE WHEN s.origin = 'pix' THEN 1 ELSE 0 END AS pix,
           s.amount_usd AS gross_usd, s.brl AS gross_brl, s.tip_usd, s.tip_brl, 0::numeric AS refund_usd, 0::bigint AS refund_brl,
           s.reward_usd, CASE WHEN s.reward_usd > 0 THEN COALESCE(round(s.reward_usd * s.brl_per_usd * 100)::bigint, public.reais_of(s.reward_usd, s.brl_per_usd, s.at)) ELSE 0 END AS reward_brl,
           s.rewards
    FROM parts s
    UNION ALL
    SELECT r.store_id, r.completed_at, sale.charge_id, 0, 1, 0, 0, 0, 0, 0, 0, r.amount_usd, r.amount_brl_centavos, 0, 0, NULL
    FROM stretch x
    CROSS JOIN LATERAL (SELECT * FROM refunds r WHERE r.store_id = x.store_id AND r.status = 'refunded' AND r.completed_at >= x.a AND r.completed_at < x.b OFFSET 0) r
    CROSS JOIN LATERAL (SELECT t.charge_id FROM transactions t WHERE t.id = r.original_transaction_id OFFSET 0) sale
    UNION ALL
    SELECT o.store_id, o.refunded_at, sale.charge_id, 0, 1, 0, 0, 0, 0, 0, 0, o.refund_usd,
           round(COALESCE(sale.amount_brl_centavos, public.reais_of(sale.amount_usd, sale.brl_per_usd, o.created_at)) * o.refund_usd / sale.amount_usd)::bigint, 0, 0, NULL
    FROM stretch x
    CROSS JOIN LATERAL (SELECT * FROM outside_payments o WHERE o.store_id = x.store_id AND o.refund_status = 'refunded' AND o.refunded_at >= x.a AND o.refunded_at < x.b OFFSET 0) o
    CROSS JOIN LATERAL (SELECT * FROM transactions t WHERE t.id = o.transaction_id OFFSET 0) sale
  )
  SELECT line.store_id, date_trunc('hour', line.at, p_zone), c.created_by, c.till_id, sum(line.sales)::integer, sum(line.guests)::integer, sum(line.pix)::integer, sum(line.refunds)::integer,
         sum(line.gross_usd), sum(line.gross_brl)::bigint, sum(line.tip_usd), sum(line.tip_brl)::bigint, sum(line.refund_usd), sum(line.refund_brl)::bigint,
         sum(line.reward_usd), sum(line.reward_brl)::bigint, COALESCE(sum(line.gross_brl) FILTER (WHERE line.guests > 0), 0)::bigint, COALESCE(sum(line.gross_brl) FILTER (WHERE line.pix > 0), 0)::bigint,
         COALESCE(sum(line.rewards[1]), 0)::bigint, COALESCE(sum(line.rewards[2]), 0)::bigint
  FROM line LEFT JOIN LATERAL (SELECT c.created_by, c.till_id FROM charges c WHERE c.id = line.charge_id OFFSET 0) c ON true
  GROUP BY 1, 2, 3, 4;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.store_sales FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.store_sales TO cocopay_web, cocopay_worker;--> statement-breakpoint
-- History: the hours in which somebody paid with rewards are rolled up anew, and until then they are counted from the rows. For all others nought is right.
INSERT INTO store_stats_changes (store_id, hour)
SELECT DISTINCT t.store_id, date_trunc('hour', t.confirmed_at, 'UTC') FROM transactions t
WHERE t.type = 'payment' AND t.status = 'confirmed' AND t.store_id IS NOT NULL AND t.confirmed_at IS NOT NULL AND t.origin IS NULL
  AND jsonb_path_exists(t.tokens_used, '$[*] ? (@.store_id != null)');
