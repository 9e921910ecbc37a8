-- A code that a phone gets says what it is good for: one asked for to change a number must not sign anybody in.
ALTER TABLE sign_in_codes ADD COLUMN purpose TEXT NOT NULL DEFAULT 'sign_in';--> statement-breakpoint
ALTER TABLE sign_in_codes ADD CONSTRAINT sign_in_codes_purpose_check CHECK (purpose IN ('sign_in', 'phone_change'));
