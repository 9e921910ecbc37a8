-- Advances as the chain has them. The follower alone writes them, from REVLoans' events; where a row began and where it ended are kept, so that a
-- reorg removes or reopens it.
ALTER TABLE "loans" ADD COLUMN "started_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "loans" ADD COLUMN "block_number" bigint;--> statement-breakpoint
ALTER TABLE "loans" ADD COLUMN "block_hash" varchar(66);--> statement-breakpoint
ALTER TABLE "loans" ADD COLUMN "closed_block_number" bigint;--> statement-breakpoint
ALTER TABLE "loans" ADD COLUMN "closed_reason" text;--> statement-breakpoint
ALTER TABLE "loans" ADD CONSTRAINT "loans_closed_reason_check" CHECK ("loans"."closed_reason" IN ('repaid', 'reallocated', 'liquidated', 'moved'));--> statement-breakpoint
CREATE INDEX "idx_loans_block" ON "loans" USING btree ("chain_id", "block_number");
