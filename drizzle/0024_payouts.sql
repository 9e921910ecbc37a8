-- Money that leaves a store: the steps of a payout beside the customer's table, where it may go, the store's accounts at the partners who pay reais, and
-- the prices that were asked of them.
CREATE TABLE "payout_destinations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE cascade,
	"type" "payout_type" NOT NULL,
	"provider" text,
	"fingerprint" varchar(64) NOT NULL,
	"data" jsonb NOT NULL,
	"shown" varchar(120) NOT NULL,
	"label" varchar(60),
	"lookup" text DEFAULT 'none' NOT NULL,
	"holder" jsonb,
	"looked_up_at" timestamp with time zone,
	"created_by" uuid NOT NULL REFERENCES "users"("id"),
	"confirmed_at" timestamp with time zone,
	"usable_at" timestamp with time zone,
	"removed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_destinations_provider_check" CHECK ("payout_destinations"."provider" IN ('avenia', 'starkbank')),
	CONSTRAINT "payout_destinations_lookup_check" CHECK ("payout_destinations"."lookup" IN ('none', 'asking', 'found', 'unknown', 'identity', 'away'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "payout_destinations_fingerprint_key" ON "payout_destinations" USING btree ("store_id","fingerprint") WHERE "payout_destinations"."removed_at" IS NULL AND "payout_destinations"."confirmed_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_payout_destinations_store" ON "payout_destinations" USING btree ("store_id","id");--> statement-breakpoint
CREATE TABLE "payout_accounts" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE cascade,
	"provider" text NOT NULL,
	"account_id" varchar(255) NOT NULL,
	"identity" text NOT NULL,
	"identity_url" text,
	"representative_url" text,
	"deposit_address" varchar(42) NOT NULL,
	"unmatched_usd" numeric(18, 6) DEFAULT '0' NOT NULL,
	"unmatched_since" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_accounts_store_id_provider_pk" PRIMARY KEY("store_id","provider"),
	CONSTRAINT "payout_accounts_identity_check" CHECK ("payout_accounts"."identity" IN ('confirmed', 'needed', 'rejected')),
	CONSTRAINT "payout_accounts_provider_check" CHECK ("payout_accounts"."provider" IN ('avenia', 'starkbank')),
	CONSTRAINT "payout_accounts_deposit_lower" CHECK ("payout_accounts"."deposit_address" = lower("payout_accounts"."deposit_address"))
);
--> statement-breakpoint
CREATE TABLE "payout_prices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE cascade,
	"user_id" uuid NOT NULL REFERENCES "users"("id"),
	"destination_id" uuid NOT NULL REFERENCES "payout_destinations"("id") ON DELETE cascade,
	"amount_usd" numeric(18, 6) NOT NULL,
	"status" text DEFAULT 'asking' NOT NULL,
	"output_brl_centavos" bigint,
	"minimum_brl_centavos" bigint,
	"brl_per_usd" numeric(18, 6),
	"fees" jsonb,
	"deposit_address" varchar(42),
	"left_brl_centavos" bigint,
	"identity_url" text,
	"priced_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_prices_status_check" CHECK ("payout_prices"."status" IN ('asking', 'priced', 'identity', 'limit', 'refused', 'away'))
);
--> statement-breakpoint
CREATE INDEX "idx_payout_prices_created" ON "payout_prices" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "state" text DEFAULT 'requested' NOT NULL;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "way" text;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "provider" text;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "destination_id" uuid REFERENCES "payout_destinations"("id");--> statement-breakpoint
-- The dollars that reached the destination or the partner, by the chain's word.
ALTER TABLE "payouts" ADD COLUMN "funded_usd" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "credited_at" timestamp with time zone;--> statement-breakpoint
-- The least that arrives, and what the partner offers now: the owner is asked where the second fell below the first.
ALTER TABLE "payouts" ADD COLUMN "minimum_brl_centavos" bigint;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "offered_brl_centavos" bigint;--> statement-breakpoint
-- Our own id of one order at the partner, and since when it may have been placed.
ALTER TABLE "payouts" ADD COLUMN "submission_id" uuid;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "problem" text;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "completed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_state_check" CHECK ("payouts"."state" IN ('requested', 'funding', 'funded', 'submitted', 'processing', 'on_hold', 'needs_confirmation', 'completed', 'failed', 'returned', 'cancelled'));--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_way_check" CHECK ("payouts"."way" IN ('cash_out', 'borrow'));--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_provider_check" CHECK ("payouts"."provider" IN ('avenia', 'starkbank'));--> statement-breakpoint
CREATE INDEX "idx_payouts_transaction" ON "payouts" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "idx_payouts_store_id" ON "payouts" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE TABLE "payout_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payout_id" uuid NOT NULL REFERENCES "payouts"("id") ON DELETE cascade,
	"state" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"provider" text,
	"external_id" varchar(255),
	"detail" jsonb,
	CONSTRAINT "payout_steps_external_key" UNIQUE("provider","external_id","state"),
	CONSTRAINT "payout_steps_state_check" CHECK ("payout_steps"."state" IN ('requested', 'funding', 'funded', 'submitted', 'processing', 'on_hold', 'needs_confirmation', 'completed', 'failed', 'returned', 'cancelled'))
);
--> statement-breakpoint
CREATE INDEX "idx_payout_steps_payout" ON "payout_steps" USING btree ("payout_id","at");--> statement-breakpoint

-- The partner's own receipt, fetched by the worker once it is paid: the web process has no key to ask with.
CREATE TABLE "payout_receipts" (
	"payout_id" uuid PRIMARY KEY NOT NULL REFERENCES "payouts"("id") ON DELETE cascade,
	"ticket_id" varchar(255) NOT NULL,
	"pdf" bytea NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
-- The customer's four statuses follow the state: whoever writes one writes both.
CREATE FUNCTION public.payout_status_follows() RETURNS TRIGGER LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.status := CASE
    WHEN NEW.state = 'requested' THEN 'pending'
    WHEN NEW.state = 'completed' THEN 'completed'
    WHEN NEW.state IN ('failed', 'returned', 'cancelled') THEN 'failed'
    ELSE 'processing' END::payout_status;
  RETURN NEW;
END;
$$;--> statement-breakpoint
CREATE TRIGGER payouts_status_follows BEFORE INSERT OR UPDATE OF state ON payouts FOR EACH ROW EXECUTE FUNCTION public.payout_status_follows();--> statement-breakpoint

-- Whether somebody owns this store now, in a session that lives, with an account that is not frozen. A word where not.
CREATE FUNCTION public.payout_refusal(p_store UUID, p_user UUID, p_session UUID) RETURNS TEXT LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM store_members m WHERE m.store_id = p_store AND m.user_id = p_user AND m.role = 'owner' AND m.accepted_at IS NOT NULL) THEN
    RETURN 'forbidden';
  END IF;
  IF NOT EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.user_id = p_user AND s.revoked_at IS NULL AND s.expires_at > now()) THEN
    RETURN 'signed_out';
  END IF;
  IF EXISTS (SELECT FROM users u WHERE u.id = p_user AND u.frozen_at IS NOT NULL) THEN
    RETURN 'frozen';
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.payout_refusal FROM PUBLIC;--> statement-breakpoint

-- What funds a payout: outbox row, pending transaction, payout, step, audit line and event in one transaction, under the store's lock, so that of two that race
-- the second sees what the first took. A payout that waits for a new amount before anything left the store is funded again (p_again). The account that moves is
-- the store's own; the destination is one that was confirmed and has waited, or the account of a member who is in the team long enough.
-- Answers reserved, again, mismatch, forbidden, signed_out, frozen, not_ready, destination, waits (left: seconds), balance (left: micro-dollars), over.
CREATE FUNCTION public.payout_reserve(
  p_id UUID, p_again UUID, p_store UUID, p_user UUID, p_session UUID, p_chain chain_id, p_nonce_key NUMERIC,
  p_type payout_type, p_way TEXT, p_usd NUMERIC, p_fee NUMERIC, p_net NUMERIC, p_brl BIGINT, p_rate NUMERIC, p_rate_at TIMESTAMPTZ,
  p_units NUMERIC, p_dollars NUMERIC, p_parts JSONB, p_terms JSONB,
  p_destination_id UUID, p_destination JSONB, p_provider TEXT, p_payee VARCHAR, p_to UUID, p_minimum BIGINT, p_offered BIGINT, p_wait_seconds INTEGER,
  p_key TEXT, p_fingerprint VARCHAR, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, payout_id UUID, left_amount NUMERIC)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key TEXT := p_user || ':' || p_key;
  v_found RECORD;
  v_word TEXT;
  v_sender VARCHAR(42);
  v_destination RECORD;
  v_since TIMESTAMPTZ;
  v_left RECORD;
  v_payout UUID := COALESCE(p_again, p_id);
BEGIN
  -- What is not there compares with nothing, so it is asked for first.
  IF num_nulls(p_usd, p_fee, p_net, p_units, p_dollars, p_parts, p_payee, p_wait_seconds) > 0 THEN
    RAISE EXCEPTION 'payout_reserve does not make such rows';
  END IF;
  PERFORM store_lock(p_store);
  SELECT t.request_fingerprint, (t.terms->>'payoutId')::uuid AS payout_id INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.payout_id, NULL::NUMERIC;
    RETURN;
  END IF;
  v_word := payout_refusal(p_store, p_user, p_session);
  IF v_word IS NOT NULL THEN
    RETURN QUERY SELECT v_word, NULL::UUID, NULL::NUMERIC;
    RETURN;
  END IF;
  SELECT a.address INTO v_sender FROM store_accounts a JOIN store_deployments d ON d.store_id = a.store_id AND d.chain_id = a.chain_id AND d.status = 'deployed'
  WHERE a.store_id = p_store AND a.chain_id = p_chain;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_ready', NULL::UUID, NULL::NUMERIC;
    RETURN;
  END IF;

  IF p_destination_id IS NOT NULL THEN
    SELECT d.type, d.provider, d.data, d.usable_at INTO v_destination FROM payout_destinations d
    WHERE d.id = p_destination_id AND d.store_id = p_store AND d.removed_at IS NULL AND d.confirmed_at IS NOT NULL AND d.type = p_type;
    IF NOT FOUND OR v_destination.provider IS DISTINCT FROM p_provider OR (p_type = 'wallet' AND v_destination.data->>'address' IS DISTINCT FROM p_payee)
      OR (p_type <> 'wallet' AND NOT EXISTS (SELECT FROM payout_accounts a WHERE a.store_id = p_store AND a.provider = p_provider AND a.deposit_address = p_payee)) THEN
      RETURN QUERY SELECT 'destination', NULL::UUID, NULL::NUMERIC;
      RETURN;
    END IF;
    IF v_destination.usable_at > now() THEN
      RETURN QUERY SELECT 'waits', NULL::UUID, ceil(extract(epoch FROM v_destination.usable_at - now()));
      RETURN;
    END IF;
  ELSE
    SELECT m.accepted_at INTO v_since FROM store_members m JOIN smart_accounts a ON a.user_id = m.user_id AND a.chain_id = p_chain AND a.address = p_payee
    WHERE m.store_id = p_store AND m.user_id = p_to AND m.accepted_at IS NOT NULL;
    IF NOT FOUND OR p_type <> 'wallet' OR p_provider IS NOT NULL THEN
      RETURN QUERY SELECT 'destination', NULL::UUID, NULL::NUMERIC;
      RETURN;
    END IF;
    -- The own account is known; somebody who has only just joined is a new destination.
    IF p_to <> p_user AND v_since > now() - make_interval(secs => p_wait_seconds) THEN
      RETURN QUERY SELECT 'waits', NULL::UUID, ceil(extract(epoch FROM v_since + make_interval(secs => p_wait_seconds) - now()));
      RETURN;
    END IF;
  END IF;

  SELECT * INTO v_left FROM store_available(p_store, p_chain);
  IF v_left.units < p_units OR v_left.usd_micros < p_dollars OR p_units < 0 OR p_dollars < 0 OR p_net <= 0 THEN
    RETURN QUERY SELECT 'balance', NULL::UUID, v_left.usd_micros;
    RETURN;
  END IF;
  IF p_again IS NOT NULL AND NOT EXISTS (
    SELECT FROM payouts p WHERE p.id = p_again AND p.store_id = p_store AND p.state IN ('needs_confirmation', 'failed') AND p.funded_usd IS NULL AND p.payout_type = p_type FOR NO KEY UPDATE) THEN
    RETURN QUERY SELECT 'over', NULL::UUID, NULL::NUMERIC;
    RETURN;
  END IF;

  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES (p_id, p_chain, 'store_payout', p_id, v_sender, p_nonce_key);
  INSERT INTO transactions (
    id, to_user_id, store_id, type, purpose, amount_usd, tokens_used, chain_id, bundle_id, payee_address, terms,
    idempotency_key, request_fingerprint, amount_brl_centavos, brl_per_usd, rate_at, session_id)
  VALUES (
    p_id, p_to, p_store, 'payout', 'payout', p_net, p_parts, p_chain, p_id::text, p_payee, p_terms || jsonb_build_object('payoutId', v_payout),
    v_key, p_fingerprint, p_brl, p_rate, p_rate_at, p_session);
  IF p_again IS NULL THEN
    INSERT INTO payouts (id, store_id, requested_by, amount_usd, fee_usd, payout_type, destination, state, idempotency_key, request_fingerprint, chain_id, transaction_id, operation_id,
      quote, amount_brl_centavos, way, provider, destination_id, minimum_brl_centavos, offered_brl_centavos, submission_id)
    VALUES (p_id, p_store, p_user, p_usd, p_fee, p_type, p_destination, 'requested', v_key, p_fingerprint, p_chain, p_id, p_id,
      p_terms, p_brl, p_way, p_provider, p_destination_id, p_minimum, p_offered, CASE WHEN p_provider IS NULL THEN NULL ELSE p_id END);
  ELSE
    UPDATE payouts SET requested_by = p_user, amount_usd = p_usd, fee_usd = p_fee, destination = p_destination, state = 'requested', chain_id = p_chain, transaction_id = p_id, operation_id = p_id,
      quote = p_terms, amount_brl_centavos = p_brl, way = p_way, destination_id = p_destination_id, minimum_brl_centavos = p_minimum, offered_brl_centavos = p_offered, problem = NULL, error_message = NULL
    WHERE id = p_again;
  END IF;
  INSERT INTO payout_steps (id, payout_id, state, provider, external_id) VALUES (p_id, v_payout, 'requested', 'cocopay', p_id::text);
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values, metadata)
  VALUES (p_id, p_user, p_ip, p_agent, 'payout.requested', 'payout', v_payout, jsonb_build_object('type', p_type, 'way', p_way, 'amount_usd', p_usd::text, 'net_usd', p_net::text, 'provider', p_provider), jsonb_build_object('storeId', p_store));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (p_id, 'payout_requested', jsonb_build_object('store_id', p_store, 'type', p_type, 'way', p_way, 'amount_usd', p_usd::text), p_user, p_session, p_ip, p_agent);
  PERFORM enqueue_job('payouts.advance', json_build_object('payoutId', v_payout), 'payouts.advance:' || v_payout, now());
  RETURN QUERY SELECT 'reserved', v_payout, NULL::NUMERIC;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.payout_reserve FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.payout_reserve TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- The owner's word on a payout whose dollars are at the partner: `accept` says yes to exactly the amount that is offered, `retry` orders once more with
-- the money that is there, to the same destination or another one that is usable. Nothing is funded again.
-- Answers done, forbidden, signed_out, frozen, not_found, moved, over, waits (left: seconds), destination.
CREATE FUNCTION public.payout_answer(p_payout UUID, p_store UUID, p_user UUID, p_session UUID, p_word TEXT, p_offered BIGINT, p_minimum BIGINT, p_destination_id UUID, p_destination JSONB, p_ip INET, p_agent TEXT)
RETURNS TABLE (result TEXT, left_amount NUMERIC)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_payout RECORD;
  v_word TEXT;
  v_destination RECORD;
BEGIN
  v_word := payout_refusal(p_store, p_user, p_session);
  IF v_word IS NOT NULL THEN
    RETURN QUERY SELECT v_word, NULL::NUMERIC;
    RETURN;
  END IF;
  SELECT p.* INTO v_payout FROM payouts p WHERE p.id = p_payout AND p.store_id = p_store FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_found', NULL::NUMERIC;
    RETURN;
  END IF;
  IF v_payout.provider IS NULL OR v_payout.credited_at IS NULL OR (p_word = 'accept' AND v_payout.state <> 'needs_confirmation') OR (p_word = 'retry' AND v_payout.state NOT IN ('failed', 'returned')) OR p_word NOT IN ('accept', 'retry') THEN
    RETURN QUERY SELECT 'over', NULL::NUMERIC;
    RETURN;
  END IF;
  IF p_word = 'accept' AND v_payout.offered_brl_centavos IS DISTINCT FROM p_offered THEN
    RETURN QUERY SELECT 'moved', NULL::NUMERIC;
    RETURN;
  END IF;
  IF p_word = 'retry' AND p_destination_id IS NOT NULL AND p_destination_id IS DISTINCT FROM v_payout.destination_id THEN
    SELECT d.type, d.usable_at INTO v_destination FROM payout_destinations d
    WHERE d.id = p_destination_id AND d.store_id = p_store AND d.removed_at IS NULL AND d.confirmed_at IS NOT NULL AND d.provider = v_payout.provider;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'destination', NULL::NUMERIC;
      RETURN;
    END IF;
    IF v_destination.usable_at > now() THEN
      RETURN QUERY SELECT 'waits', ceil(extract(epoch FROM v_destination.usable_at - now()));
      RETURN;
    END IF;
    UPDATE payouts SET destination_id = p_destination_id, destination = p_destination, payout_type = v_destination.type WHERE id = p_payout;
  END IF;
  UPDATE payouts SET state = 'funded', problem = NULL, error_message = NULL, external_id = NULL, asked_at = NULL, end_to_end_id = NULL, completed_at = NULL,
    minimum_brl_centavos = CASE WHEN p_word = 'accept' THEN p_minimum ELSE minimum_brl_centavos END,
    submission_id = CASE WHEN p_word = 'retry' THEN gen_random_uuid() ELSE submission_id END
  WHERE id = p_payout;
  INSERT INTO payout_steps (id, payout_id, state, detail) VALUES (gen_random_uuid(), p_payout, 'funded', jsonb_build_object('word', p_word));
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, old_values, new_values, metadata)
  VALUES (gen_random_uuid(), p_user, p_ip, p_agent, CASE WHEN p_word = 'accept' THEN 'payout.accepted' ELSE 'payout.retried' END, 'payout', p_payout,
    jsonb_build_object('state', v_payout.state), jsonb_build_object('offered_brl_centavos', p_offered, 'destination_id', p_destination_id), jsonb_build_object('storeId', p_store));
  PERFORM enqueue_job('payouts.advance', json_build_object('payoutId', p_payout), 'payouts.advance:' || p_payout, now());
  RETURN QUERY SELECT 'done', NULL::NUMERIC;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.payout_answer FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.payout_answer TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- Owners hear of a new destination on every device; the list of kinds grows by it.
DO $$ DECLARE
  v_kinds TEXT := (SELECT string_agg(quote_literal(kind), ', ') FROM (
    SELECT (regexp_matches(pg_get_constraintdef(oid), '''([a-z0-9_]+)''', 'g'))[1] AS kind FROM pg_constraint WHERE conname = 'notices_kind_check' AND conrelid = 'notices'::regclass) AS known);
BEGIN
  ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
  EXECUTE 'ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN (' || v_kinds || ', ''payout_destination_added''))';
END $$;--> statement-breakpoint

-- The web process asks and looks; where money goes and what became of it is written by the functions above and by the worker.
REVOKE INSERT, UPDATE, DELETE ON payouts FROM cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON payout_destinations, payout_accounts, payout_prices, payout_steps, payout_receipts TO cocopay_worker;--> statement-breakpoint
GRANT SELECT ON payout_destinations, payout_accounts, payout_prices, payout_steps, payout_receipts TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, store_id, type, provider, fingerprint, data, shown, label, lookup, created_by) ON payout_destinations TO cocopay_web;--> statement-breakpoint
GRANT UPDATE (confirmed_at, usable_at, removed_at, label) ON payout_destinations TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, store_id, user_id, destination_id, amount_usd) ON payout_prices TO cocopay_web;
