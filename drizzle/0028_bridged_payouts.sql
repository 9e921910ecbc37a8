-- A store's dollars on another chain are brought to the partner's before it can pay reais. They travel as people's dollars do, in the same table and by the same
-- steps: a row of their own kind, whose id is the payout's transaction, whose user asked for it, and whose recipient is the partner's deposit address. The
-- worker alone writes it (0015).
ALTER TABLE "consolidations" DROP CONSTRAINT "consolidations_kind_check";--> statement-breakpoint
ALTER TABLE "consolidations" ADD CONSTRAINT "consolidations_kind_check" CHECK ("consolidations"."kind" IN ('dollars', 'rewards', 'payout'));--> statement-breakpoint
-- A message is one burn's. Two of one bundle may be alike to the cent, and at Stark Bank they go to one address: none may take the other's for its own.
CREATE UNIQUE INDEX "consolidations_message_key" ON "consolidations" USING btree ("from_chain_id","message_nonce") WHERE "consolidations"."message_nonce" IS NOT NULL;
