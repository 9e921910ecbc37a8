-- Payments by wallets. A reorg takes an event's place away and leaves the row, so that the same payment comes back under the same id and code:
-- block and log index are null meanwhile.
ALTER TABLE "guest_payments" ADD COLUMN "secret_hash" varchar(64) NOT NULL;--> statement-breakpoint
ALTER TABLE "guest_payments" ADD COLUMN "user_id" uuid REFERENCES "users"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "guest_payments" ADD COLUMN "failure" text;--> statement-breakpoint
CREATE INDEX "idx_guest_payments_waiting" ON "guest_payments" USING btree ("expires_at") WHERE "status" IN ('open', 'checking');--> statement-breakpoint
ALTER TABLE "outside_payments" ALTER COLUMN "log_index" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outside_payments" ALTER COLUMN "block_number" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outside_payments" ALTER COLUMN "block_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outside_payments" ADD CONSTRAINT "outside_payments_place_check" CHECK (num_nonnulls("log_index", "block_number", "block_hash") IN (0, 3));--> statement-breakpoint
ALTER TABLE "outside_payments" ADD COLUMN "store_units" numeric(78, 0) NOT NULL;--> statement-breakpoint
ALTER TABLE "outside_payments" ADD COLUMN "refund_usd" numeric(18, 6);--> statement-breakpoint
ALTER TABLE "outside_payments" ADD COLUMN "refund_error" text;--> statement-breakpoint
CREATE UNIQUE INDEX "outside_payments_paid_key" ON "outside_payments" USING btree ("guest_payment_id") WHERE "outcome" = 'paid' AND "block_number" IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "outside_payments_transaction_key" ON "outside_payments" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "idx_outside_payments_block" ON "outside_payments" USING btree ("chain_id", "block_number");--> statement-breakpoint
-- The till's log: a payment that no page of ours asked for is shown without a sound.
ALTER TABLE "store_events" DROP CONSTRAINT "store_events_kind_check";--> statement-breakpoint
ALTER TABLE "store_events" ADD CONSTRAINT "store_events_kind_check" CHECK ("store_events"."kind" IN ('paid', 'outside', 'checking_again', 'confirmed_again'));--> statement-breakpoint
-- The web process writes hints and wishes; price, reference and what the chain said are not its to change.
REVOKE UPDATE ON guest_payments FROM cocopay_web;--> statement-breakpoint
GRANT UPDATE (status, chain_id, payer, reported_tx_hash, failure) ON guest_payments TO cocopay_web;--> statement-breakpoint
GRANT UPDATE (refund_usd, refund_error) ON outside_payments TO cocopay_web;
