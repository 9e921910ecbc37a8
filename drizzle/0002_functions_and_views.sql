-- What Drizzle cannot say: functions, triggers, partitions, the location index and the materialized view of DATABASE.md.
-- Every function pins its search_path, so that a dump restores under an empty one.

CREATE FUNCTION public.generate_confirmation_code()
RETURNS VARCHAR(6) LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
  chars VARCHAR := 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';  -- no I, O, 0, 1
  random BYTEA := gen_random_bytes(6);                  -- cryptographic; 32 characters, so five bits each and no bias
  result VARCHAR := '';
BEGIN
  FOR i IN 0..5 LOOP
    result := result || substr(chars, (get_byte(random, i) & 31) + 1, 1);
  END LOOP;
  RETURN result;
END;
$$;--> statement-breakpoint

CREATE FUNCTION public.update_updated_at()
RETURNS TRIGGER LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.updated_at = NOW();
  RETURN NEW;
END;
$$;--> statement-breakpoint
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();--> statement-breakpoint
CREATE TRIGGER update_stores_updated_at BEFORE UPDATE ON stores FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();--> statement-breakpoint
CREATE TRIGGER update_token_balances_updated_at BEFORE UPDATE ON token_balances FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();--> statement-breakpoint
CREATE TRIGGER update_feature_flags_updated_at BEFORE UPDATE ON feature_flags FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();--> statement-breakpoint
CREATE TRIGGER update_store_token_balances_updated_at BEFORE UPDATE ON store_token_balances FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();--> statement-breakpoint

-- The sum of a balance's open reservations reads this index alone.
CREATE INDEX idx_balance_reservations_open ON balance_reservations (token_balance_id) INCLUDE (amount) WHERE released_at IS NULL;--> statement-breakpoint

-- ll_to_earth is SQL that names its helpers without a schema: alone it fails to build in a restore.
CREATE FUNCTION public.store_location(latitude NUMERIC, longitude NUMERIC)
RETURNS public.earth LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT public.ll_to_earth(latitude::float8, longitude::float8)
$$;--> statement-breakpoint
CREATE INDEX idx_stores_location ON stores USING GIST (public.store_location(latitude, longitude)) WHERE latitude IS NOT NULL;--> statement-breakpoint

-- Monthly parts of analytics_events. The default part takes what no month covers: the event is written in the payment's
-- transaction, and a missing part must never stop a payment.
CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT;--> statement-breakpoint
CREATE FUNCTION public.create_analytics_partition(month DATE)
RETURNS VOID LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  first DATE := date_trunc('month', month)::date;
  name TEXT := format('analytics_events_%s', to_char(first, 'YYYY_MM'));
BEGIN
  IF to_regclass('public.' || name) IS NULL THEN
    -- The part refers to users. Locked in the order in which a sign-up writes, or each would wait for the other.
    LOCK TABLE public.users IN SHARE ROW EXCLUSIVE MODE;
    EXECUTE format(
      'CREATE TABLE public.%I PARTITION OF public.analytics_events FOR VALUES FROM (%L) TO (%L)',
      name, first::timestamp AT TIME ZONE 'UTC', (first + INTERVAL '1 month')::timestamp AT TIME ZONE 'UTC');
  END IF;
END;
$$;--> statement-breakpoint
SELECT public.create_analytics_partition((date_trunc('month', now()) + make_interval(months => i))::date) FROM generate_series(0, 2) AS i;--> statement-breakpoint

CREATE MATERIALIZED VIEW store_daily_stats AS
SELECT
  store_id,
  DATE(created_at) AS date,
  COUNT(*) AS transaction_count,
  SUM(amount_usd) AS revenue_usd,
  COUNT(DISTINCT from_user_id) AS unique_customers,
  AVG(amount_usd) AS avg_transaction_usd
FROM transactions
WHERE type = 'payment'
  AND status = 'confirmed'
  AND store_id IS NOT NULL
GROUP BY store_id, DATE(created_at);--> statement-breakpoint
CREATE UNIQUE INDEX idx_store_daily_stats ON store_daily_stats (store_id, date);
