-- What rewards of a store bring depends on its cash-out tax too. Every store of ours has 0, for ever; the arithmetic is right for any.
ALTER TABLE "revnet_states" ADD COLUMN "cash_out_tax_rate" integer DEFAULT 0 NOT NULL;
