CREATE TYPE "public"."auth_method" AS ENUM('phone', 'passkey', 'wallet');--> statement-breakpoint
CREATE TYPE "public"."chain_id" AS ENUM('1', '10', '8453', '42161', '11155111', '11155420', '84532', '421614');--> statement-breakpoint
CREATE TYPE "public"."custody_status" AS ENUM('managed', 'self_custody');--> statement-breakpoint
CREATE TYPE "public"."deployment_status" AS ENUM('pending', 'deploying', 'deployed', 'failed');--> statement-breakpoint
CREATE TYPE "public"."payout_status" AS ENUM('pending', 'processing', 'completed', 'failed');--> statement-breakpoint
CREATE TYPE "public"."payout_type" AS ENUM('pix', 'bank', 'wallet');--> statement-breakpoint
CREATE TYPE "public"."store_role" AS ENUM('owner', 'admin', 'staff');--> statement-breakpoint
CREATE TYPE "public"."transaction_status" AS ENUM('pending', 'confirmed', 'failed');--> statement-breakpoint
CREATE TYPE "public"."transaction_type" AS ENUM('payment', 'received', 'bonus_claim', 'payout', 'consolidation');--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"credential_id" varchar(512) NOT NULL,
	"public_key" "bytea" NOT NULL,
	"sign_count" bigint DEFAULT 0 NOT NULL,
	"derived_address" varchar(42),
	"device_name" varchar(255),
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "passkeys_credential_id_key" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" varchar(200) NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "rate_limits_key_window_start_pk" PRIMARY KEY("key","window_start")
);
--> statement-breakpoint
CREATE TABLE "sandbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"to_phone" varchar(20) NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" varchar(64) NOT NULL,
	"auth_method" "auth_method" NOT NULL,
	"device_info" jsonb,
	"ip_address" "inet",
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"phone" varchar(20) NOT NULL,
	"code_hash" varchar(64) NOT NULL,
	"device_id" varchar(64),
	"ip_address" "inet",
	"attempts" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_in_codes_attempts_check" CHECK ("sign_in_codes"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"encrypted_private_key" text NOT NULL,
	"address" varchar(42) NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "smart_accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"address" varchar(42) NOT NULL,
	"salt" varchar(66) NOT NULL,
	"owner_address" varchar(42) NOT NULL,
	"custody_status" "custody_status" DEFAULT 'managed' NOT NULL,
	"deployed" boolean DEFAULT false NOT NULL,
	"deploy_tx_hash" varchar(66),
	"deployed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"initial_owner_address" varchar(42),
	CONSTRAINT "smart_accounts_user_id_chain_id_key" UNIQUE("user_id","chain_id"),
	CONSTRAINT "smart_accounts_chain_id_address_key" UNIQUE("chain_id","address")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"phone" varchar(20) NOT NULL,
	"phone_verified_at" timestamp with time zone,
	"name" varchar(255),
	"email" varchar(255),
	"backup_owner_phone" varchar(20),
	"backup_owner_activated_at" timestamp with time zone,
	"last_active_at" timestamp with time zone DEFAULT now(),
	"preferred_chain_id" "chain_id" DEFAULT '8453',
	"locale" varchar(10) DEFAULT 'pt-BR',
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"hide_name" boolean,
	CONSTRAINT "users_phone_key" UNIQUE("phone")
);
--> statement-breakpoint
CREATE TABLE "store_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"address" varchar(42) NOT NULL,
	"salt" varchar(66) NOT NULL,
	"initial_owner_address" varchar(42) NOT NULL,
	"owner_address" varchar(42) NOT NULL,
	"deployed" boolean DEFAULT false NOT NULL,
	"deploy_tx_hash" varchar(66),
	"deployed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_accounts_store_id_chain_id_key" UNIQUE("store_id","chain_id"),
	CONSTRAINT "store_accounts_chain_id_address_key" UNIQUE("chain_id","address"),
	CONSTRAINT "store_accounts_address_lower" CHECK ("store_accounts"."address" = lower("store_accounts"."address"))
);
--> statement-breakpoint
CREATE TABLE "store_codes" (
	"short_code" varchar(20) PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"retired_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "store_deployments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"store_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"project_id" integer,
	"token_address" varchar(42),
	"terminal_address" varchar(42),
	"status" "deployment_status" DEFAULT 'pending' NOT NULL,
	"bundle_id" varchar(255),
	"deploy_tx_hash" varchar(66),
	"error_message" text,
	"deployed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"operation_id" uuid,
	"attempts" integer,
	"block_number" integer,
	CONSTRAINT "store_deployments_store_id_chain_id_key" UNIQUE("store_id","chain_id")
);
--> statement-breakpoint
CREATE TABLE "store_members" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"store_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" "store_role" NOT NULL,
	"invited_by" uuid,
	"invited_at" timestamp with time zone DEFAULT now() NOT NULL,
	"accepted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_members_store_id_user_id_key" UNIQUE("store_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "store_signing_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"encrypted_private_key" text NOT NULL,
	"address" varchar(42) NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stores" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" varchar(255) NOT NULL,
	"symbol" varchar(10) NOT NULL,
	"category" varchar(100),
	"description" text,
	"latitude" numeric(10, 8),
	"longitude" numeric(11, 8),
	"address" text,
	"deployment_status" "deployment_status" DEFAULT 'pending' NOT NULL,
	"website" varchar(255),
	"instagram" varchar(100),
	"qr_code_url" varchar(255),
	"short_code" varchar(20),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reward_rate_bps" integer,
	"starts_at" timestamp with time zone,
	"time_zone" varchar(64),
	"legal_name" varchar(255),
	"cnpj" varchar(14),
	"refund_limit_usd" numeric(18, 6),
	"closed_at" timestamp with time zone,
	"qr_version" integer,
	CONSTRAINT "stores_short_code_key" UNIQUE("short_code"),
	CONSTRAINT "stores_reward_rate_bps_check" CHECK ("stores"."reward_rate_bps" BETWEEN 100 AND 2000)
);
--> statement-breakpoint
CREATE TABLE "code_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"transaction_id" uuid NOT NULL,
	"store_id" uuid NOT NULL,
	"checked_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_rates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brl_per_usd" numeric(18, 6) NOT NULL,
	"source" varchar(20) NOT NULL,
	"quoted_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exchange_rates_source_quoted_key" UNIQUE("source","quoted_at")
);
--> statement-breakpoint
CREATE TABLE "loans" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"loan_id_onchain" numeric(78, 0) NOT NULL,
	"collateral" numeric(78, 0) NOT NULL,
	"collateral_usd_at_origination" numeric(18, 6) NOT NULL,
	"borrow_amount" numeric(78, 0) NOT NULL,
	"borrow_amount_usd" numeric(18, 6) NOT NULL,
	"prepaid_fee_percent" integer NOT NULL,
	"prepaid_duration_seconds" bigint NOT NULL,
	"project_id" integer NOT NULL,
	"token_address" varchar(42) NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"repaid_at" timestamp with time zone,
	"origination_tx_hash" varchar(66) NOT NULL,
	"repayment_tx_hash" varchar(66),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"store_id" uuid,
	"replaces_loan_id" uuid,
	CONSTRAINT "loans_chain_id_loan_id_onchain_key" UNIQUE("chain_id","loan_id_onchain")
);
--> statement-breakpoint
CREATE TABLE "operator_transactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"operator" varchar(42) NOT NULL,
	"nonce" bigint NOT NULL,
	"tx_hash" varchar(66) NOT NULL,
	"raw_transaction" text NOT NULL,
	"operation_ids" uuid[] NOT NULL,
	"max_fee_per_gas" numeric(78, 0) NOT NULL,
	"status" text DEFAULT 'sent' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operator_transactions_hash_key" UNIQUE("chain_id","tx_hash"),
	CONSTRAINT "operator_transactions_status_check" CHECK ("operator_transactions"."status" IN ('sent', 'mined', 'replaced'))
);
--> statement-breakpoint
CREATE TABLE "payouts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"store_id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"fee_usd" numeric(18, 6) DEFAULT 0 NOT NULL,
	"payout_type" "payout_type" NOT NULL,
	"destination" jsonb NOT NULL,
	"status" "payout_status" DEFAULT 'pending' NOT NULL,
	"external_id" varchar(255),
	"processed_at" timestamp with time zone,
	"error_message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"idempotency_key" varchar(255),
	"request_fingerprint" varchar(64),
	"chain_id" "chain_id",
	"transaction_id" uuid,
	"operation_id" uuid,
	"quote" jsonb,
	"amount_brl_centavos" bigint,
	"end_to_end_id" varchar(40),
	"returned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "store_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"transaction_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"block_number" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_events_kind_check" CHECK ("store_events"."kind" IN ('paid', 'checking_again', 'confirmed_again'))
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"from_user_id" uuid,
	"to_user_id" uuid,
	"store_id" uuid,
	"type" "transaction_type" NOT NULL,
	"status" "transaction_status" DEFAULT 'pending' NOT NULL,
	"amount_usd" numeric(18, 6) NOT NULL,
	"tokens_used" jsonb,
	"rewards_earned" jsonb,
	"chain_id" "chain_id" NOT NULL,
	"bundle_id" varchar(255),
	"tx_hash" varchar(66),
	"block_number" bigint,
	"confirmation_code" varchar(6),
	"error_code" varchar(50),
	"error_message" text,
	"idempotency_key" varchar(255),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp with time zone,
	"request_fingerprint" varchar(64),
	"block_hash" varchar(66),
	"amount_brl_centavos" bigint,
	"brl_per_usd" numeric(18, 6),
	"rate_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "user_operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"sender" varchar(42) NOT NULL,
	"nonce_key" numeric(58, 0) NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"signed_operation" jsonb,
	"user_op_hash" varchar(66),
	"valid_until" timestamp with time zone,
	"submitted_at" timestamp with time zone,
	"tx_hash" varchar(66),
	"block_number" bigint,
	"block_hash" varchar(66),
	"error_code" varchar(50),
	"error_message" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_operations_hash_key" UNIQUE("user_op_hash"),
	CONSTRAINT "user_operations_nonce_key" UNIQUE("chain_id","sender","nonce_key"),
	CONSTRAINT "user_operations_status_check" CHECK ("user_operations"."status" IN ('queued', 'submitted', 'succeeded', 'reverted', 'expired')),
	CONSTRAINT "user_operations_kind_check" CHECK ("user_operations"."kind" IN ('payment', 'store_deployment', 'reserved_distribution')),
	CONSTRAINT "user_operations_sender_lower" CHECK ("user_operations"."sender" = lower("user_operations"."sender"))
);
--> statement-breakpoint
CREATE TABLE "balance_changes" (
	"chain_id" "chain_id" NOT NULL,
	"block_number" bigint NOT NULL,
	"log_index" integer NOT NULL,
	"balance_id" uuid NOT NULL,
	"holder" text NOT NULL,
	"block_hash" varchar(66) NOT NULL,
	"tx_hash" varchar(66) NOT NULL,
	"delta" numeric(78, 0) NOT NULL,
	CONSTRAINT "balance_changes_chain_id_block_number_log_index_balance_id_pk" PRIMARY KEY("chain_id","block_number","log_index","balance_id"),
	CONSTRAINT "balance_changes_holder_check" CHECK ("balance_changes"."holder" IN ('person', 'store'))
);
--> statement-breakpoint
CREATE TABLE "balance_reservations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"operation_id" uuid NOT NULL,
	"token_balance_id" uuid NOT NULL,
	"amount" numeric(78, 0) NOT NULL,
	"released_block" bigint,
	"released_at" timestamp with time zone,
	CONSTRAINT "balance_reservations_amount_check" CHECK ("balance_reservations"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "chain_blocks" (
	"chain_id" "chain_id" NOT NULL,
	"number" bigint NOT NULL,
	"hash" varchar(66) NOT NULL,
	"parent_hash" varchar(66) NOT NULL,
	"mined_at" timestamp with time zone NOT NULL,
	CONSTRAINT "chain_blocks_chain_id_number_pk" PRIMARY KEY("chain_id","number")
);
--> statement-breakpoint
CREATE TABLE "chain_cursors" (
	"chain_id" "chain_id" PRIMARY KEY NOT NULL,
	"genesis_hash" varchar(66) NOT NULL,
	"block_number" bigint NOT NULL,
	"block_hash" varchar(66) NOT NULL,
	"block_time" timestamp with time zone NOT NULL,
	"head_moved_at" timestamp with time zone DEFAULT now() NOT NULL,
	"unreachable_at" timestamp with time zone,
	"stalled_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "revnet_states" (
	"store_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"surplus_usd_micros" numeric(78, 0) NOT NULL,
	"supply" numeric(78, 0) NOT NULL,
	"pending_reserved" numeric(78, 0) NOT NULL,
	"borrowed_usd_micros" numeric(78, 0) NOT NULL,
	"collateral" numeric(78, 0) NOT NULL,
	"cash_out_delay_until" timestamp with time zone,
	"block_number" bigint NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "revnet_states_store_id_chain_id_pk" PRIMARY KEY("store_id","chain_id")
);
--> statement-breakpoint
CREATE TABLE "store_token_balances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"token_address" varchar(42) NOT NULL,
	"token_store_id" uuid,
	"balance" numeric(78, 0) DEFAULT 0 NOT NULL,
	"balance_usd" numeric(18, 6) DEFAULT 0 NOT NULL,
	"last_synced_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_synced_block" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_token_balances_holder_key" UNIQUE("store_id","chain_id","token_address"),
	CONSTRAINT "store_token_balances_token_lower" CHECK ("store_token_balances"."token_address" = lower("store_token_balances"."token_address"))
);
--> statement-breakpoint
CREATE TABLE "token_balances" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"chain_id" "chain_id" NOT NULL,
	"token_address" varchar(42) NOT NULL,
	"store_id" uuid,
	"balance" numeric(78, 0) DEFAULT 0 NOT NULL,
	"balance_usd" numeric(18, 6) DEFAULT 0 NOT NULL,
	"last_synced_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_synced_block" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "token_balances_user_id_chain_id_token_address_key" UNIQUE("user_id","chain_id","token_address")
);
--> statement-breakpoint
CREATE TABLE "analytics_events" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"event_name" varchar(100) NOT NULL,
	"properties" jsonb DEFAULT '{}' NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"device_id" varchar(255),
	"ip_address" "inet",
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "analytics_events_id_created_at_pk" PRIMARY KEY("id","created_at")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "audit_logs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid,
	"ip_address" "inet",
	"user_agent" text,
	"action" varchar(100) NOT NULL,
	"resource_type" varchar(50),
	"resource_id" uuid,
	"old_values" jsonb,
	"new_values" jsonb,
	"metadata" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"sealed_from" timestamp with time zone NOT NULL,
	"sealed_to" timestamp with time zone NOT NULL,
	"row_count" integer NOT NULL,
	"hash" varchar(64) NOT NULL,
	"previous_hash" varchar(64) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feature_flags" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" varchar(100) NOT NULL,
	"description" text,
	"enabled" boolean DEFAULT false NOT NULL,
	"rules" jsonb DEFAULT '[]' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feature_flags_name_key" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD CONSTRAINT "signing_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "smart_accounts" ADD CONSTRAINT "smart_accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_accounts" ADD CONSTRAINT "store_accounts_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_codes" ADD CONSTRAINT "store_codes_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_deployments" ADD CONSTRAINT "store_deployments_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_members" ADD CONSTRAINT "store_members_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_members" ADD CONSTRAINT "store_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_members" ADD CONSTRAINT "store_members_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_signing_keys" ADD CONSTRAINT "store_signing_keys_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "code_checks" ADD CONSTRAINT "code_checks_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "code_checks" ADD CONSTRAINT "code_checks_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "code_checks" ADD CONSTRAINT "code_checks_checked_by_users_id_fk" FOREIGN KEY ("checked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loans" ADD CONSTRAINT "loans_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "loans" ADD CONSTRAINT "loans_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_operation_id_user_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."user_operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_events" ADD CONSTRAINT "store_events_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_events" ADD CONSTRAINT "store_events_transaction_id_transactions_id_fk" FOREIGN KEY ("transaction_id") REFERENCES "public"."transactions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_from_user_id_users_id_fk" FOREIGN KEY ("from_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_to_user_id_users_id_fk" FOREIGN KEY ("to_user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transactions" ADD CONSTRAINT "transactions_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "balance_reservations" ADD CONSTRAINT "balance_reservations_operation_id_user_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."user_operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "balance_reservations" ADD CONSTRAINT "balance_reservations_token_balance_id_token_balances_id_fk" FOREIGN KEY ("token_balance_id") REFERENCES "public"."token_balances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revnet_states" ADD CONSTRAINT "revnet_states_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_token_balances" ADD CONSTRAINT "store_token_balances_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_token_balances" ADD CONSTRAINT "store_token_balances_token_store_id_stores_id_fk" FOREIGN KEY ("token_store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_balances" ADD CONSTRAINT "token_balances_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "token_balances" ADD CONSTRAINT "token_balances_store_id_stores_id_fk" FOREIGN KEY ("store_id") REFERENCES "public"."stores"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "analytics_events" ADD CONSTRAINT "analytics_events_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_logs" ADD CONSTRAINT "audit_logs_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_passkeys_user" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_passkeys_credential" ON "passkeys" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "idx_rate_limits_window" ON "rate_limits" USING btree ("window_start");--> statement-breakpoint
CREATE INDEX "idx_sandbox_messages_to" ON "sandbox_messages" USING btree ("to_phone","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_sessions_token" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "idx_sessions_expires" ON "sessions" USING btree ("expires_at") WHERE "sessions"."revoked_at" IS NULL;--> statement-breakpoint
CREATE INDEX "idx_sign_in_codes_phone" ON "sign_in_codes" USING btree ("phone","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "signing_keys_user_id_is_active_key" ON "signing_keys" USING btree ("user_id","is_active") WHERE "signing_keys"."is_active" = TRUE;--> statement-breakpoint
CREATE INDEX "idx_signing_keys_user" ON "signing_keys" USING btree ("user_id") WHERE "signing_keys"."is_active" = TRUE;--> statement-breakpoint
CREATE INDEX "idx_smart_accounts_user" ON "smart_accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_smart_accounts_address" ON "smart_accounts" USING btree ("address");--> statement-breakpoint
CREATE INDEX "idx_users_phone" ON "users" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "idx_users_email" ON "users" USING btree ("email") WHERE "users"."email" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_users_last_active" ON "users" USING btree ("last_active_at");--> statement-breakpoint
CREATE INDEX "idx_store_codes_store" ON "store_codes" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "idx_store_deployments_store" ON "store_deployments" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "idx_store_deployments_token" ON "store_deployments" USING btree ("token_address");--> statement-breakpoint
CREATE UNIQUE INDEX "idx_store_deployments_project" ON "store_deployments" USING btree ("chain_id","project_id") WHERE "store_deployments"."project_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_store_members_store" ON "store_members" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "idx_store_members_user" ON "store_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "store_signing_keys_active_key" ON "store_signing_keys" USING btree ("store_id") WHERE "store_signing_keys"."is_active" = TRUE;--> statement-breakpoint
CREATE INDEX "idx_stores_symbol" ON "stores" USING btree ("symbol");--> statement-breakpoint
CREATE UNIQUE INDEX "idx_stores_symbol_upper" ON "stores" USING btree (upper("symbol"));--> statement-breakpoint
CREATE INDEX "idx_stores_short_code" ON "stores" USING btree ("short_code");--> statement-breakpoint
CREATE INDEX "idx_code_checks_transaction" ON "code_checks" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "idx_exchange_rates_created" ON "exchange_rates" USING btree ("created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_loans_user" ON "loans" USING btree ("user_id") WHERE "loans"."is_active" = TRUE;--> statement-breakpoint
CREATE INDEX "idx_loans_project" ON "loans" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "idx_operator_transactions_open" ON "operator_transactions" USING btree ("chain_id","operator","nonce") WHERE "operator_transactions"."status" = 'sent';--> statement-breakpoint
CREATE INDEX "idx_payouts_store" ON "payouts" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "idx_payouts_status" ON "payouts" USING btree ("status") WHERE "payouts"."status" IN ('pending', 'processing');--> statement-breakpoint
CREATE UNIQUE INDEX "idx_payouts_idempotency" ON "payouts" USING btree ("idempotency_key") WHERE "payouts"."idempotency_key" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_store_events_store" ON "store_events" USING btree ("store_id","id");--> statement-breakpoint
CREATE INDEX "idx_store_events_transaction" ON "store_events" USING btree ("transaction_id");--> statement-breakpoint
CREATE UNIQUE INDEX "transactions_idempotency_key_key" ON "transactions" USING btree ("idempotency_key") WHERE "transactions"."idempotency_key" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_transactions_from_user" ON "transactions" USING btree ("from_user_id");--> statement-breakpoint
CREATE INDEX "idx_transactions_to_user" ON "transactions" USING btree ("to_user_id");--> statement-breakpoint
CREATE INDEX "idx_transactions_store" ON "transactions" USING btree ("store_id");--> statement-breakpoint
CREATE INDEX "idx_transactions_status" ON "transactions" USING btree ("status") WHERE "transactions"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "idx_transactions_confirmation" ON "transactions" USING btree ("confirmation_code");--> statement-breakpoint
CREATE INDEX "idx_transactions_created" ON "transactions" USING btree ("created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_transactions_bundle" ON "transactions" USING btree ("bundle_id");--> statement-breakpoint
CREATE INDEX "idx_transactions_from_user_id" ON "transactions" USING btree ("from_user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_transactions_store_id" ON "transactions" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "idx_transactions_store_code" ON "transactions" USING btree ("store_id","confirmation_code") WHERE "transactions"."confirmation_code" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_user_operations_queued" ON "user_operations" USING btree ("chain_id","next_attempt_at") WHERE "user_operations"."status" = 'queued';--> statement-breakpoint
CREATE INDEX "idx_user_operations_submitted" ON "user_operations" USING btree ("chain_id","submitted_at") WHERE "user_operations"."status" = 'submitted';--> statement-breakpoint
CREATE INDEX "idx_balance_changes_balance" ON "balance_changes" USING btree ("balance_id");--> statement-breakpoint
CREATE INDEX "idx_balance_reservations_operation" ON "balance_reservations" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "idx_token_balances_user" ON "token_balances" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_token_balances_store" ON "token_balances" USING btree ("store_id") WHERE "token_balances"."store_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_token_balances_sync" ON "token_balances" USING btree ("last_synced_at");--> statement-breakpoint
CREATE INDEX "idx_analytics_events_name" ON "analytics_events" USING btree ("event_name");--> statement-breakpoint
CREATE INDEX "idx_analytics_events_user" ON "analytics_events" USING btree ("user_id") WHERE "analytics_events"."user_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_analytics_events_created" ON "analytics_events" USING btree ("created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_audit_logs_user" ON "audit_logs" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_audit_logs_action" ON "audit_logs" USING btree ("action");--> statement-breakpoint
CREATE INDEX "idx_audit_logs_resource" ON "audit_logs" USING btree ("resource_type","resource_id");--> statement-breakpoint
CREATE INDEX "idx_audit_logs_created" ON "audit_logs" USING btree ("created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_feature_flags_name" ON "feature_flags" USING btree ("name");