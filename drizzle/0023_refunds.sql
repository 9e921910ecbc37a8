-- Refunds: asked for under the store's lock, paid back by the store's own account, after the rewards of that money came back or could not.
ALTER TABLE "step_up_waits" DROP CONSTRAINT "step_up_waits_purpose_check";--> statement-breakpoint
ALTER TABLE "step_up_waits" ADD CONSTRAINT "step_up_waits_purpose_check" CHECK ("step_up_waits"."purpose" IN ('payout', 'custody', 'key_export', 'owners', 'phone_change', 'backup_phone', 'team_change', 'large_payment', 'passkeys', 'wallets', 'unfreeze', 'data_export', 'account_deletion', 'refund'));--> statement-breakpoint
ALTER TABLE "notices" DROP CONSTRAINT "notices_kind_check";--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_kind_check" CHECK ("notices"."kind" IN ('new_device', 'account_frozen', 'account_unfrozen', 'passkey_added', 'passkey_removed', 'passkey_refused', 'wallet_linked', 'wallet_unlinked', 'step_up_requested', 'step_up_cancelled', 'phone_change_requested', 'phone_changed', 'phone_change_cancelled', 'takeover_requested', 'takeover_done', 'owners_changed', 'key_exported', 'backup_named', 'backup_removed', 'inactivity_60', 'inactivity_75', 'inactivity_90', 'recovery_claimed', 'recovery_cancelled', 'recovery_done', 'backup_may_claim', 'refund_paid', 'team_joined', 'team_declined', 'team_left', 'team_role_changed', 'team_removed', 'store_received', 'store_handed_over'));--> statement-breakpoint
-- A day's refunds are those that were paid back on it.
CREATE INDEX "idx_refunds_completed" ON "refunds" USING btree ("store_id", "completed_at") WHERE "status" = 'refunded';--> statement-breakpoint
ALTER TABLE "outside_payments" ADD COLUMN "refunded_at" timestamp with time zone;--> statement-breakpoint
UPDATE "outside_payments" SET "refunded_at" = "created_at" WHERE "refund_status" = 'refunded';--> statement-breakpoint
CREATE INDEX "idx_outside_payments_refunded" ON "outside_payments" USING btree ("store_id", "refunded_at") WHERE "refunded_at" IS NOT NULL;--> statement-breakpoint

-- Everything that a refund is, in one transaction: its row, the pending transaction that promises the store's tokens and dollars, the operation that pays
-- (held while rewards are on their way back, else in the outbox), the operation that brings them back with its reservation, audit line and event. The caller has
-- priced it under the same lock; what must never be wrong is asked again here: who may, that the sale is this store's and paid, who gets the money, that it
-- is never more than was paid, and that the store has it. Answers 'reserved', 'again', 'mismatch', 'not_found', 'forbidden', 'over_limit', 'not_possible',
-- 'no_payer', 'too_much', 'not_funded' or 'moved' (the rewards are no longer where the quote saw them).
CREATE FUNCTION public.refund_reserve(
  p_id UUID, p_actor UUID, p_session UUID, p_store UUID, p_sale UUID, p_nonce_key NUMERIC, p_return_id UUID, p_return_nonce_key NUMERIC,
  p_usd NUMERIC, p_brl BIGINT, p_sale_brl BIGINT, p_reason VARCHAR, p_units NUMERIC, p_dollars_micros NUMERIC, p_usdc VARCHAR,
  p_reward_units NUMERIC, p_returned_units NUMERIC, p_key TEXT, p_fingerprint VARCHAR, p_ip INET, p_agent TEXT
) RETURNS TABLE (result TEXT, refund_id UUID)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key TEXT := p_actor || ':' || p_key;
  v_found RECORD;
  v_role TEXT;
  v_limit NUMERIC;
  v_sale RECORD;
  v_payer RECORD;
  v_payee VARCHAR(42);
  v_earlier RECORD;
  v_available RECORD;
  v_store_account VARCHAR(42);
  v_balance RECORD;
  v_returns BOOLEAN := p_returned_units > 0;
  v_parts JSONB := '[]';
  -- What the store's account has to bring itself; the follower adds the rewards to the promise in the step that brings them.
  v_own_units NUMERIC := GREATEST(p_units - p_returned_units, 0);
BEGIN
  -- What is not there compares with nothing, so it is asked for first.
  IF num_nulls(p_usd, p_brl, p_units, p_dollars_micros, p_reward_units, p_returned_units) > 0 OR p_usd <= 0 OR p_brl <= 0 OR p_units < 0 OR p_dollars_micros < 0 OR p_returned_units < 0 OR p_returned_units > p_reward_units OR (p_units = 0 AND p_dollars_micros = 0) THEN
    RAISE EXCEPTION 'refund_reserve does not make such rows';
  END IF;
  PERFORM store_lock(p_store);
  SELECT r.id, r.request_fingerprint INTO v_found FROM refunds r WHERE r.idempotency_key = v_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN v_found.request_fingerprint = p_fingerprint THEN 'again' ELSE 'mismatch' END, v_found.id;
    RETURN;
  END IF;
  SELECT m.role INTO v_role FROM store_members m WHERE m.store_id = p_store AND m.user_id = p_actor AND m.accepted_at IS NOT NULL;
  IF v_role IS NULL OR v_role NOT IN ('owner', 'admin') THEN
    RETURN QUERY SELECT 'forbidden', NULL::UUID;
    RETURN;
  END IF;
  SELECT * INTO v_sale FROM transactions t WHERE t.id = p_sale AND t.store_id = p_store AND t.type = 'payment' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_found', NULL::UUID;
    RETURN;
  END IF;
  IF v_sale.status <> 'confirmed' THEN
    RETURN QUERY SELECT 'not_possible', NULL::UUID;
    RETURN;
  END IF;

  -- To whoever paid, and nobody else: the account of then, or the wallet that the chain's event named.
  SELECT u.id, u.frozen_at, u.deleted_at, a.address, a.custody_status INTO v_payer
  FROM users u JOIN smart_accounts a ON a.user_id = u.id AND a.chain_id = v_sale.chain_id WHERE u.id = v_sale.from_user_id;
  IF v_sale.origin IS NULL AND v_payer.deleted_at IS NULL THEN
    v_payee := v_payer.address;
  ELSIF v_sale.origin IN ('guest', 'outside') THEN
    SELECT o.payer, o.outcome, o.beneficiary INTO v_found FROM outside_payments o WHERE o.transaction_id = p_sale AND o.block_number IS NOT NULL;
    IF NOT FOUND OR v_found.outcome <> 'paid' THEN
      RETURN QUERY SELECT 'not_possible', NULL::UUID;
      RETURN;
    END IF;
    v_payee := v_found.payer;
    v_returns := v_returns AND v_found.beneficiary = v_payer.address;
  END IF;
  IF v_payee IS NULL THEN
    RETURN QUERY SELECT 'no_payer', NULL::UUID;
    RETURN;
  END IF;
  IF v_returns <> (p_returned_units > 0) OR (v_returns AND (v_payer.frozen_at IS NOT NULL OR v_payer.custody_status <> 'managed')) THEN
    RETURN QUERY SELECT 'moved', NULL::UUID;
    RETURN;
  END IF;

  SELECT COALESCE(sum(r.amount_usd) FILTER (WHERE r.status <> 'failed'), 0) AS usd,
         COALESCE(sum(r.amount_brl_centavos) FILTER (WHERE r.status <> 'failed'), 0) AS brl,
         COALESCE(sum(r.amount_usd) FILTER (WHERE r.status <> 'failed' AND r.requested_by = p_actor), 0) AS own_usd,
         COALESCE(sum(CASE WHEN r.status = 'failed' THEN r.returned_units ELSE r.reward_units END), 0) AS reward_units
  INTO v_earlier FROM refunds r WHERE r.original_transaction_id = p_sale;
  IF v_earlier.usd + p_usd > v_sale.amount_usd OR v_earlier.brl + p_brl > COALESCE(v_sale.amount_brl_centavos, p_sale_brl)
     OR v_earlier.reward_units + p_reward_units > COALESCE((v_sale.rewards_earned->>'amount')::numeric, 0) THEN
    RETURN QUERY SELECT 'too_much', NULL::UUID;
    RETURN;
  END IF;
  -- An admin's refunds of one sale count together: many small ones are one large one.
  SELECT s.refund_limit_usd INTO v_limit FROM stores s WHERE s.id = p_store;
  IF v_role = 'admin' AND v_earlier.own_usd + p_usd > v_limit THEN
    RETURN QUERY SELECT 'over_limit', NULL::UUID;
    RETURN;
  END IF;

  SELECT * INTO v_available FROM store_available(p_store, v_sale.chain_id);
  SELECT a.address INTO v_store_account FROM store_accounts a WHERE a.store_id = p_store AND a.chain_id = v_sale.chain_id;
  IF v_store_account IS NULL OR v_available.token_address IS NULL OR p_dollars_micros > GREATEST(v_available.usd_micros, 0)
     OR v_own_units > GREATEST(v_available.units, 0) THEN
    RETURN QUERY SELECT 'not_funded', NULL::UUID;
    RETURN;
  END IF;

  IF v_returns THEN
    SELECT b.id, b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0) AS available INTO v_balance
    FROM token_balances b WHERE b.user_id = v_payer.id AND b.chain_id = v_sale.chain_id AND b.token_address = v_available.token_address FOR NO KEY UPDATE;
    -- What the lock waited for is seen only by a statement of its own.
    IF FOUND THEN
      SELECT b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0) INTO v_balance.available
      FROM token_balances b WHERE b.id = v_balance.id;
    END IF;
    IF v_balance.available IS NULL OR v_balance.available < p_returned_units THEN
      RETURN QUERY SELECT 'moved', NULL::UUID;
      RETURN;
    END IF;
    INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES (p_return_id, v_sale.chain_id, 'reward_return', p_id, v_payer.address, p_return_nonce_key);
    INSERT INTO balance_reservations (operation_id, token_balance_id, amount) VALUES (p_return_id, v_balance.id, p_returned_units);
  END IF;

  IF p_units > 0 THEN
    v_parts := v_parts || jsonb_build_array(jsonb_build_object('token_address', v_available.token_address, 'amount', v_own_units::text, 'amount_usd', (p_usd - p_dollars_micros / 1000000)::numeric(18,6)::text, 'store_id', p_store));
  END IF;
  IF p_dollars_micros > 0 THEN
    v_parts := v_parts || jsonb_build_array(jsonb_build_object('token_address', p_usdc, 'amount', p_dollars_micros::text, 'amount_usd', (p_dollars_micros / 1000000)::numeric(18,6)::text, 'store_id', NULL));
  END IF;
  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key, status)
  VALUES (p_id, v_sale.chain_id, 'store_refund', p_id, v_store_account, p_nonce_key, CASE WHEN v_returns THEN 'held' ELSE 'queued' END);
  INSERT INTO transactions (
    id, from_user_id, to_user_id, store_id, type, purpose, amount_usd, tokens_used, terms, chain_id, bundle_id, payee_address, note, amount_brl_centavos, brl_per_usd, rate_at, session_id)
  VALUES (
    p_id, NULL, CASE WHEN v_sale.origin IS NULL THEN v_payer.id END, p_store, 'received', 'refund', p_usd, v_parts, jsonb_build_object('units', p_units::text, 'dollars', p_dollars_micros::text), v_sale.chain_id, p_id::text,
    CASE WHEN v_sale.origin IS NULL THEN NULL ELSE v_payee END, p_reason, p_brl, v_sale.brl_per_usd, v_sale.rate_at, p_session);
  INSERT INTO refunds (
    id, store_id, original_transaction_id, transaction_id, idempotency_key, request_fingerprint, status, amount_usd, amount_brl_centavos, reason, reward_units, returned_units,
    return_operation_id, payee_address, requested_by)
  VALUES (
    p_id, p_store, p_sale, p_id, v_key, p_fingerprint, CASE WHEN v_returns THEN 'requested' ELSE 'paying' END, p_usd, p_brl, p_reason, p_reward_units, p_returned_units,
    CASE WHEN v_returns THEN p_return_id END, v_payee, p_actor);
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values, metadata)
  VALUES (p_id, p_actor, p_ip, p_agent, 'refund.requested', 'refund', p_id,
    jsonb_build_object('amount_usd', p_usd::text, 'amount_brl_centavos', p_brl::text, 'reward_units', p_reward_units::text, 'returned_units', p_returned_units::text),
    jsonb_build_object('storeId', p_store, 'transactionId', p_sale));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (p_id, 'refund_requested', jsonb_build_object('amount_usd', p_usd::text), p_actor, p_session, p_ip, p_agent);
  RETURN QUERY SELECT 'reserved', p_id;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.refund_reserve FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.refund_reserve TO cocopay_web, cocopay_worker;
