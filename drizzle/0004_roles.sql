-- Two roles, so that a break-in at the web process can neither read sealed keys, write balances, nor edit the audit trail
-- (SECURITY.md 7 and 15). Logins are members of one of them. Roles belong to the whole server, so another database may have made them.
DO $$ BEGIN
  BEGIN CREATE ROLE cocopay_web NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  BEGIN CREATE ROLE cocopay_worker NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
END $$;--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO cocopay_web, cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON
  users, sessions, passkeys, sign_in_codes, rate_limits, sandbox_messages, stores, store_deployments, store_members, store_codes, code_checks,
  payouts, feature_flags, analytics_events
TO cocopay_web;--> statement-breakpoint
GRANT SELECT ON
  smart_accounts, store_accounts, transactions, loans, token_balances, store_token_balances, balance_reservations, user_operations, store_events,
  chain_cursors, chain_blocks, revnet_states, exchange_rates, store_daily_stats, audit_seals
TO cocopay_web;--> statement-breakpoint
GRANT SELECT (id, user_id, address, is_active, revoked_at, created_at) ON signing_keys TO cocopay_web;--> statement-breakpoint
GRANT SELECT (id, store_id, address, is_active, revoked_at, created_at) ON store_signing_keys TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT ON audit_logs TO cocopay_web;--> statement-breakpoint
REVOKE UPDATE, DELETE, TRUNCATE ON audit_logs, audit_seals FROM cocopay_worker;--> statement-breakpoint
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cocopay_worker;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.pay_reserve TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- The web role queues jobs through this door and has no right on the queue itself.
CREATE FUNCTION public.enqueue_job(p_name TEXT, p_payload JSON, p_key TEXT, p_run_at TIMESTAMPTZ)
RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job(p_name, p_payload, run_at => p_run_at, job_key => p_key);
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.enqueue_job(TEXT, JSON, TEXT, TIMESTAMPTZ) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.enqueue_job(TEXT, JSON, TEXT, TIMESTAMPTZ) TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- A concurrent refresh needs the view's owner.
CREATE FUNCTION public.refresh_store_daily_stats()
RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY public.store_daily_stats;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.refresh_store_daily_stats() FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.refresh_store_daily_stats() TO cocopay_worker;--> statement-breakpoint
ALTER FUNCTION public.create_analytics_partition(DATE) SECURITY DEFINER;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.create_analytics_partition(DATE) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.create_analytics_partition(DATE) TO cocopay_worker;
