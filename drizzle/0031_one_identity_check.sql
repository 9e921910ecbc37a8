-- One account a store at the partner and one check of who it is, for Pix at the till and for payouts alike. What was the till's row becomes the store's; a
-- company shows two things on two pages, its data and who may speak for it, and the person's word that a page is done is kept beside the partner's answer.
ALTER TABLE "till_pix_accounts" RENAME TO "store_identities";--> statement-breakpoint
DO $$ DECLARE
  v_name TEXT;
BEGIN
  FOR v_name IN SELECT conname FROM pg_constraint WHERE conrelid = 'public.store_identities'::regclass AND conname LIKE 'till\_pix\_accounts\_%' LOOP
    EXECUTE format('ALTER TABLE store_identities RENAME CONSTRAINT %I TO %I', v_name, replace(v_name, 'till_pix_accounts', 'store_identities'));
  END LOOP;
END $$;--> statement-breakpoint
ALTER TABLE "store_identities" ADD COLUMN "account_type" text DEFAULT 'individual' NOT NULL;--> statement-breakpoint
ALTER TABLE "store_identities" ADD COLUMN "representative_url" text;--> statement-breakpoint
ALTER TABLE "store_identities" ADD COLUMN "company_said_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "store_identities" ADD COLUMN "representative_said_at" timestamp with time zone;--> statement-breakpoint
-- Nobody in particular asked where a payout needed it.
ALTER TABLE "store_identities" ALTER COLUMN "asked_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "store_identities" ADD CONSTRAINT "store_identities_type_check" CHECK ("store_identities"."account_type" IN ('individual', 'company'));--> statement-breakpoint
-- A code is asked about where it was ordered, also after the store's account is another one.
ALTER TABLE "till_pix" ADD COLUMN "sub_account_id" varchar(200);--> statement-breakpoint
UPDATE till_pix p SET sub_account_id = i.sub_account_id FROM store_identities i WHERE i.store_id = p.store_id AND i.provider = p.provider AND p.ticket_asked_at IS NOT NULL;--> statement-breakpoint

-- No store is checked again. A payouts' account that the partner knows is the store's from now on: dollars may lie there, none lie in the till's, whose
-- Pix go straight to the store's own account.
UPDATE store_identities i SET sub_account_id = a.account_id, account_type = 'company', status = 'approved', settled_at = COALESCE(i.settled_at, now()), attempt_id = NULL, attempt_url = NULL, updated_at = now()
FROM payout_accounts a WHERE a.store_id = i.store_id AND a.provider = 'avenia' AND a.identity = 'confirmed';--> statement-breakpoint
-- The payouts' rows do not tell the stand-in from the partner; the other rows of a database do.
INSERT INTO store_identities (id, store_id, provider, status, sub_account_id, account_type, settled_at)
SELECT gen_random_uuid(), a.store_id, CASE WHEN EXISTS (SELECT FROM identity_checks c WHERE c.provider = 'sandbox') OR EXISTS (SELECT FROM store_identities i WHERE i.provider = 'sandbox') OR EXISTS (SELECT FROM top_ups t WHERE t.provider = 'sandbox') THEN 'sandbox' ELSE 'avenia' END,
  'approved', a.account_id, 'company', now()
FROM payout_accounts a WHERE a.provider = 'avenia' AND a.identity = 'confirmed' AND NOT EXISTS (SELECT FROM store_identities i WHERE i.store_id = a.store_id);--> statement-breakpoint
-- One that the partner does not know yet never had a price, so no payout went there: it is opened again as the store's, under the name that finds it.
DELETE FROM payout_accounts a WHERE a.provider = 'avenia' AND a.identity <> 'confirmed' AND a.unmatched_usd = 0 AND NOT EXISTS (SELECT FROM payouts p WHERE p.store_id = a.store_id AND p.provider = 'avenia');--> statement-breakpoint
ALTER TABLE "payout_accounts" DROP COLUMN "identity_url";--> statement-breakpoint
ALTER TABLE "payout_accounts" DROP COLUMN "representative_url";--> statement-breakpoint
ALTER TABLE "payout_prices" DROP COLUMN "identity_url";--> statement-breakpoint
GRANT UPDATE (company_said_at, representative_said_at) ON store_identities TO cocopay_web;
