-- Reais by Pix that become dollars. The provider is asked by the worker alone; what it says is a hint until the follower's journal shows the
-- dollars. Statuses come from lib/topups/rules.ts and lib/identity/rules.ts.
CREATE TABLE "top_ups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"idempotency_key" varchar(255) NOT NULL,
	"request_fingerprint" varchar(64) NOT NULL,
	"currency" varchar(3) DEFAULT 'BRL' NOT NULL,
	"amount_brl_centavos" bigint NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"status" text DEFAULT 'quoting' NOT NULL,
	"quoted_usd" numeric(18, 6),
	"minimum_usd" numeric(18, 6),
	"fees" jsonb,
	"quoted_at" timestamp with time zone,
	"is_requoted" boolean DEFAULT false NOT NULL,
	"confirmed_at" timestamp with time zone,
	"ticket_asked_at" timestamp with time zone,
	"ticket_id" varchar(200),
	"wallet_address" varchar(42),
	"br_code" text,
	"expires_at" timestamp with time zone,
	"paid_at" timestamp with time zone,
	"second_payment_at" timestamp with time zone,
	"tx_hash" varchar(66),
	"transaction_id" uuid,
	"arrived_usd" numeric(18, 6),
	"done_at" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"failure" varchar(200),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "top_ups_idempotency_key" UNIQUE("idempotency_key"),
	CONSTRAINT "top_ups_ticket_key" UNIQUE("provider","ticket_id"),
	CONSTRAINT "top_ups_transaction_key" UNIQUE("transaction_id"),
	CONSTRAINT "top_ups_status_check" CHECK ("top_ups"."status" IN ('quoting', 'quoted', 'opening', 'waiting', 'held', 'paid', 'done', 'expired', 'underpaid', 'paid_late', 'refused')),
	CONSTRAINT "top_ups_provider_check" CHECK ("top_ups"."provider" IN ('sandbox', 'avenia')),
	CONSTRAINT "top_ups_amount_check" CHECK ("top_ups"."amount_brl_centavos" > 0 AND "top_ups"."currency" = 'BRL'),
	CONSTRAINT "top_ups_code_check" CHECK ("top_ups"."status" IN ('quoting', 'quoted', 'opening', 'refused') OR ("top_ups"."ticket_id" IS NOT NULL AND "top_ups"."br_code" IS NOT NULL AND "top_ups"."expires_at" IS NOT NULL AND "top_ups"."wallet_address" IS NOT NULL)),
	CONSTRAINT "top_ups_done_check" CHECK (("top_ups"."status" = 'done') = ("top_ups"."done_at" IS NOT NULL) AND ("top_ups"."status" <> 'done' OR "top_ups"."tx_hash" IS NOT NULL)),
	CONSTRAINT "top_ups_wallet_lower" CHECK ("top_ups"."wallet_address" = lower("top_ups"."wallet_address"))
);--> statement-breakpoint
CREATE TABLE "identity_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"status" text DEFAULT 'requested' NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sub_account_id" varchar(200),
	"attempt_id" varchar(200),
	"attempt_url" text,
	"started_at" timestamp with time zone,
	"is_retryable" boolean DEFAULT true NOT NULL,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identity_checks_person_key" UNIQUE("user_id","provider"),
	CONSTRAINT "identity_checks_account_key" UNIQUE("provider","sub_account_id"),
	CONSTRAINT "identity_checks_attempt_key" UNIQUE("provider","attempt_id"),
	CONSTRAINT "identity_checks_status_check" CHECK ("identity_checks"."status" IN ('requested', 'open', 'processing', 'approved', 'rejected', 'expired')),
	CONSTRAINT "identity_checks_provider_check" CHECK ("identity_checks"."provider" IN ('sandbox', 'avenia')),
	CONSTRAINT "identity_checks_open_check" CHECK ("identity_checks"."status" = 'requested' OR "identity_checks"."sub_account_id" IS NOT NULL)
);--> statement-breakpoint
CREATE TABLE "webhook_inbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"event_id" varchar(200) NOT NULL,
	"subscription" varchar(60) NOT NULL,
	"raw" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone,
	"outcome" varchar(20),
	CONSTRAINT "webhook_inbox_event_key" UNIQUE("provider","event_id"),
	CONSTRAINT "webhook_inbox_provider_check" CHECK ("webhook_inbox"."provider" IN ('sandbox', 'avenia'))
);--> statement-breakpoint
ALTER TABLE "top_ups" ADD CONSTRAINT "top_ups_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "top_ups" ADD CONSTRAINT "top_ups_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_top_ups_user" ON "top_ups" USING btree ("user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_top_ups_open" ON "top_ups" USING btree ("checked_at") WHERE "top_ups"."status" NOT IN ('done', 'underpaid', 'paid_late', 'refused');--> statement-breakpoint
CREATE INDEX "idx_top_ups_tx" ON "top_ups" USING btree ("chain_id","tx_hash") WHERE "top_ups"."tx_hash" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_webhook_inbox_waiting" ON "webhook_inbox" USING btree ("received_at") WHERE "webhook_inbox"."processed_at" IS NULL;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON top_ups, identity_checks, webhook_inbox TO cocopay_worker;--> statement-breakpoint
-- The web process asks, confirms and keeps what was told; it can make nothing paid, approved or done.
GRANT SELECT ON top_ups, identity_checks TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, user_id, provider, idempotency_key, request_fingerprint, amount_brl_centavos, chain_id), UPDATE (confirmed_at) ON top_ups TO cocopay_web;--> statement-breakpoint
GRANT INSERT (id, user_id, provider), UPDATE (asked_at), DELETE ON identity_checks TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT (id, provider, event_id, subscription, raw) ON webhook_inbox TO cocopay_web;
