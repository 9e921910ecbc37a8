-- Dollars between people: the public code of a person's QR, sends to a phone that wait for whoever holds it, requests that are paid once, and the
-- places of dollars that came from outside.
CREATE TABLE "receive_codes" (
	"user_id" uuid PRIMARY KEY REFERENCES "users"("id") ON DELETE CASCADE,
	"code" varchar(12) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "receive_codes_code_key" UNIQUE("code")
);
--> statement-breakpoint
-- A send to a phone. Its transaction, reservation and `held` operation have the same id. The phone is kept as a keyed hash: whoever signs in with it
-- is recognised, and a list of phones it is not.
CREATE TABLE "phone_sends" (
	"id" uuid PRIMARY KEY REFERENCES "transactions"("id"),
	"sender_id" uuid NOT NULL REFERENCES "users"("id"),
	"phone_hash" varchar(64) NOT NULL,
	"phone_shown" varchar(40) NOT NULL,
	"secret_hash" varchar(64) NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"claimed_by" uuid REFERENCES "users"("id"),
	"claimed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "phone_sends_secret_key" UNIQUE("secret_hash"),
	CONSTRAINT "phone_sends_status_check" CHECK ("phone_sends"."status" IN ('waiting', 'claimed', 'cancelled', 'returned')),
	CONSTRAINT "phone_sends_claim_check" CHECK (("phone_sends"."status" = 'waiting') = ("phone_sends"."claimed_by" IS NULL AND "phone_sends"."ended_at" IS NULL))
);
--> statement-breakpoint
CREATE INDEX "idx_phone_sends_phone" ON "phone_sends" USING btree ("phone_hash") WHERE "status" = 'waiting';--> statement-breakpoint
CREATE INDEX "idx_phone_sends_sender" ON "phone_sends" USING btree ("sender_id");--> statement-breakpoint
CREATE INDEX "idx_phone_sends_expires" ON "phone_sends" USING btree ("expires_at") WHERE "status" IN ('waiting', 'claimed');--> statement-breakpoint
CREATE TABLE "payment_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" varchar(22) NOT NULL,
	"requester_id" uuid NOT NULL REFERENCES "users"("id"),
	"currency" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"note" varchar(140),
	"transaction_id" uuid REFERENCES "transactions"("id"),
	"payer_id" uuid REFERENCES "users"("id"),
	"cancelled_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payment_requests_reference_key" UNIQUE("reference"),
	CONSTRAINT "payment_requests_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "payment_requests_currency_check" CHECK ("payment_requests"."currency" IN ('BRL', 'USD')),
	CONSTRAINT "payment_requests_amount_check" CHECK ("payment_requests"."amount_cents" > 0)
);
--> statement-breakpoint
CREATE INDEX "idx_payment_requests_requester" ON "payment_requests" USING btree ("requester_id","id" DESC NULLS FIRST);--> statement-breakpoint
-- Dollars that came to a person's account past us. A reorg takes the place away and leaves the row, so that the same transfer comes back under its id.
CREATE TABLE "incoming_transfers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"transaction_id" uuid NOT NULL REFERENCES "transactions"("id"),
	"user_id" uuid NOT NULL REFERENCES "users"("id"),
	"chain_id" chain_id NOT NULL,
	"from_address" varchar(42) NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"tx_hash" varchar(66) NOT NULL,
	"log_index" integer,
	"block_number" bigint,
	"block_hash" varchar(66),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "incoming_transfers_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "incoming_transfers_place_key" UNIQUE("chain_id","tx_hash","log_index"),
	CONSTRAINT "incoming_transfers_place_check" CHECK (num_nonnulls("log_index", "block_number", "block_hash") IN (0, 3)),
	CONSTRAINT "incoming_transfers_from_lower" CHECK ("incoming_transfers"."from_address" = lower("incoming_transfers"."from_address"))
);
--> statement-breakpoint
CREATE INDEX "idx_incoming_transfers_block" ON "incoming_transfers" USING btree ("chain_id","block_number");--> statement-breakpoint

-- The web process makes rows; what becomes of money that waits goes through the functions below.
GRANT SELECT, INSERT, UPDATE, DELETE ON receive_codes, phone_sends, payment_requests, incoming_transfers TO cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT ON receive_codes, phone_sends TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (transaction_id, payer_id, cancelled_at) ON payment_requests TO cocopay_web;--> statement-breakpoint
GRANT SELECT ON incoming_transfers TO cocopay_web;--> statement-breakpoint

-- Somebody who signed in with the very phone takes a send. From here on it is theirs: the operation goes to their account on its chain. An account
-- where only its owner signs keeps it held until the owner confirms.
-- Answers: accepted, waits_for_sender, again, over, own, frozen, not_now (the sender's account can't pay now), account_not_ready, not_found.
CREATE FUNCTION public.accept_phone_send(p_user UUID, p_id UUID, p_phone_hash VARCHAR, p_session UUID, p_ip INET, p_agent TEXT)
RETURNS TABLE (result TEXT, on_chain chain_id)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_send RECORD;
  v_operation RECORD;
  v_waits BOOLEAN;
BEGIN
  SELECT s.* INTO v_send FROM phone_sends s WHERE s.id = p_id AND s.phone_hash = p_phone_hash FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_found', NULL::chain_id;
    RETURN;
  END IF;
  IF v_send.status = 'claimed' AND v_send.claimed_by = p_user THEN
    RETURN QUERY SELECT 'again', NULL::chain_id;
    RETURN;
  END IF;
  IF v_send.sender_id = p_user THEN
    RETURN QUERY SELECT 'own', NULL::chain_id;
    RETURN;
  END IF;
  SELECT o.status, o.error_code, o.chain_id, o.sender INTO v_operation FROM user_operations o WHERE o.id = p_id FOR NO KEY UPDATE;
  IF v_send.status <> 'waiting' OR v_send.expires_at <= now() OR v_operation.status IS DISTINCT FROM 'held' OR v_operation.error_code IS NOT NULL THEN
    RETURN QUERY SELECT 'over', NULL::chain_id;
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM users u WHERE u.id = p_user AND (u.frozen_at IS NOT NULL OR u.deleted_at IS NOT NULL)) THEN
    RETURN QUERY SELECT 'frozen', NULL::chain_id;
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM users u WHERE u.id = v_send.sender_id AND u.frozen_at IS NOT NULL) THEN
    RETURN QUERY SELECT 'not_now', NULL::chain_id;
    RETURN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM smart_accounts a WHERE a.user_id = p_user AND a.chain_id = v_operation.chain_id) THEN
    RETURN QUERY SELECT 'account_not_ready', NULL::chain_id;
    RETURN;
  END IF;

  SELECT a.custody_status = 'self_custody' INTO v_waits FROM smart_accounts a WHERE a.user_id = v_send.sender_id AND a.chain_id = v_operation.chain_id;
  UPDATE phone_sends SET status = 'claimed', claimed_by = p_user, claimed_at = now() WHERE id = p_id;
  UPDATE transactions SET to_user_id = p_user WHERE id = p_id;
  IF NOT v_waits THEN
    UPDATE user_operations SET status = 'queued', queued_at = now(), next_attempt_at = now() WHERE id = p_id;
  END IF;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (gen_random_uuid(), p_user, p_ip, p_agent, 'send.claimed', 'transaction', p_id, jsonb_build_object('sender_id', v_send.sender_id));
  INSERT INTO analytics_events (id, event_name, properties, user_id, session_id, ip_address, user_agent)
  VALUES (gen_random_uuid(), 'send_claimed', '{}', p_user, p_session, p_ip, p_agent);
  RETURN QUERY SELECT CASE WHEN v_waits THEN 'waits_for_sender' ELSE 'accepted' END, v_operation.chain_id;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.accept_phone_send FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.accept_phone_send TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- The sender, who alone signs for the account, lets a send go that somebody took. It is prepared again each time it was not signed in time.
-- Answers: queued, again (on its way or done), over, not_found.
CREATE FUNCTION public.release_phone_send(p_user UUID, p_id UUID, p_ip INET, p_agent TEXT)
RETURNS TABLE (result TEXT, on_chain chain_id)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_send RECORD;
  v_operation RECORD;
BEGIN
  SELECT s.* INTO v_send FROM phone_sends s WHERE s.id = p_id AND s.sender_id = p_user FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'not_found', NULL::chain_id;
    RETURN;
  END IF;
  SELECT o.status, o.error_code, o.chain_id INTO v_operation FROM user_operations o WHERE o.id = p_id FOR NO KEY UPDATE;
  IF v_send.status <> 'claimed' OR v_operation.error_code IS NOT NULL OR v_operation.status IN ('reverted', 'expired') THEN
    RETURN QUERY SELECT 'over', NULL::chain_id;
    RETURN;
  END IF;
  IF v_operation.status <> 'held' THEN
    RETURN QUERY SELECT 'again', v_operation.chain_id;
    RETURN;
  END IF;
  IF v_send.expires_at <= now() THEN
    RETURN QUERY SELECT 'over', NULL::chain_id;
    RETURN;
  END IF;
  UPDATE user_operations SET status = 'queued', queued_at = now(), next_attempt_at = now(), attempts = 0 WHERE id = p_id;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (gen_random_uuid(), p_user, p_ip, p_agent, 'send.released', 'transaction', p_id, jsonb_build_object('claimed_by', v_send.claimed_by));
  RETURN QUERY SELECT 'queued', v_operation.chain_id;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.release_phone_send FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.release_phone_send TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- Ends a send whose money is still held: taken back by its sender, or (without a person) returned when its time is over. The follower sees the code
-- on the row, ends the operation and gives the reservation back, as it does with every operation that was refused.
-- Answers: ended, again, over (on its way or done), not_due, not_found.
CREATE FUNCTION public.end_phone_send(p_user UUID, p_id UUID, p_ip INET, p_agent TEXT) RETURNS TEXT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_send RECORD;
  v_operation RECORD;
  v_end TEXT := CASE WHEN p_user IS NULL THEN 'returned' ELSE 'cancelled' END;
BEGIN
  SELECT s.* INTO v_send FROM phone_sends s WHERE s.id = p_id AND (p_user IS NULL OR s.sender_id = p_user) FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  IF v_send.status IN ('cancelled', 'returned') THEN
    RETURN 'again';
  END IF;
  IF p_user IS NULL AND v_send.expires_at > now() THEN
    RETURN 'not_due';
  END IF;
  SELECT o.status, o.error_code INTO v_operation FROM user_operations o WHERE o.id = p_id FOR NO KEY UPDATE;
  IF v_operation.status <> 'held' OR v_operation.error_code IS NOT NULL THEN
    RETURN 'over';
  END IF;
  UPDATE phone_sends SET status = v_end, ended_at = now() WHERE id = p_id;
  UPDATE user_operations SET status = 'queued', error_code = v_end, error_message = 'Nobody took it' WHERE id = p_id;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, new_values)
  VALUES (gen_random_uuid(), v_send.sender_id, p_ip, p_agent, 'send.' || v_end, 'transaction', p_id, jsonb_build_object('claimed_by', v_send.claimed_by));
  RETURN 'ended';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.end_phone_send FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.end_phone_send TO cocopay_web, cocopay_worker;
