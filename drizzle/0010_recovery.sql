-- An absence is counted for each store by itself, because another owner or admin of one store may be there while nobody is at the other.
ALTER TABLE "recovery_claims" ADD COLUMN "store_id" uuid NOT NULL REFERENCES "public"."stores"("id") ON DELETE CASCADE;--> statement-breakpoint
DROP INDEX "recovery_claims_open_key";--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_claims_open_key" ON "recovery_claims" USING btree ("user_id","store_id") WHERE "recovery_claims"."completed_at" IS NULL AND "recovery_claims"."cancelled_at" IS NULL;--> statement-breakpoint
-- The backup is the person who said yes, not whoever has that number years later.
ALTER TABLE "backup_requests" ADD COLUMN "accepted_by" uuid REFERENCES "public"."users"("id");--> statement-breakpoint
CREATE INDEX "idx_backup_requests_accepted_by" ON "backup_requests" USING btree ("accepted_by") WHERE "backup_requests"."accepted_by" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_backup_requests_phone" ON "backup_requests" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "idx_recovery_claims_store" ON "recovery_claims" USING btree ("store_id");--> statement-breakpoint
-- A deleted person's text messages go too.
GRANT DELETE ON outgoing_messages TO cocopay_web;
