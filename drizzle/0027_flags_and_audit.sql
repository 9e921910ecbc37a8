-- The switches of running a store. All on but Pix at the till, which an operator turns on when the provider is ready; the local stack turns it on
-- for itself. A row that an operator has made already stays as it is.
INSERT INTO feature_flags (name, description, enabled) VALUES
  ('guest_payments', 'Paying a store from an own wallet, without an account', true),
  ('mixed_payments', 'Paying with rewards beside dollars; off: dollars only', true),
  ('payouts_pix', 'A store''s payouts to a Pix key', true),
  ('payouts_bank', 'A store''s payouts to a bank account', true),
  ('payouts_wallet', 'A store''s payouts to a person''s balance or a wallet', true),
  ('consolidation', 'Bringing idle dollars together at night', true),
  ('top_ups', 'Adding funds by Pix', true),
  ('till_pix', 'Pix beside the QR at the till', false)
ON CONFLICT (name) DO NOTHING;--> statement-breakpoint

-- Which lines of the trail an owner reads, by store and time. The trail itself gets no column: its seals hash whole rows.
CREATE TABLE "store_audit_lines" (
	"store_id" uuid NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"created_at" timestamp with time zone NOT NULL,
	"audit_id" uuid NOT NULL,
	CONSTRAINT "store_audit_lines_store_id_created_at_audit_id_pk" PRIMARY KEY("store_id","created_at","audit_id")
);
--> statement-breakpoint
-- The store that a line is about: its own, that of a payment, charge, refund, payout or item, or the one that the line names.
CREATE FUNCTION public.store_of_audit(p_type TEXT, p_id UUID, p_old JSONB, p_new JSONB, p_meta JSONB)
RETURNS UUID LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  v_store UUID;
  v_named TEXT := lower(COALESCE(p_meta->>'storeId', p_meta->>'store_id', p_new->>'storeId', p_new->>'store_id', p_old->>'storeId', p_old->>'store_id'));
BEGIN
  IF p_type = 'store' THEN
    v_store := p_id;
  ELSIF p_type = 'transaction' THEN
    SELECT t.store_id INTO v_store FROM transactions t WHERE t.id = p_id;
  ELSIF p_type = 'charge' THEN
    SELECT c.store_id INTO v_store FROM charges c WHERE c.id = p_id;
  ELSIF p_type = 'refund' THEN
    SELECT r.store_id INTO v_store FROM refunds r WHERE r.id = p_id;
  ELSIF p_type = 'payout' THEN
    SELECT p.store_id INTO v_store FROM payouts p WHERE p.id = p_id;
  ELSIF p_type = 'outside_payment' THEN
    SELECT o.store_id INTO v_store FROM outside_payments o WHERE o.id = p_id;
  END IF;
  IF v_store IS NULL AND v_named ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN v_store := v_named::uuid; END IF;
  -- A line may name a store that is gone; the trail keeps it, the owner's list has nobody to show it to.
  RETURN (SELECT s.id FROM stores s WHERE s.id = v_store);
END;
$$;--> statement-breakpoint
CREATE FUNCTION public.note_store_audit()
RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_store UUID := public.store_of_audit(NEW.resource_type, NEW.resource_id, NEW.old_values, NEW.new_values, NEW.metadata);
BEGIN
  IF v_store IS NOT NULL THEN
    INSERT INTO store_audit_lines (store_id, created_at, audit_id) VALUES (v_store, NEW.created_at, NEW.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.store_of_audit, public.note_store_audit FROM PUBLIC;--> statement-breakpoint
-- A payer's tap is no act of the team, has the list of payments to itself, and is written in the pay path: it is left out.
CREATE TRIGGER note_store_audit AFTER INSERT ON audit_logs FOR EACH ROW
  WHEN (NEW.action <> 'payment.confirmed_by_payer' AND NEW.resource_type IS NOT NULL AND NEW.resource_type NOT IN ('user', 'session', 'passkey', 'wallet', 'account', 'key'))
  EXECUTE FUNCTION public.note_store_audit();--> statement-breakpoint
INSERT INTO store_audit_lines (store_id, created_at, audit_id)
SELECT found.store_id, found.created_at, found.id FROM (
  SELECT public.store_of_audit(a.resource_type, a.resource_id, a.old_values, a.new_values, a.metadata) AS store_id, a.created_at, a.id FROM audit_logs a
  WHERE a.action <> 'payment.confirmed_by_payer' AND a.resource_type NOT IN ('user', 'session', 'passkey', 'wallet', 'account', 'key')
) AS found WHERE found.store_id IS NOT NULL ON CONFLICT DO NOTHING;--> statement-breakpoint
GRANT SELECT ON store_audit_lines TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- Old months of the product's events go as whole parts. Answers how many went; the default part and the last two months never do.
CREATE FUNCTION public.drop_analytics_partitions(p_before DATE)
RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_part TEXT;
  v_count INTEGER := 0;
  v_before DATE := LEAST(date_trunc('month', p_before), date_trunc('month', now()) - INTERVAL '2 months')::date;
BEGIN
  -- Locked in the order in which a sign-up writes, as in create_analytics_partition.
  LOCK TABLE public.users IN SHARE ROW EXCLUSIVE MODE;
  FOR v_part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.analytics_events'::regclass AND c.relname ~ '^analytics_events_[0-9]{4}_[0-9]{2}$'
      AND to_date(right(c.relname, 7), 'YYYY_MM') + INTERVAL '1 month' <= v_before
  LOOP
    EXECUTE format('DROP TABLE public.%I', v_part);
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.drop_analytics_partitions(DATE) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.drop_analytics_partitions(DATE) TO cocopay_worker;
