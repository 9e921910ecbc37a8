-- A charge paid by a wallet of somebody's own. The price that a wallet is shown takes the charge for a few minutes, so that nobody else pays it meanwhile;
-- the payment itself is still the chain's event alone, and the follower ties it to its charge.
ALTER TABLE "guest_payments" ADD COLUMN "charge_id" uuid REFERENCES "charges"("id");--> statement-breakpoint
ALTER TABLE "guest_payments" ADD COLUMN "tip_usd" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "guest_payments" ADD COLUMN "tip_brl_centavos" bigint;--> statement-breakpoint
ALTER TABLE "guest_payments" ADD COLUMN "released_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "guest_payments" ADD CONSTRAINT "guest_payments_charge_check" CHECK (num_nonnulls("guest_payments"."charge_id", "guest_payments"."tip_usd", "guest_payments"."tip_brl_centavos") IN (0, 3) AND "guest_payments"."tip_usd" >= 0 AND "guest_payments"."tip_brl_centavos" >= 0);--> statement-breakpoint
CREATE INDEX "idx_guest_payments_charge" ON "guest_payments" USING btree ("charge_id") WHERE "charge_id" IS NOT NULL;--> statement-breakpoint
-- A price of a charge is written by its function alone; a page of its own amount has no charge.
REVOKE INSERT ON guest_payments FROM cocopay_web;--> statement-breakpoint
GRANT INSERT (id, reference, secret_hash, store_id, user_id, amount_usd, amount_brl_centavos, brl_per_usd, rate_at, expires_at) ON guest_payments TO cocopay_web;--> statement-breakpoint

-- The wallet's price that holds a charge now, and for how long at most: what was signed in its last second may be mined two minutes later
-- (LANDING_GRACE_SECONDS of lib/guests/rules.ts). Names carry their schema and nothing is pinned, so that it becomes part of whatever asks.
CREATE FUNCTION public.charge_hold(p_charge UUID)
RETURNS TABLE (page_id UUID, reference VARCHAR, is_reported BOOLEAN, wait_seconds INTEGER)
LANGUAGE sql STABLE AS $$
  SELECT g.id, g.reference, g.status = 'checking', ceil(extract(epoch FROM g.expires_at + interval '120 seconds' - clock_timestamp()))::integer
  FROM public.guest_payments g
  WHERE g.charge_id = p_charge AND g.released_at IS NULL AND g.status IN ('open', 'checking') AND g.expires_at + interval '120 seconds' > clock_timestamp()
  ORDER BY g.id DESC LIMIT 1
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.charge_hold FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.charge_hold TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- As in 0020, and 'charge_held' with the seconds to wait at most: a wallet is paying it.
CREATE OR REPLACE FUNCTION public.pay_charge(
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
  v_hold RECORD;
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
  -- After the lock, as above: of a customer and a wallet in the same moment, one is first here.
  SELECT h.wait_seconds INTO v_hold FROM charge_hold(p_charge) h;
  IF FOUND THEN
    RETURN QUERY SELECT 'charge_held', NULL::UUID, NULL::NUMERIC, v_hold.wait_seconds;
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

-- A wallet's price for a charge: the charge's own dollars and reais at its own rate, and the tip beside them, for five minutes and never longer than the
-- charge lives. The charge's row is locked as in pay_charge, so of wallets and customers in the same moment one is first.
-- Answers: opened, charge_unknown (no such charge, or a tip that is none), charge_not_yours, charge_paid with the payment that was first, charge_over,
-- charge_held with the price that holds it, tip_not_allowed.
CREATE FUNCTION public.guest_charge_open(
  p_charge UUID, p_tip_usd NUMERIC, p_tip_brl BIGINT, p_id UUID, p_reference VARCHAR, p_secret_hash VARCHAR, p_user UUID
) RETURNS TABLE (result TEXT, transaction_id UUID, held_by VARCHAR, wait_seconds INTEGER)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_charge RECORD;
  v_found RECORD;
BEGIN
  -- What is not there compares with nothing, so it is asked for first.
  IF num_nulls(p_charge, p_tip_usd, p_tip_brl, p_id, p_reference, p_secret_hash) > 0 THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  SELECT c.* INTO v_charge FROM charges c WHERE c.id = p_charge FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_charge.customer_id IS NOT NULL AND v_charge.customer_id IS DISTINCT FROM p_user THEN
    RETURN QUERY SELECT 'charge_not_yours', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  -- Statements of their own, after the lock: what it waited for is seen from here on.
  SELECT t.id INTO v_found FROM transactions t WHERE t.id = v_charge.transaction_id AND t.status <> 'failed';
  IF FOUND THEN
    RETURN QUERY SELECT 'charge_paid', v_found.id, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  IF v_charge.cancelled_at IS NOT NULL OR v_charge.expires_at <= clock_timestamp() THEN
    RETURN QUERY SELECT 'charge_over', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  SELECT h.reference, h.wait_seconds INTO v_found FROM charge_hold(p_charge) h;
  IF FOUND THEN
    RETURN QUERY SELECT 'charge_held', NULL::UUID, v_found.reference, v_found.wait_seconds;
    RETURN;
  END IF;
  IF (p_tip_usd <> 0 OR p_tip_brl <> 0) AND NOT v_charge.is_tip_allowed THEN
    RETURN QUERY SELECT 'tip_not_allowed', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  -- The tip is at most the charge itself, there in both currencies or in none, and the same in both to the cent.
  IF p_tip_usd < 0 OR p_tip_brl < 0 OR p_tip_brl > v_charge.amount_brl_centavos OR (p_tip_usd > 0) <> (p_tip_brl > 0)
    OR abs(p_tip_usd * v_charge.brl_per_usd * 100 - p_tip_brl) > 1 THEN
    RETURN QUERY SELECT 'charge_unknown', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
    RETURN;
  END IF;
  INSERT INTO guest_payments (
    id, reference, secret_hash, store_id, user_id, amount_usd, amount_brl_centavos, brl_per_usd, rate_at, expires_at, charge_id, tip_usd, tip_brl_centavos)
  VALUES (
    p_id, p_reference, p_secret_hash, v_charge.store_id, p_user, v_charge.amount_usd + p_tip_usd, v_charge.amount_brl_centavos + p_tip_brl, v_charge.brl_per_usd,
    v_charge.rate_at, LEAST(v_charge.expires_at, clock_timestamp() + interval '5 minutes'), p_charge, p_tip_usd, p_tip_brl);
  RETURN QUERY SELECT 'opened', NULL::UUID, NULL::VARCHAR, NULL::INTEGER;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.guest_charge_open FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.guest_charge_open TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- The browser that holds a charge gives it free and ends its own price. Not after it reported a payment: then the chain speaks. Answers the page, or null.
CREATE FUNCTION public.guest_charge_release(p_reference VARCHAR, p_secret_hash VARCHAR) RETURNS UUID
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE guest_payments g SET released_at = clock_timestamp(), expires_at = LEAST(g.expires_at, clock_timestamp())
  WHERE g.reference = p_reference AND g.secret_hash = p_secret_hash AND g.charge_id IS NOT NULL AND g.status = 'open' AND g.released_at IS NULL
  RETURNING g.id
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.guest_charge_release FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.guest_charge_release TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- What the follower's judgement means for charges: the payments that took them, and those that a reorg made something else. The charges are locked.
CREATE FUNCTION public.guest_charges_settle(p_charges UUID[], p_takers UUID[], p_losers UUID[]) RETURNS VOID
LANGUAGE sql SET search_path = public, pg_temp AS $$
  UPDATE charges c SET transaction_id = NULL WHERE c.transaction_id = ANY (p_losers);
  UPDATE charges c SET transaction_id = taken.id FROM unnest(p_charges, p_takers) AS taken (charge, id) WHERE c.id = taken.charge;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.guest_charges_settle FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.guest_charges_settle TO cocopay_worker;
