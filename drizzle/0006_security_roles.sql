-- What each role may do with the tables of 0005. The worker works on all; who may sign (account_signers) and what came from outside
-- are the chain's word, so the web process reads them only. A takeover is asked for by the web process and carried out by the worker.
GRANT SELECT, INSERT, UPDATE, DELETE ON
  auth_challenges, sign_in_attempts, wallets, step_up_waits, notices, outgoing_messages, phone_changes, account_owners, account_signers,
  owner_changes, key_exports, backup_requests, recovery_claims, consents, guest_payments, outside_payments
TO cocopay_worker;--> statement-breakpoint
GRANT USAGE, SELECT ON SEQUENCE account_signers_id_seq TO cocopay_worker;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON
  auth_challenges, sign_in_attempts, wallets, step_up_waits, notices, phone_changes, account_owners, key_exports, backup_requests,
  recovery_claims, consents
TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT ON owner_changes, outgoing_messages TO cocopay_web;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON guest_payments TO cocopay_web;--> statement-breakpoint
GRANT SELECT, UPDATE (refund_status) ON outside_payments TO cocopay_web;--> statement-breakpoint
GRANT SELECT ON account_signers TO cocopay_web;
