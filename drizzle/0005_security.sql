CREATE TABLE "account_owners" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"address" varchar(42) NOT NULL,
	"name" varchar(100),
	"passkey_id" uuid,
	"wallet_id" uuid,
	"proof" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_owners_user_address_key" UNIQUE("user_id","address"),
	CONSTRAINT "account_owners_kind_check" CHECK ("account_owners"."kind" IN ('passkey', 'wallet', 'recovery_key')),
	CONSTRAINT "account_owners_address_lower" CHECK ("account_owners"."address" = lower("account_owners"."address"))
);
--> statement-breakpoint
CREATE TABLE "account_signers" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"address" varchar(42) NOT NULL,
	CONSTRAINT "account_signers_key" UNIQUE("user_id","chain_id","address")
);
--> statement-breakpoint
CREATE TABLE "auth_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"challenge_hash" varchar(64) NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "auth_challenges_hash_key" UNIQUE("challenge_hash"),
	CONSTRAINT "auth_challenges_purpose_check" CHECK ("auth_challenges"."purpose" IN ('passkey_registration', 'passkey_sign_in', 'passkey_step_up', 'derived_key', 'wallet_sign_in', 'wallet_link', 'wallet_step_up'))
);
--> statement-breakpoint
CREATE TABLE "backup_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"phone" varchar(20) NOT NULL,
	"token_hash" varchar(64) NOT NULL,
	"status" text DEFAULT 'asked' NOT NULL,
	"answered_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "backup_requests_token_key" UNIQUE("token_hash"),
	CONSTRAINT "backup_requests_status_check" CHECK ("backup_requests"."status" IN ('asked', 'accepted', 'declined', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"version" varchar(20) NOT NULL,
	"is_given" boolean NOT NULL,
	"ip_hash" varchar(64),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consents_purpose_check" CHECK ("consents"."purpose" IN ('terms', 'privacy', 'product_messages'))
);
--> statement-breakpoint
CREATE TABLE "key_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"recipient_key" varchar(100) NOT NULL,
	"sealed" text,
	"fetched_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb DEFAULT '{}' NOT NULL,
	"session_id" uuid,
	"read_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notices_kind_check" CHECK ("notices"."kind" IN ('new_device', 'account_frozen', 'account_unfrozen', 'passkey_added', 'passkey_removed', 'wallet_linked', 'wallet_unlinked', 'step_up_requested', 'step_up_cancelled', 'phone_change_requested', 'phone_changed', 'phone_change_cancelled', 'takeover_requested', 'takeover_done', 'owners_changed', 'key_exported', 'backup_named', 'backup_removed', 'inactivity_60', 'inactivity_75', 'inactivity_90', 'recovery_claimed', 'recovery_cancelled', 'recovery_done', 'backup_may_claim'))
);
--> statement-breakpoint
CREATE TABLE "outgoing_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"to_phone" varchar(20) NOT NULL,
	"body" text NOT NULL,
	"sent_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "owner_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"added" text[] NOT NULL,
	"removed" text[] NOT NULL,
	"session_id" uuid NOT NULL,
	"error_code" varchar(50),
	"completed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "owner_changes_kind_check" CHECK ("owner_changes"."kind" IN ('takeover', 'add', 'remove')),
	CONSTRAINT "owner_changes_status_check" CHECK ("owner_changes"."status" IN ('pending', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "phone_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"new_phone" varchar(20) NOT NULL,
	"session_id" uuid NOT NULL,
	"ready_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_claims" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"backup_user_id" uuid,
	"warned_60_at" timestamp with time zone,
	"warned_75_at" timestamp with time zone,
	"warned_90_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"claimable_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" varchar(64) NOT NULL,
	"address" varchar(42) NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"is_contract" boolean NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_in_attempts_token_key" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "step_up_waits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"ready_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"cancelled_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "step_up_waits_purpose_check" CHECK ("step_up_waits"."purpose" IN ('payout', 'custody', 'key_export', 'owners', 'phone_change', 'backup_phone', 'team_change', 'large_payment', 'passkeys', 'wallets', 'unfreeze', 'data_export', 'account_deletion'))
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"address" varchar(42) NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"is_contract" boolean NOT NULL,
	"name" varchar(100),
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wallets_address_key" UNIQUE("address"),
	CONSTRAINT "wallets_address_lower" CHECK ("wallets"."address" = lower("wallets"."address"))
);
--> statement-breakpoint
CREATE TABLE "guest_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" varchar(32) NOT NULL,
	"store_id" uuid NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"amount_brl_centavos" bigint NOT NULL,
	"brl_per_usd" numeric(18, 6) NOT NULL,
	"rate_at" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"chain_id" "chain_id",
	"payer" varchar(42),
	"reported_tx_hash" varchar(66),
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guest_payments_reference_key" UNIQUE("reference"),
	CONSTRAINT "guest_payments_status_check" CHECK ("guest_payments"."status" IN ('open', 'checking', 'paid', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "outside_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"store_id" uuid NOT NULL,
	"guest_payment_id" uuid,
	"transaction_id" uuid,
	"outcome" text NOT NULL,
	"payer" varchar(42) NOT NULL,
	"beneficiary" varchar(42) NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"reward_units" numeric(78, 0) NOT NULL,
	"tx_hash" varchar(66) NOT NULL,
	"log_index" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" varchar(66) NOT NULL,
	"refund_status" text,
	"refund_operation_id" uuid,
	"refund_tx_hash" varchar(66),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outside_payments_event_key" UNIQUE("chain_id","tx_hash","log_index"),
	CONSTRAINT "outside_payments_outcome_check" CHECK ("outside_payments"."outcome" IN ('paid', 'paid_twice', 'underpaid', 'late', 'outside')),
	CONSTRAINT "outside_payments_refund_check" CHECK ("outside_payments"."refund_status" IN ('requested', 'refunded', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "user_operations" DROP CONSTRAINT "user_operations_status_check";--> statement-breakpoint
ALTER TABLE "user_operations" DROP CONSTRAINT "user_operations_kind_check";--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "transports" text[];--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "is_backed_up" boolean;--> statement-breakpoint
ALTER TABLE "passkeys" ADD COLUMN "derived_salt_version" integer;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "device_hash" varchar(64);--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "limited_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "stepped_up_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "step_up_method" "auth_method";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "frozen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "session_id" uuid;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "transactions" ADD COLUMN "payer_address" varchar(42);--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "row_ids" uuid[];--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "row_hashes" text[];--> statement-breakpoint
ALTER TABLE "account_owners" ADD CONSTRAINT "account_owners_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_owners" ADD CONSTRAINT "account_owners_passkey_id_passkeys_id_fk" FOREIGN KEY ("passkey_id") REFERENCES "public"."passkeys"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_owners" ADD CONSTRAINT "account_owners_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_signers" ADD CONSTRAINT "account_signers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_challenges" ADD CONSTRAINT "auth_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_requests" ADD CONSTRAINT "backup_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_exports" ADD CONSTRAINT "key_exports_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "owner_changes" ADD CONSTRAINT "owner_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_changes" ADD CONSTRAINT "phone_changes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_claims" ADD CONSTRAINT "recovery_claims_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_claims" ADD CONSTRAINT "recovery_claims_backup_user_id_users_id_fk" FOREIGN KEY ("backup_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step_up_waits" ADD CONSTRAINT "step_up_waits_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guest_payments" ADD CONSTRAINT "guest_payments_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outside_payments" ADD CONSTRAINT "outside_payments_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outside_payments" ADD CONSTRAINT "outside_payments_guest_payment_id_guest_payments_id_fk" FOREIGN KEY ("guest_payment_id") REFERENCES "public"."guest_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outside_payments" ADD CONSTRAINT "outside_payments_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_auth_challenges_expires" ON "auth_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "backup_requests_open_key" ON "backup_requests" USING btree ("user_id") WHERE "backup_requests"."status" IN ('asked', 'accepted');--> statement-breakpoint
CREATE INDEX "idx_consents_user" ON "consents" USING btree ("user_id","purpose","created_at");--> statement-breakpoint
CREATE INDEX "idx_notices_user" ON "notices" USING btree ("user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_outgoing_messages_created" ON "outgoing_messages" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "owner_changes_pending_key" ON "owner_changes" USING btree ("user_id") WHERE "owner_changes"."status" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "phone_changes_open_key" ON "phone_changes" USING btree ("user_id") WHERE "phone_changes"."done_at" IS NULL AND "phone_changes"."cancelled_at" IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_claims_open_key" ON "recovery_claims" USING btree ("user_id") WHERE "recovery_claims"."completed_at" IS NULL AND "recovery_claims"."cancelled_at" IS NULL;--> statement-breakpoint
CREATE INDEX "idx_sign_in_attempts_expires" ON "sign_in_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idx_step_up_waits_user" ON "step_up_waits" USING btree ("user_id","purpose");--> statement-breakpoint
CREATE INDEX "idx_wallets_user" ON "wallets" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_outside_payments_store" ON "outside_payments" USING btree ("store_id","id");--> statement-breakpoint
CREATE INDEX "idx_outside_payments_guest" ON "outside_payments" USING btree ("guest_payment_id");--> statement-breakpoint
CREATE INDEX "idx_outside_payments_payer" ON "outside_payments" USING btree ("payer");--> statement-breakpoint
CREATE INDEX "idx_transactions_payer_address" ON "transactions" USING btree ("payer_address") WHERE "transactions"."payer_address" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_origin_check" CHECK ("transactions"."origin" IN ('guest', 'outside'));--> statement-breakpoint
ALTER TABLE "user_operations" ADD CONSTRAINT "user_operations_status_check" CHECK ("user_operations"."status" IN ('queued', 'prepared', 'submitted', 'succeeded', 'reverted', 'expired'));--> statement-breakpoint
ALTER TABLE "user_operations" ADD CONSTRAINT "user_operations_kind_check" CHECK ("user_operations"."kind" IN ('payment', 'store_deployment', 'reserved_distribution', 'owner_change', 'guest_refund'));