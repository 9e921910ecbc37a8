-- What a store sold, hour by hour. The rows of payments and refunds are the truth; this roll-up spares reading them again. Whatever changes a paid row
-- leaves a line in store_stats_changes in its own transaction, and a reader counts the hours that have such a line from the rows themselves. So figures
-- equal the list at every moment, whether the job that empties the lines has run or not: a late confirmation and a reorg are two more lines.
CREATE TABLE "store_hourly_stats" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"hour" timestamp with time zone NOT NULL,
	"seller_id" uuid REFERENCES "users"("id"),
	"till_id" uuid REFERENCES "tills"("id"),
	"sale_count" integer NOT NULL,
	"guest_count" integer NOT NULL,
	"pix_count" integer NOT NULL,
	"refund_count" integer NOT NULL,
	"gross_usd" numeric(18, 6) NOT NULL,
	"gross_brl_centavos" bigint NOT NULL,
	"tip_usd" numeric(18, 6) NOT NULL,
	"tip_brl_centavos" bigint NOT NULL,
	"refund_usd" numeric(18, 6) NOT NULL,
	"refund_brl_centavos" bigint NOT NULL,
	"reward_usd" numeric(18, 6) NOT NULL,
	"reward_brl_centavos" bigint NOT NULL,
	"guest_brl_centavos" bigint NOT NULL,
	"pix_brl_centavos" bigint NOT NULL,
	CONSTRAINT "store_hourly_stats_key" UNIQUE NULLS NOT DISTINCT("store_id","hour","seller_id","till_id")
);
--> statement-breakpoint
CREATE TABLE "store_hourly_items" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"hour" timestamp with time zone NOT NULL,
	"item_id" uuid,
	"name" varchar(80) NOT NULL,
	"quantity" bigint NOT NULL,
	"gross_brl_centavos" bigint NOT NULL,
	CONSTRAINT "store_hourly_items_key" UNIQUE NULLS NOT DISTINCT("store_id","hour","item_id","name")
);
--> statement-breakpoint
-- When a person first paid at a store: what "came back" is judged by. A set of customers for each hour would be as long as the payments themselves, so
-- the people of a period are counted from the index below.
CREATE TABLE "store_customers" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"user_id" uuid NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
	"first_paid_at" timestamp with time zone NOT NULL,
	CONSTRAINT "store_customers_pk" PRIMARY KEY("store_id","user_id")
);
--> statement-breakpoint
-- No reference to the store: the row of a busy store must not be locked by each of its payments. No uniqueness either: nobody waits for anybody.
CREATE TABLE "store_stats_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"customer_id" uuid
);
--> statement-breakpoint
CREATE INDEX "idx_store_stats_changes_store" ON "store_stats_changes" USING btree ("store_id","hour");--> statement-breakpoint
-- Sales by the moment at which they became paid; refunds have such indexes (0023).
CREATE INDEX "idx_transactions_store_paid" ON "transactions" USING btree ("store_id","confirmed_at","id","from_user_id") WHERE "type" = 'payment' AND "status" = 'confirmed';--> statement-breakpoint

-- Names carry their schema and nothing runs with another's rights, so nothing is pinned: this runs once for each payment that a block confirms.
CREATE FUNCTION public.note_paid_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status = 'confirmed' AND OLD.confirmed_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour, customer_id) VALUES (OLD.store_id, date_trunc('hour', OLD.confirmed_at, 'UTC'), OLD.from_user_id);
  END IF;
  IF NEW.status = 'confirmed' AND NEW.confirmed_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour, customer_id) VALUES (NEW.store_id, date_trunc('hour', NEW.confirmed_at, 'UTC'), NEW.from_user_id);
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER note_paid_insert AFTER INSERT ON transactions FOR EACH ROW
  WHEN (NEW.status = 'confirmed' AND NEW.store_id IS NOT NULL AND NEW.type = 'payment')
  EXECUTE FUNCTION public.note_paid_change();--> statement-breakpoint
CREATE TRIGGER note_paid_update AFTER UPDATE ON transactions FOR EACH ROW
  WHEN (NEW.store_id IS NOT NULL AND NEW.type = 'payment' AND (OLD.status = 'confirmed' OR NEW.status = 'confirmed'))
  EXECUTE FUNCTION public.note_paid_change();--> statement-breakpoint
CREATE FUNCTION public.note_refund_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status = 'refunded' AND OLD.completed_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour) VALUES (OLD.store_id, date_trunc('hour', OLD.completed_at, 'UTC'));
  END IF;
  IF NEW.status = 'refunded' AND NEW.completed_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour) VALUES (NEW.store_id, date_trunc('hour', NEW.completed_at, 'UTC'));
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER note_refund_change AFTER INSERT OR UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION public.note_refund_change();--> statement-breakpoint
CREATE FUNCTION public.note_outside_refund() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.refund_status = 'refunded' AND OLD.refunded_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour) VALUES (OLD.store_id, date_trunc('hour', OLD.refunded_at, 'UTC'));
  END IF;
  IF NEW.refund_status = 'refunded' AND NEW.refunded_at IS NOT NULL THEN
    INSERT INTO public.store_stats_changes (store_id, hour) VALUES (NEW.store_id, date_trunc('hour', NEW.refunded_at, 'UTC'));
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
CREATE TRIGGER note_outside_refund AFTER UPDATE ON outside_payments FOR EACH ROW
  WHEN (OLD.refund_status = 'refunded' OR NEW.refund_status = 'refunded')
  EXECUTE FUNCTION public.note_outside_refund();--> statement-breakpoint

-- Reais of a sale that was not priced in them: by its rate, else by the rate of its moment. Never by today's: yesterday's figures stay. Asked only where
-- there is no price (COALESCE), for a function that reads a table is called row by row.
CREATE FUNCTION public.reais_of(p_usd NUMERIC, p_brl_per_usd NUMERIC, p_at TIMESTAMPTZ)
RETURNS BIGINT LANGUAGE sql STABLE AS $$
  SELECT round(p_usd * COALESCE(p_brl_per_usd,
    (SELECT r.brl_per_usd FROM public.exchange_rates r WHERE r.quoted_at <= p_at ORDER BY r.quoted_at DESC LIMIT 1), 0) * 100)::bigint
$$;--> statement-breakpoint

-- Figures of stores from the rows, by hours of a zone's clock, whoever sold and the till, within stretches of time that don't overlap: the n-th store from
-- the n-th instant to the n-th. A sale counts when it was paid and a refund when it was paid back; the refund stands with whoever made the sale and at its
-- till. One question for all stretches, because a function that is asked for each is started and planned for each. OFFSET 0 keeps the planner to the
-- indexes: it can't know how many rows a stretch has, and would rather read a whole table.
CREATE FUNCTION public.store_sales(p_stores UUID[], p_from TIMESTAMPTZ[], p_to TIMESTAMPTZ[], p_zone TEXT)
RETURNS TABLE (
  store_id UUID, hour TIMESTAMPTZ, seller_id UUID, till_id UUID, sale_count INTEGER, guest_count INTEGER, pix_count INTEGER, refund_count INTEGER,
  gross_usd NUMERIC, gross_brl_centavos BIGINT, tip_usd NUMERIC, tip_brl_centavos BIGINT, refund_usd NUMERIC, refund_brl_centavos BIGINT,
  reward_usd NUMERIC, reward_brl_centavos BIGINT, guest_brl_centavos BIGINT, pix_brl_centavos BIGINT)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH stretch AS MATERIALIZED (
    SELECT s.store_id, s.a, s.b FROM unnest(p_stores, p_from, p_to) AS s (store_id, a, b)
  ), sold AS (
    SELECT t.store_id, t.confirmed_at AS at, t.charge_id, t.origin, t.amount_usd, COALESCE(t.amount_brl_centavos, public.reais_of(t.amount_usd, t.brl_per_usd, t.confirmed_at)) AS brl,
           COALESCE(t.tip_usd, 0) AS tip_usd,
           CASE WHEN t.tip_usd > 0 THEN COALESCE(t.tip_brl_centavos, public.reais_of(t.tip_usd, t.brl_per_usd, t.confirmed_at)) ELSE 0 END AS tip_brl,
           CASE WHEN t.rewards_earned ? 'expected' THEN 0 ELSE COALESCE((t.rewards_earned->>'amount_usd')::numeric, 0) END AS reward_usd, t.brl_per_usd
    FROM stretch x CROSS JOIN LATERAL (
      SELECT * FROM transactions t WHERE t.store_id = x.store_id AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= x.a AND t.confirmed_at < x.b OFFSET 0) t
  ), line AS (
    SELECT s.store_id, s.at, s.charge_id, 1 AS sales, 0 AS refunds, CASE WHEN s.origin IN ('guest', 'outside') THEN 1 ELSE 0 END AS guests, CASE WHEN s.origin = 'pix' THEN 1 ELSE 0 END AS pix,
           s.amount_usd AS gross_usd, s.brl AS gross_brl, s.tip_usd, s.tip_brl, 0::numeric AS refund_usd, 0::bigint AS refund_brl,
           s.reward_usd, CASE WHEN s.reward_usd > 0 THEN COALESCE(round(s.reward_usd * s.brl_per_usd * 100)::bigint, public.reais_of(s.reward_usd, s.brl_per_usd, s.at)) ELSE 0 END AS reward_brl
    FROM sold s
    UNION ALL
    SELECT r.store_id, r.completed_at, sale.charge_id, 0, 1, 0, 0, 0, 0, 0, 0, r.amount_usd, r.amount_brl_centavos, 0, 0
    FROM stretch x
    CROSS JOIN LATERAL (SELECT * FROM refunds r WHERE r.store_id = x.store_id AND r.status = 'refunded' AND r.completed_at >= x.a AND r.completed_at < x.b OFFSET 0) r
    CROSS JOIN LATERAL (SELECT t.charge_id FROM transactions t WHERE t.id = r.original_transaction_id OFFSET 0) sale
    UNION ALL
    SELECT o.store_id, o.refunded_at, sale.charge_id, 0, 1, 0, 0, 0, 0, 0, 0, o.refund_usd,
           round(COALESCE(sale.amount_brl_centavos, public.reais_of(sale.amount_usd, sale.brl_per_usd, o.created_at)) * o.refund_usd / sale.amount_usd)::bigint, 0, 0
    FROM stretch x
    CROSS JOIN LATERAL (SELECT * FROM outside_payments o WHERE o.store_id = x.store_id AND o.refund_status = 'refunded' AND o.refunded_at >= x.a AND o.refunded_at < x.b OFFSET 0) o
    CROSS JOIN LATERAL (SELECT * FROM transactions t WHERE t.id = o.transaction_id OFFSET 0) sale
  )
  SELECT line.store_id, date_trunc('hour', line.at, p_zone), c.created_by, c.till_id, sum(line.sales)::integer, sum(line.guests)::integer, sum(line.pix)::integer, sum(line.refunds)::integer,
         sum(line.gross_usd), sum(line.gross_brl)::bigint, sum(line.tip_usd), sum(line.tip_brl)::bigint, sum(line.refund_usd), sum(line.refund_brl)::bigint,
         sum(line.reward_usd), sum(line.reward_brl)::bigint, COALESCE(sum(line.gross_brl) FILTER (WHERE line.guests > 0), 0)::bigint, COALESCE(sum(line.gross_brl) FILTER (WHERE line.pix > 0), 0)::bigint
  FROM line LEFT JOIN LATERAL (SELECT c.created_by, c.till_id FROM charges c WHERE c.id = line.charge_id OFFSET 0) c ON true
  GROUP BY 1, 2, 3, 4;
END;
$$;--> statement-breakpoint
-- What was sold, by item: the names and prices that the charges kept. What was typed without an item has none.
CREATE FUNCTION public.store_items_sold(p_stores UUID[], p_from TIMESTAMPTZ[], p_to TIMESTAMPTZ[], p_zone TEXT)
RETURNS TABLE (store_id UUID, hour TIMESTAMPTZ, item_id UUID, name VARCHAR, quantity BIGINT, gross_brl_centavos BIGINT)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT t.store_id, date_trunc('hour', t.confirmed_at, p_zone), (line->>'itemId')::uuid, left(COALESCE(line->>'name', ''), 80)::varchar,
         sum((line->>'quantity')::bigint)::bigint, sum((line->>'quantity')::bigint * (line->>'unitBrlCentavos')::bigint)::bigint
  FROM unnest(p_stores, p_from, p_to) AS x (store_id, a, b)
  CROSS JOIN LATERAL (SELECT t.store_id, t.confirmed_at, t.charge_id FROM transactions t
    WHERE t.store_id = x.store_id AND t.type = 'payment' AND t.status = 'confirmed' AND t.confirmed_at >= x.a AND t.confirmed_at < x.b AND t.charge_id IS NOT NULL OFFSET 0) t
  CROSS JOIN LATERAL (SELECT c.items FROM charges c WHERE c.id = t.charge_id OFFSET 0) c CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(c.items) = 'array' THEN c.items ELSE '[]' END) AS line
  WHERE line->>'itemId' IS NOT NULL
  GROUP BY 1, 2, 3, 4;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.store_sales, public.store_items_sold, public.reais_of FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.store_sales, public.store_items_sold, public.reais_of TO cocopay_web, cocopay_worker;--> statement-breakpoint
GRANT SELECT ON store_hourly_stats, store_hourly_items, store_customers, store_stats_changes TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON store_hourly_stats, store_hourly_items, store_customers, store_stats_changes TO cocopay_worker;--> statement-breakpoint
GRANT USAGE, SELECT ON SEQUENCE store_stats_changes_id_seq TO cocopay_worker;--> statement-breakpoint

-- What was sold before: the job rolls it up, and until then it is counted from the rows.
INSERT INTO store_customers (store_id, user_id, first_paid_at)
SELECT store_id, from_user_id, min(confirmed_at) FROM transactions
WHERE type = 'payment' AND status = 'confirmed' AND store_id IS NOT NULL AND from_user_id IS NOT NULL AND confirmed_at IS NOT NULL GROUP BY 1, 2;--> statement-breakpoint
INSERT INTO store_stats_changes (store_id, hour)
SELECT store_id, date_trunc('hour', confirmed_at, 'UTC') FROM transactions WHERE type = 'payment' AND status = 'confirmed' AND store_id IS NOT NULL AND confirmed_at IS NOT NULL
UNION SELECT store_id, date_trunc('hour', completed_at, 'UTC') FROM refunds WHERE status = 'refunded' AND completed_at IS NOT NULL
UNION SELECT store_id, date_trunc('hour', refunded_at, 'UTC') FROM outside_payments WHERE refund_status = 'refunded' AND refunded_at IS NOT NULL;
