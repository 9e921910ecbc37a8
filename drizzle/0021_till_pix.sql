-- Pix at the till: a charge's BR Code at the provider, the dollars that it becomes, and the reward that waits for the customer's phone. The provider is
-- asked by the worker alone; what it says is a hint until the follower's journal shows the dollars. Statuses come from lib/tillpix/rules.ts.
CREATE TABLE "till_pix_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"provider" text NOT NULL,
	"status" text DEFAULT 'requested' NOT NULL,
	"asked_by" uuid NOT NULL REFERENCES "users"("id"),
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sub_account_id" varchar(200),
	"attempt_id" varchar(200),
	"attempt_url" text,
	"started_at" timestamp with time zone,
	"is_retryable" boolean DEFAULT true NOT NULL,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "till_pix_accounts_store_key" UNIQUE("store_id","provider"),
	CONSTRAINT "till_pix_accounts_account_key" UNIQUE("provider","sub_account_id"),
	CONSTRAINT "till_pix_accounts_attempt_key" UNIQUE("provider","attempt_id"),
	CONSTRAINT "till_pix_accounts_status_check" CHECK ("till_pix_accounts"."status" IN ('requested', 'open', 'processing', 'approved', 'rejected', 'expired')),
	CONSTRAINT "till_pix_accounts_provider_check" CHECK ("till_pix_accounts"."provider" IN ('sandbox', 'avenia')),
	CONSTRAINT "till_pix_accounts_open_check" CHECK ("till_pix_accounts"."status" = 'requested' OR "till_pix_accounts"."sub_account_id" IS NOT NULL)
);
--> statement-breakpoint
CREATE TABLE "till_pix" (
	"id" uuid PRIMARY KEY NOT NULL,
	"charge_id" uuid NOT NULL REFERENCES "charges"("id"),
	"store_id" uuid NOT NULL REFERENCES "stores"("id"),
	"provider" text NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"status" text DEFAULT 'asked' NOT NULL,
	"amount_brl_centavos" bigint NOT NULL,
	"asked_by" uuid NOT NULL REFERENCES "users"("id"),
	"quoted_usd" numeric(18, 6),
	"minimum_usd" numeric(18, 6),
	"ticket_asked_at" timestamp with time zone,
	"ticket_id" varchar(200),
	"wallet_address" varchar(42),
	"br_code" text,
	"expires_at" timestamp with time zone,
	"paid_at" timestamp with time zone,
	"second_payment_at" timestamp with time zone,
	"tx_hash" varchar(66),
	"transaction_id" uuid REFERENCES "transactions"("id"),
	"arrived_usd" numeric(18, 6),
	"returned_by" uuid REFERENCES "users"("id"),
	"secret_hash" varchar(64) NOT NULL,
	"phone_hash" varchar(64),
	"phone_shown" varchar(40),
	"phone_changes" integer DEFAULT 0 NOT NULL,
	"claimed_by" uuid REFERENCES "users"("id"),
	"claimed_at" timestamp with time zone,
	"reward_transaction_id" uuid REFERENCES "transactions"("id"),
	"checked_at" timestamp with time zone,
	"failure" varchar(200),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "till_pix_charge_key" UNIQUE("charge_id"),
	CONSTRAINT "till_pix_ticket_key" UNIQUE("provider","ticket_id"),
	CONSTRAINT "till_pix_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "till_pix_reward_key" UNIQUE("reward_transaction_id"),
	CONSTRAINT "till_pix_secret_key" UNIQUE("secret_hash"),
	CONSTRAINT "till_pix_status_check" CHECK ("till_pix"."status" IN ('asked', 'open', 'held', 'paid', 'converting', 'expired', 'underpaid', 'paid_twice', 'paid_late', 'returned', 'refused')),
	CONSTRAINT "till_pix_provider_check" CHECK ("till_pix"."provider" IN ('sandbox', 'avenia')),
	CONSTRAINT "till_pix_amount_check" CHECK ("till_pix"."amount_brl_centavos" > 0),
	CONSTRAINT "till_pix_code_check" CHECK ("till_pix"."status" IN ('asked', 'refused') OR num_nonnulls("till_pix"."ticket_id", "till_pix"."br_code", "till_pix"."expires_at", "till_pix"."wallet_address") = 4),
	CONSTRAINT "till_pix_converting_check" CHECK ("till_pix"."status" <> 'converting' OR num_nonnulls("till_pix"."transaction_id", "till_pix"."tx_hash", "till_pix"."arrived_usd") = 3),
	CONSTRAINT "till_pix_claim_check" CHECK (("till_pix"."claimed_by" IS NULL) = ("till_pix"."claimed_at" IS NULL) AND ("till_pix"."phone_hash" IS NULL) = ("till_pix"."phone_shown" IS NULL)),
	CONSTRAINT "till_pix_wallet_lower" CHECK ("till_pix"."wallet_address" = lower("till_pix"."wallet_address"))
);
--> statement-breakpoint
CREATE INDEX "idx_till_pix_store" ON "till_pix" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_till_pix_open" ON "till_pix" USING btree ("checked_at") WHERE "till_pix"."status" IN ('asked', 'open', 'held', 'paid', 'converting', 'paid_twice');--> statement-breakpoint
CREATE INDEX "idx_till_pix_phone" ON "till_pix" USING btree ("phone_hash") WHERE "till_pix"."claimed_by" IS NULL;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON till_pix, till_pix_accounts TO cocopay_worker;--> statement-breakpoint
-- The web process asks and takes phones down; it can make nothing paid, done or returned.
GRANT SELECT ON till_pix, till_pix_accounts TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, charge_id, store_id, provider, chain_id, amount_brl_centavos, asked_by, secret_hash), UPDATE (phone_hash, phone_shown, phone_changes) ON till_pix TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, store_id, provider, asked_by), UPDATE (asked_at, asked_by) ON till_pix_accounts TO cocopay_web;--> statement-breakpoint

-- What of a store's account on one chain is not the store's to move: dollars of a Pix that are on their way into its revnet or wait to be given
-- back, and rewards that wait for a customer. A reward counts until its transfer is confirmed, which is the step that takes it off the balance.
CREATE FUNCTION public.till_pix_promised(p_store UUID, p_chain chain_id) RETURNS TABLE (units NUMERIC, usd_micros NUMERIC)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    COALESCE(sum((t.rewards_earned->>'amount')::numeric) FILTER (WHERE t.status = 'confirmed' AND r.status IS DISTINCT FROM 'confirmed'), 0),
    COALESCE(sum(CASE WHEN p.tx_hash IS NULL THEN trunc(p.quoted_usd * 1000000) ELSE (
      SELECT COALESCE(sum(c.delta), 0) FROM balance_changes c JOIN store_token_balances b ON b.id = c.balance_id
      WHERE c.holder = 'store' AND b.store_id = p.store_id AND b.chain_id = p.chain_id AND b.token_store_id IS NULL AND c.tx_hash = p.tx_hash AND c.delta > 0
    ) END) FILTER (WHERE p.status IN ('paid', 'paid_twice') OR (p.status = 'converting' AND t.status = 'failed')), 0)
  FROM till_pix p
  LEFT JOIN transactions t ON t.id = p.transaction_id
  LEFT JOIN transactions r ON r.id = p.reward_transaction_id
  WHERE p.store_id = p_store AND p.chain_id = p_chain AND p.status IN ('paid', 'paid_twice', 'converting');
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_promised FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_promised TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- As in 0019, less what Pix at the till has promised to others.
CREATE OR REPLACE FUNCTION public.store_available(p_store UUID, p_chain chain_id)
RETURNS TABLE (units NUMERIC, usd_micros NUMERIC, token_address VARCHAR)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH token AS (
    SELECT d.token_address FROM store_deployments d WHERE d.store_id = p_store AND d.chain_id = p_chain AND d.status = 'deployed'
  ), promised AS (
    SELECT part->>'token_address' AS token_address, sum((part->>'amount')::numeric) AS amount
    FROM transactions t CROSS JOIN LATERAL jsonb_array_elements(t.tokens_used) AS part
    WHERE t.store_id = p_store AND t.chain_id = p_chain AND t.status = 'pending' AND (t.type = 'payout' OR t.purpose = 'refund' OR t.origin = 'pix')
    GROUP BY 1
  ), guests AS (
    SELECT COALESCE(sum(p.store_units), 0) AS units FROM outside_payments p
    WHERE p.store_id = p_store AND p.chain_id = p_chain AND p.refund_status = 'requested'
  ), pix AS (
    SELECT x.units, x.usd_micros FROM till_pix_promised(p_store, p_chain) x
  )
  SELECT
    COALESCE((SELECT sum(b.balance) FROM store_token_balances b WHERE b.store_id = p_store AND b.chain_id = p_chain AND b.token_store_id = p_store), 0)
      + COALESCE((SELECT v.pending_reserved FROM revnet_states v WHERE v.store_id = p_store AND v.chain_id = p_chain), 0)
      - COALESCE((SELECT p.amount FROM promised p, token WHERE p.token_address = token.token_address), 0)
      - (SELECT g.units FROM guests g) - (SELECT pix.units FROM pix),
    -- A Pix that was announced may not have brought its dollars yet: nothing is less than nothing.
    GREATEST(0, COALESCE((SELECT sum(b.balance) FROM store_token_balances b WHERE b.store_id = p_store AND b.chain_id = p_chain AND b.token_store_id IS NULL), 0)
      - COALESCE((SELECT sum(p.amount) FROM promised p WHERE p.token_address IS DISTINCT FROM (SELECT token.token_address FROM token)), 0)
      - (SELECT pix.usd_micros FROM pix)),
    (SELECT token.token_address FROM token);
$$;--> statement-breakpoint

-- The provider says that a Pix was paid: it takes the charge, so that nobody pays it a second time, by a pending payment of the store. The payment's
-- dollars are what was quoted until the chain shows what arrived. A charge that a payment has already is paid twice.
-- Answers: taken, again, paid_twice, not_found.
CREATE FUNCTION public.till_pix_take(p_pix UUID, p_transaction UUID) RETURNS TEXT
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_pix RECORD;
  v_charge RECORD;
  v_code VARCHAR(6);
BEGIN
  SELECT p.* INTO v_pix FROM till_pix p WHERE p.id = p_pix FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  SELECT c.* INTO v_charge FROM charges c WHERE c.id = v_pix.charge_id FOR NO KEY UPDATE;
  -- A statement of its own, after the lock: what it waited for is seen from here on.
  IF EXISTS (SELECT 1 FROM transactions t WHERE t.id = v_pix.transaction_id AND t.status <> 'failed') THEN
    RETURN 'again';
  END IF;
  IF EXISTS (SELECT 1 FROM transactions t WHERE t.id = v_charge.transaction_id AND t.status <> 'failed') THEN
    RETURN 'paid_twice';
  END IF;
  LOOP
    v_code := generate_confirmation_code();
    EXIT WHEN NOT EXISTS (SELECT 1 FROM transactions t WHERE t.store_id = v_pix.store_id AND t.confirmation_code = v_code);
  END LOOP;
  INSERT INTO transactions (id, store_id, type, status, amount_usd, tokens_used, chain_id, bundle_id, confirmation_code, amount_brl_centavos, brl_per_usd, rate_at, origin, charge_id)
  VALUES (
    p_transaction, v_pix.store_id, 'payment', 'pending', v_pix.quoted_usd, '[]', v_pix.chain_id, p_transaction::text, v_code, v_pix.amount_brl_centavos,
    round(v_pix.amount_brl_centavos / 100.0 / v_pix.quoted_usd, 6), now(), 'pix', v_pix.charge_id);
  UPDATE charges SET transaction_id = p_transaction WHERE id = v_charge.id;
  UPDATE till_pix SET transaction_id = p_transaction WHERE id = p_pix;
  RETURN 'taken';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_take FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_take TO cocopay_worker;--> statement-breakpoint

-- The chain shows the dollars in the store's account: the payment is of what arrived, and the outbox pays it into the store's revnet. Under the store's
-- lock, so that no refund or payout takes the same dollars.
-- Answers: queued, again, short (something else took dollars meanwhile), not_ready, not_found.
CREATE FUNCTION public.till_pix_deposit(p_pix UUID, p_arrived NUMERIC, p_usdc VARCHAR, p_nonce_key NUMERIC) RETURNS TEXT
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_pix RECORD;
  v_sender VARCHAR(42);
  v_balance NUMERIC;
BEGIN
  PERFORM store_lock(p.store_id) FROM till_pix p WHERE p.id = p_pix;
  SELECT p.*, t.status AS payment INTO v_pix FROM till_pix p JOIN transactions t ON t.id = p.transaction_id WHERE p.id = p_pix FOR UPDATE OF p, t;
  IF NOT FOUND OR v_pix.payment <> 'pending' THEN
    RETURN 'not_found';
  END IF;
  IF EXISTS (SELECT 1 FROM user_operations o WHERE o.id = v_pix.transaction_id) THEN
    RETURN 'again';
  END IF;
  SELECT a.address INTO v_sender FROM store_accounts a JOIN store_deployments d ON d.store_id = a.store_id AND d.chain_id = a.chain_id AND d.status = 'deployed'
  WHERE a.store_id = v_pix.store_id AND a.chain_id = v_pix.chain_id;
  IF NOT FOUND THEN
    RETURN 'not_ready';
  END IF;
  -- What this Pix brought is held back from everybody but itself.
  SELECT s.usd_micros + (SELECT COALESCE(sum(c.delta), 0) FROM balance_changes c JOIN store_token_balances b ON b.id = c.balance_id
    WHERE c.holder = 'store' AND b.store_id = v_pix.store_id AND b.chain_id = v_pix.chain_id AND b.token_store_id IS NULL AND c.tx_hash = v_pix.tx_hash AND c.delta > 0)
  INTO v_balance FROM store_available(v_pix.store_id, v_pix.chain_id) s;
  IF v_balance < p_arrived * 1000000 OR (SELECT b.balance FROM store_token_balances b WHERE b.store_id = v_pix.store_id AND b.chain_id = v_pix.chain_id AND b.token_address = p_usdc) < p_arrived * 1000000 THEN
    RETURN 'short';
  END IF;
  UPDATE transactions SET amount_usd = p_arrived, brl_per_usd = round(v_pix.amount_brl_centavos / 100.0 / p_arrived, 6), rate_at = now(),
    tokens_used = jsonb_build_array(jsonb_build_object('token_address', p_usdc, 'amount', trunc(p_arrived * 1000000)::text, 'amount_usd', p_arrived::text, 'store_id', NULL))
  WHERE id = v_pix.transaction_id;
  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key)
  VALUES (v_pix.transaction_id, v_pix.chain_id, 'till_deposit', v_pix.transaction_id, v_sender, p_nonce_key);
  RETURN 'queued';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_deposit FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_deposit TO cocopay_worker;--> statement-breakpoint

-- The provider took its word back before any dollars came: the payment that it announced ends, and the charge is open again.
CREATE FUNCTION public.till_pix_drop(p_pix UUID, p_reason VARCHAR) RETURNS VOID
LANGUAGE sql SET search_path = public, pg_temp AS $$
  UPDATE transactions t SET status = 'failed', error_code = 'pix_refused', error_message = p_reason
  FROM till_pix p WHERE p.id = p_pix AND t.id = p.transaction_id AND t.status = 'pending' AND NOT EXISTS (SELECT 1 FROM user_operations o WHERE o.id = t.id);
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_drop FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_drop TO cocopay_worker;--> statement-breakpoint

-- A person of ours takes a sale's reward: whoever holds the phone that was written down, or with the receipt's secret whoever comes before any phone was.
-- Only one ever does. Answers: claimed, again, taken, not_theirs, not_found.
CREATE FUNCTION public.till_pix_claim(p_user UUID, p_pix UUID, p_phone_hash VARCHAR, p_phone_shown VARCHAR) RETURNS TEXT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_pix RECORD;
BEGIN
  SELECT p.* INTO v_pix FROM till_pix p WHERE p.id = p_pix FOR UPDATE;
  IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM users u WHERE u.id = p_user AND u.deleted_at IS NULL) THEN
    RETURN 'not_found';
  END IF;
  IF v_pix.claimed_by IS NOT NULL THEN
    RETURN CASE WHEN v_pix.claimed_by = p_user THEN 'again' ELSE 'taken' END;
  END IF;
  IF v_pix.phone_hash IS NOT NULL AND v_pix.phone_hash <> p_phone_hash THEN
    RETURN 'not_theirs';
  END IF;
  UPDATE till_pix SET claimed_by = p_user, claimed_at = now(), phone_hash = p_phone_hash, phone_shown = p_phone_shown WHERE id = p_pix;
  INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values)
  VALUES (gen_random_uuid(), p_user, 'till_pix.reward_claimed', 'store', v_pix.store_id, jsonb_build_object('till_pix_id', p_pix));
  RETURN 'claimed';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_claim FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_claim TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- Hands a claimed reward over: a transfer of exactly the sale's reward from the store's account to the person's on that chain.
-- Answers: queued, again (on its way or there), waits (the sale is not paid, or nobody has claimed it), account_not_ready.
CREATE FUNCTION public.till_pix_reward(p_pix UUID, p_transaction UUID, p_nonce_key NUMERIC) RETURNS TEXT
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_pix RECORD;
  v_sender VARCHAR(42);
BEGIN
  PERFORM store_lock(p.store_id) FROM till_pix p WHERE p.id = p_pix;
  SELECT p.*, t.rewards_earned AS reward INTO v_pix FROM till_pix p JOIN transactions t ON t.id = p.transaction_id AND t.status = 'confirmed'
  WHERE p.id = p_pix AND p.claimed_by IS NOT NULL FOR UPDATE OF p;
  IF NOT FOUND OR COALESCE((v_pix.reward->>'amount')::numeric, 0) <= 0 THEN
    RETURN 'waits';
  END IF;
  IF EXISTS (SELECT 1 FROM transactions r WHERE r.id = v_pix.reward_transaction_id AND r.status <> 'failed') THEN
    RETURN 'again';
  END IF;
  SELECT a.address INTO v_sender FROM store_accounts a JOIN smart_accounts s ON s.user_id = v_pix.claimed_by AND s.chain_id = a.chain_id
  JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL
  WHERE a.store_id = v_pix.store_id AND a.chain_id = v_pix.chain_id;
  IF NOT FOUND THEN
    RETURN 'account_not_ready';
  END IF;
  INSERT INTO transactions (id, to_user_id, store_id, type, status, purpose, amount_usd, tokens_used, chain_id, bundle_id)
  VALUES (
    p_transaction, v_pix.claimed_by, v_pix.store_id, 'received', 'pending', 'till_reward', COALESCE((v_pix.reward->>'amount_usd')::numeric, 0),
    jsonb_build_array(v_pix.reward - 'expected'), v_pix.chain_id, p_transaction::text);
  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES (p_transaction, v_pix.chain_id, 'till_reward', p_transaction, v_sender, p_nonce_key);
  UPDATE till_pix SET reward_transaction_id = p_transaction WHERE id = p_pix;
  RETURN 'queued';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_reward FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_reward TO cocopay_worker;--> statement-breakpoint

-- The owner gave a second payment back by hand: its dollars are the store's own from here on. Answers: returned, again, not_found.
CREATE FUNCTION public.till_pix_return(p_user UUID, p_pix UUID, p_ip INET, p_agent TEXT) RETURNS TEXT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_pix RECORD;
BEGIN
  SELECT p.* INTO v_pix FROM till_pix p JOIN store_members m ON m.store_id = p.store_id AND m.user_id = p_user AND m.role = 'owner' AND m.accepted_at IS NOT NULL
  WHERE p.id = p_pix FOR UPDATE OF p;
  IF NOT FOUND OR v_pix.status NOT IN ('paid_twice', 'returned') THEN
    RETURN 'not_found';
  END IF;
  IF v_pix.status = 'returned' THEN
    RETURN 'again';
  END IF;
  UPDATE till_pix SET status = 'returned', returned_by = p_user, updated_at = now() WHERE id = p_pix;
  INSERT INTO audit_logs (id, user_id, ip_address, user_agent, action, resource_type, resource_id, old_values, new_values)
  VALUES (gen_random_uuid(), p_user, p_ip, p_agent, 'till_pix.status_changed', 'store', v_pix.store_id, jsonb_build_object('status', v_pix.status), jsonb_build_object('status', 'returned', 'till_pix_id', p_pix));
  RETURN 'returned';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.till_pix_return FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.till_pix_return TO cocopay_web, cocopay_worker;
