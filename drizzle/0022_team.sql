-- A team: invitations that wait for a phone, PINs, and devices that several people sell at.
CREATE TABLE "store_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"phone" varchar(20),
	"phone_hash" varchar(64) NOT NULL,
	"phone_shown" varchar(40) NOT NULL,
	"role" "store_role" NOT NULL,
	"token_hash" varchar(64) NOT NULL,
	"invited_by" uuid NOT NULL REFERENCES "users"("id"),
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" uuid REFERENCES "users"("id"),
	"declined_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_invitations_token_key" UNIQUE("token_hash"),
	CONSTRAINT "store_invitations_role_check" CHECK ("store_invitations"."role" <> 'owner'),
	CONSTRAINT "store_invitations_end_check" CHECK (num_nonnulls("store_invitations"."accepted_at", "store_invitations"."declined_at", "store_invitations"."cancelled_at") <= 1 AND ("store_invitations"."accepted_at" IS NULL) = ("store_invitations"."accepted_by" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "store_invitations_open_key" ON "store_invitations" USING btree ("store_id","phone_hash") WHERE num_nonnulls("accepted_at", "declined_at", "cancelled_at") = 0;--> statement-breakpoint
CREATE INDEX "idx_store_invitations_phone" ON "store_invitations" USING btree ("phone_hash") WHERE num_nonnulls("accepted_at", "declined_at", "cancelled_at") = 0;--> statement-breakpoint
CREATE TABLE "store_pins" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"user_id" uuid NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
	"pin_hash" text NOT NULL,
	"failed_attempts" integer DEFAULT 0 NOT NULL,
	"locked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_pins_pkey" PRIMARY KEY("store_id","user_id"),
	CONSTRAINT "store_pins_attempts_check" CHECK ("store_pins"."failed_attempts" BETWEEN 0 AND 5)
);
--> statement-breakpoint
CREATE INDEX "idx_store_pins_user" ON "store_pins" USING btree ("user_id");--> statement-breakpoint
CREATE TABLE "shared_tills" (
	"session_id" uuid PRIMARY KEY NOT NULL REFERENCES "sessions"("id") ON DELETE CASCADE,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"till_id" uuid REFERENCES "tills"("id"),
	"idle_minutes" integer NOT NULL,
	"started_by" uuid NOT NULL REFERENCES "users"("id"),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "shared_tills_idle_check" CHECK ("shared_tills"."idle_minutes" BETWEEN 1 AND 60)
);
--> statement-breakpoint
CREATE INDEX "idx_shared_tills_store" ON "shared_tills" USING btree ("store_id");--> statement-breakpoint
CREATE TABLE "till_sittings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"till_id" uuid REFERENCES "tills"("id"),
	"session_id" uuid REFERENCES "sessions"("id") ON DELETE SET NULL,
	"user_id" uuid NOT NULL REFERENCES "users"("id"),
	"override_by" uuid REFERENCES "users"("id"),
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "till_sittings_open_key" ON "till_sittings" USING btree ("session_id") WHERE "till_sittings"."ended_at" IS NULL;--> statement-breakpoint
CREATE INDEX "idx_till_sittings_store" ON "till_sittings" USING btree ("store_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_till_sittings_user" ON "till_sittings" USING btree ("user_id");--> statement-breakpoint
-- A sale at a shared till says in which sitting it was made, and so who stood in for whom.
ALTER TABLE "charges" ADD COLUMN "sitting_id" uuid REFERENCES "till_sittings"("id");--> statement-breakpoint

GRANT SELECT, INSERT, UPDATE, DELETE ON store_invitations, store_pins, shared_tills, till_sittings TO cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON store_invitations, till_sittings TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON store_pins, shared_tills TO cocopay_web;--> statement-breakpoint
ALTER TABLE "notices" DROP CONSTRAINT "notices_kind_check";--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_kind_check" CHECK ("notices"."kind" IN ('new_device', 'account_frozen', 'account_unfrozen', 'passkey_added', 'passkey_removed', 'passkey_refused', 'wallet_linked', 'wallet_unlinked', 'step_up_requested', 'step_up_cancelled', 'phone_change_requested', 'phone_changed', 'phone_change_cancelled', 'takeover_requested', 'takeover_done', 'owners_changed', 'key_exported', 'backup_named', 'backup_removed', 'inactivity_60', 'inactivity_75', 'inactivity_90', 'recovery_claimed', 'recovery_cancelled', 'recovery_done', 'backup_may_claim', 'refund_paid', 'team_joined', 'team_declined', 'team_left', 'team_role_changed', 'team_removed', 'store_received', 'store_handed_over'));
