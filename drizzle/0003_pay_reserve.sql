-- The pay path: one round trip that locks what is spent in id order, reads what is available, decides and writes
-- (data-model/MODEL.md §1). No row of the store is touched and nothing notifies inside.
-- Answers: reserved, again (same key, same fingerprint), mismatch (same key, other contents), insufficient, day_limit.
-- SECURITY DEFINER: the web role locks balances here and can write them nowhere.
CREATE FUNCTION public.pay_reserve(
  p_id UUID, p_payer UUID, p_store UUID, p_chain chain_id, p_sender VARCHAR, p_nonce_key NUMERIC,
  p_usd NUMERIC, p_brl BIGINT, p_rate NUMERIC, p_rate_at TIMESTAMPTZ,
  p_balances UUID[], p_amounts NUMERIC[], p_parts JSONB, p_reward JSONB,
  p_key TEXT, p_fingerprint VARCHAR, p_day_limit NUMERIC, p_session UUID, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, transaction_id UUID)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key TEXT := p_payer || ':' || p_key;
  v_found RECORD;
  v_part RECORD;
  v_code VARCHAR(6);
BEGIN
  SELECT t.id, t.request_fingerprint INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id;
    RETURN;
  END IF;

  PERFORM 1 FROM token_balances b WHERE b.id = ANY (p_balances) ORDER BY b.id FOR NO KEY UPDATE;

  -- The twin request may have committed while this one waited for the lock.
  SELECT t.id, t.request_fingerprint INTO v_found FROM transactions t WHERE t.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id;
    RETURN;
  END IF;

  FOR v_part IN
    SELECT part.amount, b.user_id, b.chain_id,
           b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = part.id AND r.released_at IS NULL), 0) AS available
    FROM unnest(p_balances, p_amounts) AS part(id, amount) LEFT JOIN token_balances b ON b.id = part.id
  LOOP
    IF v_part.user_id IS DISTINCT FROM p_payer OR v_part.chain_id IS DISTINCT FROM p_chain THEN
      RAISE EXCEPTION 'balance is not the payer''s';
    END IF;
    IF v_part.available < v_part.amount THEN
      RETURN QUERY SELECT 'insufficient', NULL::UUID;
      RETURN;
    END IF;
  END LOOP;

  IF p_usd + COALESCE((
    SELECT sum(t.amount_usd) FROM transactions t
    WHERE t.from_user_id = p_payer AND t.status <> 'failed' AND t.created_at > now() - INTERVAL '24 hours'), 0) > p_day_limit THEN
    RETURN QUERY SELECT 'day_limit', NULL::UUID;
    RETURN;
  END IF;

  LOOP
    v_code := generate_confirmation_code();
    EXIT WHEN NOT EXISTS (SELECT 1 FROM transactions t WHERE t.store_id = p_store AND t.confirmation_code = v_code);
  END LOOP;

  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key)
  VALUES (p_id, p_chain, 'payment', p_id, p_sender, p_nonce_key);
  INSERT INTO transactions (
    id, from_user_id, store_id, type, amount_usd, tokens_used, rewards_earned, chain_id, bundle_id, confirmation_code,
    idempotency_key, request_fingerprint, amount_brl_centavos, brl_per_usd, rate_at)
  VALUES (
    p_id, p_payer, p_store, 'payment', p_usd, p_parts, p_reward, p_chain, p_id::text, v_code,
    v_key, p_fingerprint, p_brl, p_rate, p_rate_at);
  INSERT INTO balance_reservations (operation_id, token_balance_id, amount)
  SELECT p_id, part.id, part.amount FROM unnest(p_balances, p_amounts) AS part(id, amount);
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (gen_random_uuid(), p_payer, p_ip, p_agent, 'payment.confirmed_by_payer', 'transaction', p_id, jsonb_build_object('amount_usd', p_usd::text, 'store_id', p_store));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (p_id, 'payment_requested', jsonb_build_object('store_id', p_store, 'amount_usd', p_usd::text), p_payer, p_session, p_ip, p_agent);
  RETURN QUERY SELECT 'reserved', p_id;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.pay_reserve(UUID, UUID, UUID, chain_id, VARCHAR, NUMERIC, NUMERIC, BIGINT, NUMERIC, TIMESTAMPTZ, UUID[], NUMERIC[], JSONB, JSONB, TEXT, VARCHAR, NUMERIC, UUID, INET, TEXT) FROM PUBLIC;
