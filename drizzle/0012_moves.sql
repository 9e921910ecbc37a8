-- Money that moves without a counter: sends, bonus, repayments, money brought together. What a person moves is a transaction like a payment, with a
-- purpose finer than its type, and goes through one function as payments do.
ALTER TABLE "transactions" ADD COLUMN "purpose" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_purpose_check" CHECK ("transactions"."purpose" IN ('send', 'request', 'top_up', 'incoming', 'refund', 'cash_out', 'advance', 'headroom', 'repayment', 'dollars', 'rewards'));--> statement-breakpoint
-- Where it goes, for a send to an address that is none of ours.
ALTER TABLE "transactions" ADD COLUMN "payee_address" varchar(42);--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "note" varchar(140);--> statement-breakpoint
-- What the screen promised beside the amount: fee lines, minimums, dates.
ALTER TABLE "transactions" ADD COLUMN "terms" jsonb;--> statement-breakpoint
ALTER TABLE "user_operations" DROP CONSTRAINT "user_operations_kind_check";--> statement-breakpoint
ALTER TABLE "user_operations" ADD CONSTRAINT "user_operations_kind_check" CHECK ("user_operations"."kind" IN ('payment', 'store_deployment', 'reserved_distribution', 'owner_change', 'guest_refund', 'transfer', 'cash_out', 'loan_claim', 'loan_reallocation', 'loan_repayment', 'dollars_burn', 'rewards_prepare'));--> statement-breakpoint
-- `held`: promised to somebody who has not accepted yet; its money is reserved and nothing signs it.
ALTER TABLE "user_operations" DROP CONSTRAINT "user_operations_status_check";--> statement-breakpoint
ALTER TABLE "user_operations" ADD CONSTRAINT "user_operations_status_check" CHECK ("user_operations"."status" IN ('held', 'queued', 'prepared', 'submitted', 'succeeded', 'reverted', 'expired'));--> statement-breakpoint
-- When it came into the outbox: a held one was made long before.
ALTER TABLE "user_operations" ADD COLUMN "queued_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_user_operations_subject" ON "user_operations" USING btree ("subject_id");--> statement-breakpoint

-- Why a person may not spend this now, or nothing. One rule for payments and for everything else that leaves an account: the session lives, the
-- account is not frozen, the day and the new device have room, and a large amount stands on a second factor. p_limits comes from
-- lib/limits/rules.ts; without it (money that stays the person's own) only session and freeze count. A right that was waited for is used up
-- here, so this comes last before the rows are written. A day's sum holds what left by choice: payments and sends; not what came
-- from the person's own wallets (origin), nor loans and moves between the person's own places. It runs with its callers' rights and search_path: setting
-- them again would cost every payment some microseconds.
CREATE FUNCTION public.spending_refusal(p_payer UUID, p_session UUID, p_usd NUMERIC, p_limits JSONB, p_ip INET, p_agent TEXT)
RETURNS TABLE (result TEXT, left_usd NUMERIC, wait_seconds INTEGER)
LANGUAGE plpgsql AS $$
DECLARE
  v_person RECORD;
  v_left NUMERIC;
  v_wait RECORD;
BEGIN
  SELECT u.frozen_at, s.stepped_up_at, COALESCE(s.limited_until > now(), FALSE) AS is_new_device,
         s.id IS NULL OR s.revoked_at IS NOT NULL OR s.expires_at <= now() AS is_signed_out,
         u.created_at > now() - make_interval(days => COALESCE((p_limits->>'new_account_days')::integer, 0)) AS is_new_account INTO v_person
  FROM users u LEFT JOIN sessions s ON s.id = p_session AND s.user_id = u.id
  WHERE u.id = p_payer;
  IF NOT FOUND OR v_person.is_signed_out THEN
    RETURN QUERY SELECT 'signed_out', NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_person.frozen_at IS NOT NULL THEN
    RETURN QUERY SELECT 'frozen', NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF p_limits IS NULL THEN
    RETURN QUERY SELECT NULL::TEXT, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  IF v_person.is_new_device THEN
    v_left := (p_limits->>'new_device_day')::numeric - COALESCE((
      SELECT sum(t.amount_usd) FROM transactions t JOIN sessions s ON s.id = t.session_id
      WHERE t.from_user_id = p_payer AND t.type IN ('payment', 'received') AND t.status <> 'failed' AND t.origin IS NULL
        AND t.created_at > now() - INTERVAL '24 hours' AND s.limited_until > t.created_at), 0);
    IF p_usd > v_left THEN
      RETURN QUERY SELECT 'new_device', GREATEST(v_left, 0), NULL::INTEGER;
      RETURN;
    END IF;
  END IF;
  v_left := (p_limits->>CASE WHEN v_person.is_new_account THEN 'new_account_day' ELSE 'day' END)::numeric - COALESCE((
    SELECT sum(t.amount_usd) FROM transactions t
    WHERE t.from_user_id = p_payer AND t.type IN ('payment', 'received') AND t.status <> 'failed' AND t.origin IS NULL
      AND t.created_at > now() - INTERVAL '24 hours'), 0);
  IF p_usd > v_left THEN
    RETURN QUERY SELECT CASE WHEN v_person.is_new_account THEN 'new_account_day' ELSE 'day' END, GREATEST(v_left, 0), NULL::INTEGER;
    RETURN;
  END IF;

  -- A large amount stands on a signature of the last minutes, or uses up a right that was waited for (lib/auth/step-up.ts).
  IF p_usd >= (p_limits->>'large')::numeric
    AND COALESCE(v_person.stepped_up_at <= now() - make_interval(secs => (p_limits->>'step_up_seconds')::integer), TRUE) THEN
    SELECT w.id, w.ready_at INTO v_wait FROM step_up_waits w
    WHERE w.user_id = p_payer AND w.purpose = 'large_payment' AND w.used_at IS NULL AND w.cancelled_at IS NULL AND w.expires_at > now()
    ORDER BY w.ready_at LIMIT 1 FOR UPDATE;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'step_up', NULL::NUMERIC, NULL::INTEGER;
      RETURN;
    ELSIF v_wait.ready_at > now() THEN
      RETURN QUERY SELECT 'step_up_waiting', NULL::NUMERIC, ceil(extract(epoch FROM v_wait.ready_at - now()))::integer;
      RETURN;
    END IF;
    UPDATE step_up_waits SET used_at = now() WHERE id = v_wait.id;
    INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
    VALUES (gen_random_uuid(), p_payer, p_ip, p_agent, 'step_up.used', 'session', p_session, jsonb_build_object('purpose', 'large_payment', 'waited', TRUE));
  END IF;
  RETURN QUERY SELECT NULL::TEXT, NULL::NUMERIC, NULL::INTEGER;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.spending_refusal FROM PUBLIC;--> statement-breakpoint

DROP FUNCTION public.pay_reserve;--> statement-breakpoint
-- The pay path of 0007; what a person may spend is asked of the one rule above.
CREATE FUNCTION public.pay_reserve(
  p_id UUID, p_payer UUID, p_store UUID, p_chain chain_id, p_nonce_key NUMERIC,
  p_usd NUMERIC, p_brl BIGINT, p_rate NUMERIC, p_rate_at TIMESTAMPTZ,
  p_tokens VARCHAR[], p_amounts NUMERIC[], p_parts JSONB, p_reward JSONB,
  p_key TEXT, p_fingerprint VARCHAR, p_limits JSONB,
  p_session UUID, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, transaction_id UUID, left_usd NUMERIC, wait_seconds INTEGER)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key TEXT := p_payer || ':' || p_key;
  v_found RECORD;
  v_account RECORD;
  v_store RECORD;
  v_part RECORD;
  v_ids UUID[] := '{}';
  v_refusal RECORD;
  v_code VARCHAR(6);
BEGIN
  SELECT t.id, t.request_fingerprint INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  -- A person's payments on different chains lock different balances, but share the day's limit.
  PERFORM pg_advisory_xact_lock(hashtextextended('pay:' || p_payer, 0));
  -- Locks in id order, so that two payments of one person never wait for each other in a circle.
  FOR v_part IN
    SELECT b.id FROM token_balances b
    WHERE b.user_id = p_payer AND b.chain_id = p_chain AND b.token_address = ANY (p_tokens) ORDER BY b.id FOR NO KEY UPDATE
  LOOP
    v_ids := v_ids || v_part.id;
  END LOOP;

  -- The twin request may have committed while this one waited for the lock.
  SELECT t.id, t.request_fingerprint INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  SELECT a.address INTO v_account FROM smart_accounts a WHERE a.user_id = p_payer AND a.chain_id = p_chain;
  IF NOT FOUND OR cardinality(v_ids) <> cardinality(p_tokens) THEN
    RETURN QUERY SELECT 'account_not_ready', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  SELECT d.token_address, s.closed_at INTO v_store
  FROM store_deployments d JOIN stores s ON s.id = d.store_id WHERE d.store_id = p_store AND d.chain_id = p_chain AND d.status = 'deployed';
  IF NOT FOUND OR v_store.closed_at IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN FOUND THEN 'store_closed' ELSE 'store_not_ready' END, NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  FOR v_part IN
    SELECT part.amount, b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0) AS available
    FROM unnest(p_tokens, p_amounts) AS part(token, amount)
    JOIN token_balances b ON b.user_id = p_payer AND b.chain_id = p_chain AND b.token_address = part.token
  LOOP
    IF v_part.available < v_part.amount THEN
      RETURN QUERY SELECT 'insufficient', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
      RETURN;
    END IF;
  END LOOP;

  SELECT * INTO v_refusal FROM spending_refusal(p_payer, p_session, p_usd, p_limits, p_ip, p_agent);
  IF v_refusal.result IS NOT NULL THEN
    RETURN QUERY SELECT v_refusal.result, NULL::UUID, v_refusal.left_usd, v_refusal.wait_seconds;
    RETURN;
  END IF;

  LOOP
    v_code := generate_confirmation_code();
    EXIT WHEN NOT EXISTS (SELECT 1 FROM transactions t WHERE t.store_id = p_store AND t.confirmation_code = v_code);
  END LOOP;

  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key)
  VALUES (p_id, p_chain, 'payment', p_id, v_account.address, p_nonce_key);
  INSERT INTO transactions (
    id, from_user_id, store_id, type, amount_usd, tokens_used, rewards_earned, chain_id, bundle_id, confirmation_code,
    idempotency_key, request_fingerprint, amount_brl_centavos, brl_per_usd, rate_at, session_id)
  VALUES (
    p_id, p_payer, p_store, 'payment', p_usd, p_parts, p_reward || jsonb_build_object('token_address', v_store.token_address), p_chain, p_id::text, v_code,
    v_key, p_fingerprint, p_brl, p_rate, p_rate_at, p_session);
  INSERT INTO balance_reservations (operation_id, token_balance_id, amount)
  SELECT p_id, b.id, part.amount FROM unnest(p_tokens, p_amounts) AS part(token, amount)
  JOIN token_balances b ON b.user_id = p_payer AND b.chain_id = p_chain AND b.token_address = part.token;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (p_id, p_payer, p_ip, p_agent, 'payment.confirmed_by_payer', 'transaction', p_id, jsonb_build_object('amount_usd', p_usd::text, 'store_id', p_store));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (p_id, 'payment_requested', jsonb_build_object('store_id', p_store, 'amount_usd', p_usd::text), p_payer, p_session, p_ip, p_agent);
  RETURN QUERY SELECT 'reserved', p_id, NULL::NUMERIC, NULL::INTEGER;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.pay_reserve FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.pay_reserve TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- Everything that leaves a balance of a person for another reason than a payment at a store: the outbox row, the pending transaction, the
-- reservation, the audit line and the event in one transaction, as pay_reserve does it. The row says where it goes; the worker builds its calls from
-- there. The account that moves is p_mover's; from and to are what the activity shows (both the mover's for a claim).
-- Answers like pay_reserve, without the store's words.
CREATE FUNCTION public.move_reserve(
  p_id UUID, p_mover UUID, p_session UUID, p_chain chain_id, p_kind TEXT, p_status TEXT, p_nonce_key NUMERIC,
  p_type transaction_type, p_purpose TEXT, p_from UUID, p_to UUID, p_store UUID, p_payee VARCHAR, p_note VARCHAR,
  p_usd NUMERIC, p_brl BIGINT, p_rate NUMERIC, p_rate_at TIMESTAMPTZ,
  p_tokens VARCHAR[], p_amounts NUMERIC[], p_parts JSONB, p_terms JSONB,
  p_key TEXT, p_fingerprint VARCHAR, p_limits JSONB, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, transaction_id UUID, left_usd NUMERIC, wait_seconds INTEGER)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key TEXT := p_mover || ':' || p_key;
  v_found RECORD;
  v_sender VARCHAR(42);
  v_part RECORD;
  v_ids UUID[] := '{}';
  v_refusal RECORD;
BEGIN
  IF p_type = 'payment' OR p_kind = 'payment' OR p_status NOT IN ('queued', 'held') OR (p_type = 'received' AND p_limits IS NULL) THEN
    RAISE EXCEPTION 'move_reserve does not make such rows';
  END IF;
  -- The same lock as a payment's: of two requests that race, the second sees what the first did.
  PERFORM pg_advisory_xact_lock(hashtextextended('pay:' || p_mover, 0));
  SELECT t.id, t.request_fingerprint INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  FOR v_part IN
    SELECT b.id FROM token_balances b
    WHERE b.user_id = p_mover AND b.chain_id = p_chain AND b.token_address = ANY (p_tokens) ORDER BY b.id FOR NO KEY UPDATE
  LOOP
    v_ids := v_ids || v_part.id;
  END LOOP;
  SELECT a.address INTO v_sender FROM smart_accounts a WHERE a.user_id = p_mover AND a.chain_id = p_chain;
  IF NOT FOUND OR cardinality(v_ids) <> cardinality(p_tokens) THEN
    RETURN QUERY SELECT 'account_not_ready', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  FOR v_part IN
    SELECT part.amount, b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0) AS available
    FROM unnest(p_tokens, p_amounts) AS part(token, amount)
    JOIN token_balances b ON b.user_id = p_mover AND b.chain_id = p_chain AND b.token_address = part.token
  LOOP
    IF v_part.available < v_part.amount THEN
      RETURN QUERY SELECT 'insufficient', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
      RETURN;
    END IF;
  END LOOP;
  SELECT * INTO v_refusal FROM spending_refusal(p_mover, p_session, p_usd, p_limits, p_ip, p_agent);
  IF v_refusal.result IS NOT NULL THEN
    RETURN QUERY SELECT v_refusal.result, NULL::UUID, v_refusal.left_usd, v_refusal.wait_seconds;
    RETURN;
  END IF;

  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key, status)
  VALUES (p_id, p_chain, p_kind, p_id, v_sender, p_nonce_key, p_status);
  INSERT INTO transactions (
    id, from_user_id, to_user_id, store_id, type, purpose, amount_usd, tokens_used, chain_id, bundle_id, payee_address, note, terms,
    idempotency_key, request_fingerprint, amount_brl_centavos, brl_per_usd, rate_at, session_id)
  VALUES (
    p_id, p_from, p_to, p_store, p_type, p_purpose, p_usd, p_parts, p_chain, p_id::text, p_payee, p_note, p_terms,
    v_key, p_fingerprint, p_brl, p_rate, p_rate_at, p_session);
  INSERT INTO balance_reservations (operation_id, token_balance_id, amount)
  SELECT p_id, b.id, part.amount FROM unnest(p_tokens, p_amounts) AS part(token, amount)
  JOIN token_balances b ON b.user_id = p_mover AND b.chain_id = p_chain AND b.token_address = part.token;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (p_id, p_mover, p_ip, p_agent, 'money.moved_by_owner', 'transaction', p_id, jsonb_build_object('purpose', p_purpose, 'amount_usd', p_usd::text, 'to_user_id', p_to, 'payee', p_payee));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (p_id, p_purpose || '_requested', jsonb_build_object('amount_usd', p_usd::text), p_mover, p_session, p_ip, p_agent);
  RETURN QUERY SELECT 'reserved', p_id, NULL::NUMERIC, NULL::INTEGER;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.move_reserve FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.move_reserve TO cocopay_web, cocopay_worker;
