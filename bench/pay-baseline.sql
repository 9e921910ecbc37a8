-- The reference L: the pay function of data-model/MODEL.md on the customer's schema as written, with the few tables it needs.
-- No event, no code uniqueness, no day limit, no request address: what a plain SQL author would measure against.
CREATE TABLE user_operations (
  id uuid PRIMARY KEY, chain_id chain_id NOT NULL, sender varchar(42) NOT NULL, nonce_key numeric(58, 0) NOT NULL,
  user_op_hash varchar(66) UNIQUE, status text NOT NULL DEFAULT 'queued', valid_until timestamptz NOT NULL,
  UNIQUE (chain_id, sender, nonce_key));
CREATE TABLE balance_reservations (
  id bigserial PRIMARY KEY, operation_id uuid NOT NULL REFERENCES user_operations (id),
  token_balance_id uuid NOT NULL REFERENCES token_balances (id), amount numeric(78, 0) NOT NULL CHECK (amount > 0), released_at timestamptz);
CREATE INDEX ON balance_reservations (token_balance_id) INCLUDE (amount) WHERE released_at IS NULL;
CREATE INDEX ON balance_reservations (operation_id);
ALTER TABLE transactions ADD COLUMN operation_id uuid, ADD COLUMN request_fingerprint bytea;

CREATE FUNCTION pay_baseline(p_id uuid, p_payer uuid, p_store uuid, p_chain chain_id, p_sender text, p_usd numeric, p_balance uuid[], p_amount numeric[], p_key text, p_print bytea)
RETURNS TABLE (result text, transaction_id uuid) LANGUAGE plpgsql AS $$
DECLARE found_ record; held record; promised numeric;
BEGIN
  SELECT t.id, t.request_fingerprint INTO found_ FROM transactions t WHERE t.idempotency_key = p_payer || ':' || p_key;
  IF FOUND THEN RETURN QUERY SELECT CASE WHEN found_.request_fingerprint = p_print THEN 'again' ELSE 'mismatch' END, found_.id; RETURN; END IF;
  PERFORM 1 FROM token_balances b WHERE b.id = ANY (p_balance) ORDER BY b.id FOR NO KEY UPDATE;
  SELECT t.id, t.request_fingerprint INTO found_ FROM transactions t WHERE t.idempotency_key = p_payer || ':' || p_key;
  IF FOUND THEN RETURN QUERY SELECT CASE WHEN found_.request_fingerprint = p_print THEN 'again' ELSE 'mismatch' END, found_.id; RETURN; END IF;
  FOR i IN 1..array_length(p_balance, 1) LOOP
    SELECT b.balance, b.user_id INTO STRICT held FROM token_balances b WHERE b.id = p_balance[i];
    IF held.user_id <> p_payer THEN RAISE EXCEPTION 'not yours'; END IF;
    SELECT coalesce(sum(r.amount), 0) INTO promised FROM balance_reservations r WHERE r.token_balance_id = p_balance[i] AND r.released_at IS NULL;
    IF held.balance - promised < p_amount[i] THEN RETURN QUERY SELECT 'insufficient', NULL::uuid; RETURN; END IF;
  END LOOP;
  INSERT INTO user_operations (id, chain_id, sender, nonce_key, valid_until)
  VALUES (p_id, p_chain, p_sender, ('x' || right(replace(p_id::text, '-', ''), 15))::bit(60)::bigint, now() + interval '2 min');
  INSERT INTO transactions (id, from_user_id, store_id, type, amount_usd, chain_id, idempotency_key, request_fingerprint, operation_id, confirmation_code)
  VALUES (p_id, p_payer, p_store, 'payment', p_usd, p_chain, p_payer || ':' || p_key, p_print, p_id, generate_confirmation_code());
  INSERT INTO balance_reservations (operation_id, token_balance_id, amount) SELECT p_id, unnest(p_balance), unnest(p_amount);
  INSERT INTO audit_logs (user_id, action, resource_type, resource_id) VALUES (p_payer, 'payment.requested', 'transaction', p_id);
  RETURN QUERY SELECT 'reserved', p_id;
END $$;
