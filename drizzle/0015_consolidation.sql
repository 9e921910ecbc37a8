-- Money brought together from several chains. The operators get an outbox of their own for the calls that no account of a person signs (mint, root,
-- claim), sent at the same nonces as bundles; a consolidation's row says where the money is, and moves by the chains' word alone.
CREATE TABLE "operator_calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"target" varchar(42) NOT NULL,
	"data" text NOT NULL,
	"value" numeric(78, 0) DEFAULT 0 NOT NULL,
	"purpose" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"tx_hash" varchar(66),
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"error_message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operator_calls_subject_key" UNIQUE("purpose","subject_id"),
	CONSTRAINT "operator_calls_purpose_check" CHECK ("operator_calls"."purpose" IN ('cctp_mint', 'sucker_root', 'sucker_claim')),
	CONSTRAINT "operator_calls_status_check" CHECK ("operator_calls"."status" IN ('queued', 'sent', 'mined', 'failed'))
);
--> statement-breakpoint
CREATE INDEX "idx_operator_calls_queued" ON "operator_calls" USING btree ("chain_id","next_attempt_at") WHERE "operator_calls"."status" = 'queued';--> statement-breakpoint
CREATE INDEX "idx_operator_calls_hash" ON "operator_calls" USING btree ("tx_hash") WHERE "operator_calls"."tx_hash" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "operator_transactions" ADD COLUMN "call_id" uuid REFERENCES "public"."operator_calls"("id");--> statement-breakpoint
CREATE TABLE "consolidations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"store_id" uuid,
	"from_chain_id" "chain_id" NOT NULL,
	"to_chain_id" "chain_id" NOT NULL,
	"recipient" varchar(42) NOT NULL,
	"units" numeric(78, 0) NOT NULL,
	"stage" text DEFAULT 'leaving' NOT NULL,
	"problem" text,
	"started_by" text DEFAULT 'person' NOT NULL,
	"message" text,
	"attestation" text,
	"message_nonce" varchar(66),
	"sucker" varchar(42),
	"leaf_index" integer,
	"leaf_usd_micros" numeric(78, 0),
	"left_tx_hash" varchar(66),
	"left_block" bigint,
	"left_block_hash" varchar(66),
	"left_at" timestamp with time zone,
	"arrived_units" numeric(78, 0),
	"arrived_tx_hash" varchar(66),
	"arrived_block" bigint,
	"to_from_block" bigint NOT NULL,
	"looks" integer DEFAULT 0 NOT NULL,
	"next_look_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consolidations_kind_check" CHECK ("consolidations"."kind" IN ('dollars', 'rewards')),
	CONSTRAINT "consolidations_stage_check" CHECK ("consolidations"."stage" IN ('leaving', 'left', 'attested', 'rooted', 'delivered', 'arrived', 'failed')),
	CONSTRAINT "consolidations_problem_check" CHECK ("consolidations"."problem" IN ('attestation_late', 'attestation_wrong', 'chain_silent', 'bridge_late', 'call_refused')),
	CONSTRAINT "consolidations_started_by_check" CHECK ("consolidations"."started_by" IN ('person', 'night')),
	CONSTRAINT "consolidations_chains_check" CHECK ("consolidations"."from_chain_id" <> "consolidations"."to_chain_id"),
	CONSTRAINT "consolidations_recipient_lower" CHECK ("consolidations"."recipient" = lower("consolidations"."recipient"))
);
--> statement-breakpoint
CREATE TABLE "consolidation_steps" (
	"consolidation_id" uuid NOT NULL,
	"step" text NOT NULL,
	"chain_id" "chain_id",
	"tx_hash" varchar(66),
	"done_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consolidation_steps_consolidation_id_step_pk" PRIMARY KEY("consolidation_id","step"),
	CONSTRAINT "consolidation_steps_step_check" CHECK ("consolidation_steps"."step" IN ('burn', 'attest', 'mint', 'prepare', 'root', 'bridge', 'claim'))
);
--> statement-breakpoint
ALTER TABLE "consolidations" ADD CONSTRAINT "consolidations_id_transactions_id_fk" FOREIGN KEY ("id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consolidations" ADD CONSTRAINT "consolidations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consolidations" ADD CONSTRAINT "consolidations_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consolidation_steps" ADD CONSTRAINT "consolidation_steps_consolidation_id_consolidations_id_fk" FOREIGN KEY ("consolidation_id") REFERENCES "public"."consolidations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_consolidations_user" ON "consolidations" USING btree ("user_id","id" DESC);--> statement-breakpoint
CREATE INDEX "idx_consolidations_due" ON "consolidations" USING btree ("next_look_at") WHERE "consolidations"."stage" NOT IN ('arrived', 'failed');--> statement-breakpoint
CREATE INDEX "idx_consolidations_from" ON "consolidations" USING btree ("from_chain_id","left_block");--> statement-breakpoint
CREATE INDEX "idx_consolidations_to" ON "consolidations" USING btree ("to_chain_id","arrived_block");--> statement-breakpoint

-- The nightly job has no session to stand on. It moves a person's dollars to the same person's own account, of an account that is managed and not
-- frozen, and only the worker may ask for it. Answers as move_reserve does: reserved, again, insufficient, account_not_ready, frozen.
CREATE FUNCTION public.night_reserve(
  p_id UUID, p_user UUID, p_chain chain_id, p_nonce_key NUMERIC, p_token VARCHAR, p_amount NUMERIC, p_usd NUMERIC, p_parts JSONB, p_terms JSONB, p_key TEXT
) RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_account RECORD;
  v_balance RECORD;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pay:' || p_user, 0));
  IF EXISTS (SELECT FROM transactions t WHERE t.idempotency_key = p_user || ':' || p_key) THEN
    RETURN 'again';
  END IF;
  SELECT a.address, a.custody_status, u.frozen_at INTO v_account FROM smart_accounts a JOIN users u ON u.id = a.user_id WHERE a.user_id = p_user AND a.chain_id = p_chain;
  IF NOT FOUND OR v_account.custody_status <> 'managed' THEN
    RETURN 'account_not_ready';
  END IF;
  IF v_account.frozen_at IS NOT NULL THEN
    RETURN 'frozen';
  END IF;
  SELECT b.id, b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0) AS available INTO v_balance
  FROM token_balances b WHERE b.user_id = p_user AND b.chain_id = p_chain AND b.token_address = p_token FOR NO KEY UPDATE OF b;
  IF NOT FOUND OR v_balance.available < p_amount THEN
    RETURN 'insufficient';
  END IF;
  INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES (p_id, p_chain, 'dollars_burn', p_id, v_account.address, p_nonce_key);
  INSERT INTO transactions (id, from_user_id, to_user_id, type, purpose, amount_usd, tokens_used, chain_id, bundle_id, terms, idempotency_key)
  VALUES (p_id, p_user, p_user, 'consolidation', 'dollars', p_usd, p_parts, p_chain, p_id::text, p_terms, p_user || ':' || p_key);
  INSERT INTO balance_reservations (operation_id, token_balance_id, amount) VALUES (p_id, v_balance.id, p_amount);
  INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values)
  VALUES (p_id, p_user, 'money.brought_together_at_night', 'transaction', p_id, jsonb_build_object('amount_usd', p_usd::text, 'chain_id', p_chain));
  INSERT INTO analytics_events (id, event_name, properties, user_id) VALUES (p_id, 'dollars_requested', jsonb_build_object('amount_usd', p_usd::text, 'night', TRUE), p_user);
  RETURN 'reserved';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.night_reserve FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.night_reserve TO cocopay_worker;--> statement-breakpoint

GRANT SELECT, INSERT, UPDATE, DELETE ON operator_calls, consolidations, consolidation_steps TO cocopay_worker;--> statement-breakpoint
GRANT SELECT ON consolidations, consolidation_steps TO cocopay_web;
