-- The payment that takes a charge. The charge's row is locked before the payer's balances, so of many payers at once one is first and the others wait
-- here and are told. What is paid is the charge's own dollars and reais at its own rate, and the tip beside them: a quote that says anything else is
-- refused. An earlier payment that failed leaves the charge open.
-- Answers like pay_reserve, and 'charge_unknown' (no such charge, another store's, or other amounts), 'charge_not_yours', 'charge_paid' with the payment
-- that was first, 'charge_over', 'tip_not_allowed'.
CREATE FUNCTION public.pay_charge(
  p_charge UUID, p_tip_usd NUMERIC, p_tip_brl BIGINT,
  p_id UUID, p_payer UUID, p_store UUID, p_chain chain_id, p_nonce_key NUMERIC,
  p_usd NUMERIC, p_brl BIGINT, p_rate NUMERIC, p_rate_at TIMESTAMPTZ,
  p_tokens VARCHAR[], p_amounts NUMERIC[], p_parts JSONB, p_reward JSONB,
  p_key TEXT, p_fingerprint VARCHAR, p_limits JSONB,
  p_session UUID, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, transaction_id UUID, left_usd NUMERIC, wait_seconds INTEGER)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_charge RECORD;
  v_first RECORD;
  v_reserved RECORD;
BEGIN
  SELECT c.* INTO v_charge FROM charges c WHERE c.id = p_charge FOR NO KEY UPDATE;
  -- A statement of its own, after the lock: what it waited for is seen from here on, the twin of this very request among it.
  SELECT t.id, t.request_fingerprint INTO v_first FROM transactions t WHERE t.idempotency_key = p_payer || ':' || p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_first.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_first.id, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  IF v_charge.id IS NULL OR v_charge.store_id IS DISTINCT FROM p_store THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_charge.customer_id <> p_payer THEN
    RETURN QUERY SELECT 'charge_not_yours', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  SELECT t.id INTO v_first FROM transactions t WHERE t.id = v_charge.transaction_id AND t.status <> 'failed';
  IF FOUND THEN
    RETURN QUERY SELECT 'charge_paid', v_first.id, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_charge.cancelled_at IS NOT NULL OR v_charge.expires_at <= clock_timestamp() THEN
    RETURN QUERY SELECT 'charge_over', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  -- What is not there compares with nothing, so it is asked for first.
  IF num_nulls(p_tip_usd, p_tip_brl, p_usd, p_brl, p_rate) > 0 THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  IF (p_tip_usd <> 0 OR p_tip_brl <> 0) AND NOT v_charge.is_tip_allowed THEN
    RETURN QUERY SELECT 'tip_not_allowed', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;
  -- The tip is at most the charge itself, and there in both currencies or in none.
  IF p_tip_usd < 0 OR p_tip_brl < 0 OR p_tip_brl > v_charge.amount_brl_centavos OR (p_tip_usd > 0) <> (p_tip_brl > 0)
    OR p_usd <> v_charge.amount_usd + p_tip_usd OR p_brl <> v_charge.amount_brl_centavos + p_tip_brl
    OR p_rate <> v_charge.brl_per_usd THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::NUMERIC, NULL::INTEGER;
    RETURN;
  END IF;

  SELECT r.* INTO v_reserved FROM pay_reserve(
    p_id, p_payer, p_store, p_chain, p_nonce_key, p_usd, p_brl, v_charge.brl_per_usd, v_charge.rate_at,
    p_tokens, p_amounts, p_parts, p_reward, p_key, p_fingerprint, p_limits, p_session, p_ip, p_agent) r;
  IF v_reserved.result = 'reserved' THEN
    UPDATE transactions SET charge_id = p_charge, tip_usd = p_tip_usd, tip_brl_centavos = p_tip_brl WHERE id = p_id;
    UPDATE charges SET transaction_id = p_id WHERE id = p_charge;
  END IF;
  RETURN QUERY SELECT v_reserved.result::text, v_reserved.transaction_id::uuid, v_reserved.left_usd::numeric, v_reserved.wait_seconds::integer;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.pay_charge FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.pay_charge TO cocopay_web, cocopay_worker;
