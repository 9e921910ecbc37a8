-- A code that a phone gets says what it is good for: one asked for to change a number must not sign anybody in.
ALTER TABLE sign_in_codes ADD COLUMN purpose TEXT NOT NULL DEFAULT 'sign_in';--> statement-breakpoint
ALTER TABLE sign_in_codes ADD CONSTRAINT sign_in_codes_purpose_check CHECK (purpose IN ('sign_in', 'phone_change'));--> statement-breakpoint
-- The kinds of notices grew since the table was made.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;--> statement-breakpoint
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('new_device', 'account_frozen', 'account_unfrozen', 'passkey_added', 'passkey_removed', 'passkey_refused', 'wallet_linked', 'wallet_unlinked', 'step_up_requested', 'step_up_cancelled', 'phone_change_requested', 'phone_changed', 'phone_change_cancelled', 'takeover_requested', 'takeover_done', 'owners_changed', 'key_exported', 'backup_named', 'backup_removed', 'inactivity_60', 'inactivity_75', 'inactivity_90', 'recovery_claimed', 'recovery_cancelled', 'recovery_done', 'backup_may_claim'));
