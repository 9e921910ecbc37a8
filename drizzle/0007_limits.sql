-- The pay path of 0003 with the limits of PRODUCT.md §7: frozen accounts, new devices, large payments, and the session that confirmed.
-- Its limits come as one object from lib/limits/rules.ts, in dollars. Answers: reserved, again (same key, same fingerprint), mismatch
-- (same key, other contents), insufficient, new_device, new_account_day and day (with what is left), step_up, step_up_waiting (with its
-- seconds), frozen, signed_out, account_not_ready, store_not_ready, store_closed.
DROP FUNCTION public.pay_reserve;--> statement-breakpoint
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
  v_left NUMERIC;
  v_wait RECORD;
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

  SELECT a.address, u.frozen_at, s.stepped_up_at, COALESCE(s.limited_until > now(), FALSE) AS is_new_device,
         s.id IS NULL OR s.revoked_at IS NOT NULL OR s.expires_at <= now() AS is_signed_out,
         u.created_at > now() - make_interval(days => (p_limits->>'new_account_days')::integer) AS is_new_account INTO v_account
  FROM smart_accounts a JOIN users u ON u.id = a.user_id LEFT JOIN sessions s ON s.id = p_session AND s.user_id = a.user_id
  WHERE a.user_id = p_payer AND a.chain_id = p_chain;
  IF NOT FOUND OR cardinality(v_ids) <> cardinality(p_tokens) THEN
    RETURN QUERY SELECT 'account_not_ready', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_account.is_signed_out OR v_account.frozen_at IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_account.is_signed_out THEN 'signed_out' ELSE 'frozen' END, NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
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

  -- What came from the person's own wallets (origin) is none of our limits' business.
  IF v_account.is_new_device THEN
    v_left := (p_limits->>'new_device_day')::numeric - COALESCE((
      SELECT sum(t.amount_usd) FROM transactions t JOIN sessions s ON s.id = t.session_id
      WHERE t.from_user_id = p_payer AND t.status <> 'failed' AND t.origin IS NULL AND t.created_at > now() - INTERVAL '24 hours' AND s.limited_until > t.created_at), 0);
    IF p_usd > v_left THEN
      RETURN QUERY SELECT 'new_device', NULL::UUID, GREATEST(v_left, 0), NULL::INTEGER;
      RETURN;
    END IF;
  END IF;
  v_left := (p_limits->>CASE WHEN v_account.is_new_account THEN 'new_account_day' ELSE 'day' END)::numeric - COALESCE((
    SELECT sum(t.amount_usd) FROM transactions t
    WHERE t.from_user_id = p_payer AND t.status <> 'failed' AND t.origin IS NULL AND t.created_at > now() - INTERVAL '24 hours'), 0);
  IF p_usd > v_left THEN
    RETURN QUERY SELECT CASE WHEN v_account.is_new_account THEN 'new_account_day' ELSE 'day' END, NULL::UUID, GREATEST(v_left, 0), NULL::INTEGER;
    RETURN;
  END IF;

  -- A large payment stands on a signature of the last minutes, or uses up a right that was waited for (lib/auth/step-up.ts).
  IF p_usd >= (p_limits->>'large')::numeric
    AND COALESCE(v_account.stepped_up_at <= now() - make_interval(secs => (p_limits->>'step_up_seconds')::integer), TRUE) THEN
    SELECT w.id, w.ready_at INTO v_wait FROM step_up_waits w
    WHERE w.user_id = p_payer AND w.purpose = 'large_payment' AND w.used_at IS NULL AND w.cancelled_at IS NULL AND w.expires_at > now()
    ORDER BY w.ready_at LIMIT 1 FOR UPDATE;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'step_up', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
      RETURN;
    ELSIF v_wait.ready_at > now() THEN
      RETURN QUERY SELECT 'step_up_waiting', NULL::UUID, NULL::NUMERIC, ceil(extract(epoch FROM v_wait.ready_at - now()))::integer;
      RETURN;
    END IF;
    UPDATE step_up_waits SET used_at = now() WHERE id = v_wait.id;
    INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
    VALUES (gen_random_uuid(), p_payer, p_ip, p_agent, 'step_up.used', 'session', p_session, jsonb_build_object('purpose', 'large_payment', 'waited', TRUE));
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
GRANT EXECUTE ON FUNCTION public.pay_reserve TO cocopay_web, cocopay_worker;
