-- Links with which a third person checks a receipt without signing in. Of the secret only its hash is kept: whoever reads the table can open none of them.
CREATE TABLE "receipt_links" (
  "id" uuid PRIMARY KEY,
  "transaction_id" uuid NOT NULL REFERENCES "transactions"("id"),
  "created_by" uuid NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
  "secret_hash" varchar(64) NOT NULL,
  "created_at" timestamp with time zone NOT NULL DEFAULT now(),
  "revoked_at" timestamp with time zone,
  CONSTRAINT "receipt_links_secret_key" UNIQUE ("secret_hash")
);--> statement-breakpoint
CREATE INDEX "idx_receipt_links_transaction" ON "receipt_links" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "idx_receipt_links_created_by" ON "receipt_links" USING btree ("created_by");--> statement-breakpoint
-- What came to a person pages by key like what left.
CREATE INDEX "idx_transactions_to_user_id" ON "transactions" USING btree ("to_user_id", "id" DESC);--> statement-breakpoint
-- A link may be made and ended, never pointed at another payment.
GRANT SELECT, INSERT, DELETE ON receipt_links TO cocopay_web;--> statement-breakpoint
GRANT UPDATE (revoked_at) ON receipt_links TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON receipt_links TO cocopay_worker;
