-- What running a store stands on: charges and tips beside payments, the store's catalogue and tills, refunds, and what of the store's money is already
-- promised.
CREATE TABLE "tills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"name" varchar(40) NOT NULL,
	"created_by" uuid NOT NULL REFERENCES "users"("id"),
	"removed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "tills_name_key" ON "tills" USING btree ("store_id", lower("name")) WHERE "removed_at" IS NULL;--> statement-breakpoint
CREATE TABLE "store_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"name" varchar(80) NOT NULL,
	"category" varchar(40),
	"price_brl_centavos" bigint NOT NULL,
	"is_available" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"removed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_items_price_check" CHECK ("store_items"."price_brl_centavos" > 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "store_items_name_key" ON "store_items" USING btree ("store_id", lower("name")) WHERE "removed_at" IS NULL;--> statement-breakpoint
CREATE INDEX "idx_store_items_store" ON "store_items" USING btree ("store_id","position","id");--> statement-breakpoint
-- A charge is the server's own record of what is owed; codes and links carry its id alone. Its state is read from the row: paid or being paid by its
-- transaction, cancelled, expired by the clock, else open.
CREATE TABLE "charges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"idempotency_key" varchar(255) NOT NULL,
	"request_fingerprint" varchar(64) NOT NULL,
	"currency" text NOT NULL,
	"amount_brl_centavos" bigint NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"brl_per_usd" numeric(18, 6) NOT NULL,
	"rate_at" timestamp with time zone NOT NULL,
	"items" jsonb,
	"note" varchar(140),
	"is_tip_allowed" boolean DEFAULT false NOT NULL,
	"created_by" uuid NOT NULL REFERENCES "users"("id"),
	"till_id" uuid REFERENCES "tills"("id"),
	"customer_id" uuid REFERENCES "users"("id"),
	"transaction_id" uuid REFERENCES "transactions"("id"),
	"cancelled_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "charges_idempotency_key" UNIQUE("idempotency_key"),
	CONSTRAINT "charges_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "charges_currency_check" CHECK ("charges"."currency" IN ('BRL', 'USD')),
	CONSTRAINT "charges_amount_check" CHECK ("charges"."amount_brl_centavos" > 0 AND "charges"."amount_usd" > 0 AND "charges"."brl_per_usd" > 0)
);
--> statement-breakpoint
CREATE INDEX "idx_charges_store" ON "charges" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_charges_customer" ON "charges" USING btree ("customer_id","id" DESC NULLS FIRST) WHERE "customer_id" IS NOT NULL;--> statement-breakpoint
-- A payment's amount holds its tip; the tip beside it says how much of it was one.
ALTER TABLE "transactions" ADD COLUMN "charge_id" uuid;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "tip_usd" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "tip_brl_centavos" bigint;--> statement-breakpoint
CREATE INDEX "idx_transactions_charge" ON "transactions" USING btree ("charge_id") WHERE "charge_id" IS NOT NULL;--> statement-breakpoint
-- A refund links the sale with the transaction that pays it back (type received, purpose refund) and with the rewards that come back first.
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id"),
	"original_transaction_id" uuid NOT NULL REFERENCES "transactions"("id"),
	"transaction_id" uuid REFERENCES "transactions"("id"),
	"idempotency_key" varchar(255) NOT NULL,
	"request_fingerprint" varchar(64) NOT NULL,
	"status" text DEFAULT 'requested' NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"amount_brl_centavos" bigint NOT NULL,
	"reason" varchar(140) NOT NULL,
	"reward_units" numeric(78, 0) NOT NULL,
	"returned_units" numeric(78, 0) NOT NULL,
	"return_operation_id" uuid REFERENCES "user_operations"("id"),
	"payee_address" varchar(42) NOT NULL,
	"requested_by" uuid NOT NULL REFERENCES "users"("id"),
	"failure" varchar(100),
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_idempotency_key" UNIQUE("idempotency_key"),
	CONSTRAINT "refunds_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "refunds_status_check" CHECK ("refunds"."status" IN ('requested', 'paying', 'refunded', 'failed')),
	CONSTRAINT "refunds_amount_check" CHECK ("refunds"."amount_usd" > 0 AND "refunds"."amount_brl_centavos" > 0 AND "refunds"."returned_units" <= "refunds"."reward_units")
);
--> statement-breakpoint
CREATE INDEX "idx_refunds_original" ON "refunds" USING btree ("original_transaction_id");--> statement-breakpoint
CREATE INDEX "idx_refunds_store" ON "refunds" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
ALTER TABLE "transactions" DROP CONSTRAINT "transactions_origin_check";--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_origin_check" CHECK ("transactions"."origin" IN ('guest', 'outside', 'pix'));--> statement-breakpoint
ALTER TABLE "transactions" DROP CONSTRAINT "transactions_purpose_check";--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_purpose_check" CHECK ("transactions"."purpose" IN ('send', 'request', 'top_up', 'incoming', 'refund', 'cash_out', 'advance', 'headroom', 'repayment', 'dollars', 'rewards', 'payout', 'till_reward'));--> statement-breakpoint
ALTER TABLE "user_operations" DROP CONSTRAINT "user_operations_kind_check";--> statement-breakpoint
ALTER TABLE "user_operations" ADD CONSTRAINT "user_operations_kind_check" CHECK ("user_operations"."kind" IN ('payment', 'store_deployment', 'reserved_distribution', 'owner_change', 'guest_refund', 'transfer', 'cash_out', 'loan_claim', 'loan_reallocation', 'loan_repayment', 'dollars_burn', 'rewards_prepare', 'store_refund', 'reward_return', 'store_payout', 'till_deposit', 'till_reward'));--> statement-breakpoint

-- What a store's own account could still move on one chain: its own tokens with those that wait for distribution (their split is locked for ever), and
-- its dollars, less what refunds, payouts and Pix payments under way will take. Those are pending transactions of the store, and the follower ends a
-- transaction in the very step that moves the balance, so nothing counts twice or never. Callers hold the store's lock (store_lock).
CREATE FUNCTION public.store_available(p_store UUID, p_chain chain_id)
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
  )
  SELECT
    COALESCE((SELECT sum(b.balance) FROM store_token_balances b WHERE b.store_id = p_store AND b.chain_id = p_chain AND b.token_store_id = p_store), 0)
      + COALESCE((SELECT v.pending_reserved FROM revnet_states v WHERE v.store_id = p_store AND v.chain_id = p_chain), 0)
      - COALESCE((SELECT p.amount FROM promised p, token WHERE p.token_address = token.token_address), 0)
      - (SELECT g.units FROM guests g),
    COALESCE((SELECT sum(b.balance) FROM store_token_balances b WHERE b.store_id = p_store AND b.chain_id = p_chain AND b.token_store_id IS NULL), 0)
      - COALESCE((SELECT sum(p.amount) FROM promised p WHERE p.token_address IS DISTINCT FROM (SELECT token.token_address FROM token)), 0),
    (SELECT token.token_address FROM token);
$$;--> statement-breakpoint
-- Everything that takes from a store's account asks for this first, so that of two that race the second sees what the first took.
CREATE FUNCTION public.store_lock(p_store UUID) RETURNS VOID LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('store:' || p_store, 0));
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.store_available, public.store_lock FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.store_available, public.store_lock TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- A charge's amount never changes; the payment joins it by a function of its own (0020).
GRANT SELECT, INSERT, UPDATE, DELETE ON tills, store_items, charges, refunds TO cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON tills, store_items TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (cancelled_at) ON charges TO cocopay_web;--> statement-breakpoint
GRANT SELECT ON refunds TO cocopay_web;
