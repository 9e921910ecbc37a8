/** Failures of running a store; their sentences are in lib/i18n/store-errors.ts. */
const STORE_ERROR_CODES = [
  // charges
  "charge_paid",
  "charge_held",
  "charge_over",
  "charge_not_yours",
  "tip_not_allowed",
  "item_name_invalid",
  "item_category_invalid",
  "tip_too_large",
  "charge_items_changed",
  "tills_limit",
  "item_name_taken",
  "items_limit",
  "file_invalid",
  "pix_not_ready",
  "pix_reward_gone",
  "till_name_taken",
  // team
  "member_already",
  "member_gone",
  "invitation_over",
  "invitation_not_yours",
  "owner_must_stay",
  "team_full",
  "pin_invalid",
  "pin_wrong",
  "pin_locked",
  "pin_missing",
  "till_locked",
  // refunds
  "refund_too_much",
  "refund_over_limit",
  "refund_no_payer",
  "refund_payer_gone",
  "refund_cost_moved",
  "reason_missing",
  // payouts
  "payout_key_invalid",
  "payout_key_unknown",
  "payout_bank_invalid",
  "payout_destination_waits",
  "payout_moved",
  "payout_balance",
  "payout_off",
  "payout_limit",
  "payout_over",
  // store settings
  "settings_moved",
  "text_invalid",
  "coordinates_invalid",
  "close_name_wrong",
  "reopen_over",
  "image_invalid",
  "hours_invalid",
  "time_zone_invalid",
  "cnpj_invalid",
  "link_invalid",
  "period_invalid",
] as const;
export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

/**
 * Every failure a person can cause or fix. Each has one sentence per language in lib/i18n/messages/errors.ts;
 * a code without its sentence is a type error there.
 */
export const ERROR_CODES = [
  "invalid_input",
  "not_found",
  "forbidden",
  "signed_out",
  "origin_refused",
  "too_large",
  "too_many_requests",
  "unavailable",
  // sign in
  "phone_invalid",
  "phone_country_unsupported",
  "code_wrong",
  "code_expired",
  "code_locked",
  "code_resend_wait",
  "message_not_sent",
  "name_invalid",
  "code_other_device",
  // second factor, passkeys, wallets
  "step_up_required",
  "step_up_waiting",
  "passkey_refused",
  "passkey_unknown",
  "passkey_exists",
  "passkey_limit",
  "last_way_in",
  "wallet_refused",
  "wallet_taken",
  "wallet_unknown",
  "wallet_limit",
  "challenge_expired",
  "account_frozen",
  "phone_taken",
  "phone_same",
  "device_held_back",
  // custody
  "owners_too_few",
  "owner_last",
  "owner_proof_invalid",
  "owner_change_pending",
  "custody_not_managed",
  "custody_not_own",
  "signature_invalid",
  "operation_not_prepared",
  // recovery and privacy
  "backup_invalid",
  "backup_pending",
  "claim_not_open",
  "balance_left",
  "stores_owned",
  "payments_open",
  // money typed by a person
  "amount_invalid",
  "amount_missing",
  "amount_negative",
  "amount_too_small",
  "amount_too_large",
  "amount_too_precise",
  "amount_ambiguous",
  // payments
  "quote_expired",
  "quote_invalid",
  "quote_moved",
  "consolidation_moved",
  "idempotency_mismatch",
  "balance_insufficient",
  "account_not_ready",
  "store_not_ready",
  "store_not_started",
  "store_closed",
  "guest_payment_not_own",
  "guest_payment_over",
  "guest_payments_off",
  "refund_not_possible",
  "refund_not_funded",
  "refund_delayed",
  "limit_payment",
  "limit_day",
  "limit_new_device",
  "rate_unavailable",
  // adding funds
  "identity_required",
  "identity_final",
  // sends and requests
  "payee_unknown",
  "payee_self",
  "payee_unconfirmed",
  "payee_not_known",
  "address_invalid",
  "address_checksum",
  "address_contract",
  "note_too_long",
  "send_over",
  "sender_not_ready",
  "request_paid",
  "request_over",
  "request_own",
  // bonus
  "bonus_nothing",
  "bonus_delayed",
  "advance_not_funded",
  "advance_ended",
  "repay_too_much",
  // stores
  "symbol_taken",
  "symbol_invalid",
  "store_name_invalid",
  "category_invalid",
  "place_invalid",
  "reward_rate_invalid",
  "short_code_unknown",
  "store_already_opened",
  "deployment_not_failed",
  "confirmation_code_invalid",
  // receipts
  "receipt_not_paid",
  "receipt_links_limit",
  ...STORE_ERROR_CODES,
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** True for a code that has its sentence; use it on what a row keeps. */
export const isErrorCode = (code: string | null): code is ErrorCode => (ERROR_CODES as readonly (string | null)[]).includes(code);

/** An expected failure. Thrown inside a transaction, it rolls the transaction back; the door answers it as a value. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** Values the sentence needs, such as tries left or seconds to wait. Never secrets. */
    readonly details: Record<string, string | number> = {},
  ) {
    super(code);
    this.name = "DomainError";
  }
}

/** Throws on a broken assumption: our bug, never the person's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant failed: ${message}`);
}
