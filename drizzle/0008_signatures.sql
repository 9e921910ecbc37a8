-- A person's own signature reaches the outbox here: the web role has no right on user_operations. Only the signature may differ from what the
-- worker prepared and sponsored, and only while that can still land, by the clock and by the last block that was followed.
-- Answers: recorded, again (this operation is on its way or landed already), expired (prepared anew, or too late), not_found.
CREATE FUNCTION public.record_signature(p_user UUID, p_operation UUID, p_hash VARCHAR, p_signed JSONB)
RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v RECORD;
BEGIN
  SELECT o.status, o.user_op_hash, o.signed_operation, o.valid_until > GREATEST(now(), c.block_time) AS is_live INTO v
  FROM user_operations o
  JOIN smart_accounts a ON a.chain_id = o.chain_id AND a.address = o.sender
  LEFT JOIN chain_cursors c ON c.chain_id = o.chain_id
  WHERE o.id = p_operation AND a.user_id = p_user
  FOR NO KEY UPDATE OF o;
  IF NOT FOUND THEN
    RETURN 'not_found';
  END IF;
  IF v.status IN ('submitted', 'succeeded', 'reverted') AND v.user_op_hash = p_hash THEN
    RETURN 'again';
  END IF;
  IF v.status <> 'prepared' OR v.user_op_hash <> p_hash OR NOT v.is_live OR v.signed_operation - 'signature' <> p_signed - 'signature' THEN
    RETURN 'expired';
  END IF;
  UPDATE user_operations SET status = 'submitted', signed_operation = p_signed, submitted_at = now(), next_attempt_at = now(), tx_hash = NULL WHERE id = p_operation;
  RETURN 'recorded';
END;
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION public.record_signature(UUID, UUID, VARCHAR, JSONB) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.record_signature(UUID, UUID, VARCHAR, JSONB) TO cocopay_web, cocopay_worker;--> statement-breakpoint
-- Prepared operations are looked for by their time, as submitted ones are.
CREATE INDEX "idx_user_operations_prepared" ON "user_operations" USING btree ("chain_id", "valid_until") WHERE "status" = 'prepared';
