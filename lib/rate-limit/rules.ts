/**
 * Every limit by name: how often in how many seconds. What is counted is in the name's last word. Codes that are used are given
 * back, so the sign-in limits count what was asked for in vain: a shop's shared address never runs out by honest sign-ins.
 */
export const LIMITS = {
  /** Codes sent and not used. */
  code_send_phone: { times: 3, seconds: 600 },
  code_send_day_phone: { times: 10, seconds: 86_400 },
  code_send_device: { times: 10, seconds: 3600 },
  code_send_address: { times: 40, seconds: 3600 },
  /** Codes tried and wrong, over the five of one code. A phone needs no limit of its own: the codes sent to it bound what can be tried. */
  code_try_device: { times: 30, seconds: 3600 },
  code_try_address: { times: 120, seconds: 3600 },
  /** Signatures of wallets that were wrong: each may cost a question to a chain. */
  wallet_try_device: { times: 30, seconds: 3600 },
  wallet_try_address: { times: 120, seconds: 3600 },
  /** Confirmation codes checked at a till, so that nobody guesses their way through a store's sales. */
  code_check_account: { times: 10, seconds: 60 },
  /** Phones asked to be somebody's backup: each gets a text message. */
  backup_ask_account: { times: 5, seconds: 86_400 },
  backup_ask_phone: { times: 3, seconds: 86_400 },
  /** Sends to phones and requests: each may bring somebody a message. */
  phone_send_account: { times: 30, seconds: 86_400 },
  phone_send_phone: { times: 20, seconds: 86_400 },
  till_phone_address: { times: 60, seconds: 86_400 },
  request_account: { times: 100, seconds: 86_400 },
  /** Downloads of everything about a person. */
  data_export_account: { times: 20, seconds: 3600 },
  /** Spreadsheets of a person's activity. */
  activity_export_account: { times: 30, seconds: 3600 },
  /** Files of a store's payments: each reads a whole period. */
  store_export_account: { times: 120, seconds: 3600 },
  /** Receipts opened by their link, so that nobody keeps the database busy with secrets that are none. */
  receipt_link_address: { times: 120, seconds: 3600 },
  /** Prices shown to wallets without an account, and wallets shown to a price. */
  guest_page_address: { times: 120, seconds: 3600 },
  guest_wallet_address: { times: 300, seconds: 3600 },
  /** Prices asked of the payment provider, and links to its identity check. */
  top_up_account: { times: 40, seconds: 3600 },
  identity_check_account: { times: 10, seconds: 86_400 },
  /** Invitations to a team: each brings somebody a text message. */
  team_invite_account: { times: 30, seconds: 86_400 },
  team_invite_phone: { times: 5, seconds: 86_400 },
  /** PINs tried at one shared till, over the five of each person; and PINs chosen. */
  pin_try_device: { times: 30, seconds: 600 },
  pin_set_account: { times: 20, seconds: 86_400 },
  /** Pictures that a store sends: each is drawn anew. */
  logo_account: { times: 60, seconds: 3600 },
  /** Prices asked of a payout partner, keys looked up in the directory (a miss costs twenty there), keys that nobody had. */
  payout_price_store: { times: 120, seconds: 3600 },
  payout_lookup_store: { times: 5, seconds: 60 },
  payout_miss_store: { times: 20, seconds: 86_400 },
  /** Any action, against loops and scripts. */
  action_account: { times: 600, seconds: 60 },
  action_address: { times: 1200, seconds: 60 },
} as const satisfies Record<string, { times: number; seconds: number }>;

export type LimitName = keyof typeof LIMITS;
