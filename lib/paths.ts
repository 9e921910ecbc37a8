import type { Route } from "next";

const withQuery = (path: string, query: Record<string, string>): Route => {
  const text = new URLSearchParams(query).toString();
  return (text === "" ? path : `${path}?${text}`) as Route;
};

/** The files of a store (app/(store)/stores/[storeId]/exports). */
export type StoreFileKind = "payments" | "payouts" | "close-day" | "statement" | "ofx";

/** Every internal link, so that a moved page is one edit. */
export const paths = {
  home: () => "/" as Route,
  login: (next?: string) => (next ? `/login?next=${encodeURIComponent(next)}` : "/login") as Route,
  loginName: (next?: string) => (next ? `/login/name?next=${encodeURIComponent(next)}` : "/login/name") as Route,
  /** Clears the cookie of a session that ended elsewhere, then asks to sign in. Pages cannot write cookies, this route can. */
  sessionEnded: (next: string) => `/api/auth/ended?next=${encodeURIComponent(next)}` as Route,
  scan: () => "/scan" as Route,
  send: () => "/send" as Route,
  sendToPhone: () => "/send/phone" as Route,
  sendToAddress: () => "/send/address" as Route,
  /** How much, for a phone or address that was chosen; the choice is a signed text. */
  sendAmount: (choice: string) => `/send/amount?to=${choice}` as Route,
  sendReview: (key: string, quote: string) => `/send/review?k=${key}&q=${quote}` as Route,
  /** One send, for its two sides and whoever it waits for. */
  sent: (transactionId: string) => `/sends/${transactionId}` as Route,
  /** Where the link of a text message leads. */
  claim: (secret: string) => `/claim/${secret}` as Route,
  /** A person's own link. */
  person: (code: string, amount?: { cents: bigint; currency: string }) => (amount ? `/u/${code}?amount=${amount.cents}&currency=${amount.currency}` : `/u/${code}`) as Route,
  receive: () => "/receive" as Route,
  requests: (before?: string) => (before ? `/requests?before=${before}` : "/requests") as Route,
  newRequest: () => "/requests/new" as Route,
  request: (reference: string) => `/q/${reference}` as Route,
  /** The list, filtered as `queryOf` of lib/activity/rules says, from a key on. */
  activity: (query: Record<string, string> = {}) => withQuery("/activity", query),
  /** The same list as a file. */
  activityExport: (format: "pt-BR" | "international", query: Record<string, string>) => withQuery("/activity/export", { format, ...query }),
  rewards: () => "/rewards" as Route,
  /** A store's rewards; `before` is the key of an older part of their history. */
  storeRewards: (storeId: string, before?: string) => withQuery(`/rewards/${storeId}`, before ? { before } : {}),
  bonus: () => "/bonus" as Route,
  /** What a claim or a repayment means, before it is asked for. */
  bonusReview: (key: string, quote: string) => `/bonus/review?k=${key}&q=${quote}` as Route,
  bonusClaim: (transactionId: string) => `/bonus/claims/${transactionId}` as Route,
  advance: (loanId: string) => `/bonus/advances/${loanId}` as Route,
  /** Where money comes in by Pix, and one Pix that does. */
  addMoney: () => "/add" as Route,
  topUp: (topUpId: string) => `/add/${topUpId}` as Route,
  profile: () => "/profile" as Route,
  pay: (shortCode: string, amount?: { cents: bigint; currency: string }) =>
    (amount ? `/p/${shortCode}?amount=${amount.cents}&currency=${amount.currency}` : `/p/${shortCode}`) as Route,
  review: (shortCode: string, key: string, quote: string) => `/p/${shortCode}/review?k=${key}&q=${quote}` as Route,
  payment: (transactionId: string) => `/payments/${transactionId}` as Route,
  receipt: (transactionId: string) => `/payments/${transactionId}/receipt` as Route,
  receiptPdf: (transactionId: string) => `/payments/${transactionId}/receipt/pdf` as Route,
  /** What a third person opens to check a receipt; whoever has the secret may. */
  sharedReceipt: (secret: string) => `/r/${secret}` as Route,
  security: () => "/security" as Route,
  passkeys: () => "/security/passkeys" as Route,
  /** The offer of a quick sign-in after the first payment. */
  passkeyOffer: () => "/security/passkeys/new" as Route,
  wallets: () => "/security/wallets" as Route,
  /** The same for a wallet that a sign-in could not link. */
  linkWallet: () => "/security/wallets?link=1" as Route,
  devices: () => "/security/devices" as Route,
  limits: () => "/security/limits" as Route,
  phoneChange: () => "/security/phone" as Route,
  custody: () => "/security/custody" as Route,
  takeover: () => "/security/custody/takeover" as Route,
  addOwner: () => "/security/custody/add" as Route,
  keyExport: () => "/security/custody/export" as Route,
  recovery: () => "/security/recovery" as Route,
  myData: () => "/security/data" as Route,
  loginWallet: (next?: string) => (next ? `/login/wallet?next=${encodeURIComponent(next)}` : "/login/wallet") as Route,
  /** Where the accepted backup of an absent person asks for the stores. */
  recoveryClaim: (requestId: string) => `/security/recovery/${requestId}` as Route,
  dataExport: (format: "json" | "csv", grant: string) => `/api/me/export?format=${format}&grant=${encodeURIComponent(grant)}` as Route,
  deleteAccount: () => "/security/data/delete" as Route,
  accountDeleted: () => "/deleted" as Route,
  terms: () => "/terms" as Route,
  privacyPolicy: () => "/privacy" as Route,
  /** Where a new wallet's person verifies a phone once. */
  loginWalletPhone: (next?: string) => (next ? `/login/wallet/phone?next=${encodeURIComponent(next)}` : "/login/wallet/phone") as Route,
  /** The page of a backup phone that was asked, by the token of its message. */
  backupRequest: (token: string) => `/backup/${token}` as Route,
  /** Pay a store with an own wallet, without an account. */
  payByWallet: (shortCode: string, amount?: { cents: bigint; currency: string }) =>
    (amount ? `/p/${shortCode}/wallet?amount=${amount.cents}&currency=${amount.currency}` : `/p/${shortCode}/wallet`) as Route,
  guestPayment: (reference: string) => `/w/${reference}` as Route,
  guestReceipt: (reference: string) => `/w/${reference}/receipt` as Route,
  guestStatus: (reference: string) => `/w/${reference}/status` as Route,
  /** Bringing money together from several places; `next` is where it was needed. */
  together: (next?: string) => (next ? `/together?next=${encodeURIComponent(next)}` : "/together") as Route,
  consolidation: (id: string, next?: string) => (next ? `/together/${id}?next=${encodeURIComponent(next)}` : `/together/${id}`) as Route,
  walletRewards: () => "/security/wallets/rewards" as Route,
  newStore: () => "/stores/new" as Route,
  stores: () => "/stores" as Route,
  /** The list even for whoever has one store, who is otherwise led to it. */
  storeList: () => "/stores?list=1" as Route,
  store: (storeId: string) => `/stores/${storeId}` as Route,
  till: (storeId: string) => `/stores/${storeId}/till` as Route,
  storeQr: (storeId: string) => `/stores/${storeId}/qr` as Route,
  /** A store's sales, filtered as `saleQueryOf` of lib/sales/rules says, from a key on. */
  storePayments: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/payments`, query),
  // Charges and the till.
  /** What somebody owes a store; a chosen tip comes back through a sign-in. */
  charge: (chargeId: string, tip: Record<string, string> = {}) => withQuery(`/c/${chargeId}`, tip),
  tillCharge: (storeId: string, chargeId: string) => `/stores/${storeId}/till/charges/${chargeId}` as Route,
  /** What a locked shared till asks. */
  lockedTill: (storeId: string) => `/stores/${storeId}/till/locked` as Route,
  // Catalogue.
  storeItems: (storeId: string) => `/stores/${storeId}/items` as Route,
  // Pix at the till: the store's page of it, what the till asks about one, and the customer's receipt by its secret.
  storePix: (storeId: string, before?: string) => withQuery(`/stores/${storeId}/pix`, before ? { before } : {}),
  tillPixState: (storeId: string, chargeId: string) => `/stores/${storeId}/till/pix/${chargeId}` as Route,
  pixReceipt: (secret: string) => `/x/${secret}` as Route,
  // Team.
  storeTeam: (storeId: string) => `/stores/${storeId}/team` as Route,
  /** Where the link of an invitation leads. */
  invitation: (token: string) => `/invite/${token}` as Route,
  /** A member's own seat: PIN, leaving the team. */
  storePin: (storeId: string) => `/stores/${storeId}/pin` as Route,
  /** Today on one screen, for whoever sells. */
  staffToday: (storeId: string) => `/stores/${storeId}/staff` as Route,
  /** Turning a device into a shared till, and back. */
  shareTill: (storeId: string) => `/stores/${storeId}/till/share` as Route,
  leaveSharedTill: (storeId: string, next?: string) => withQuery(`/stores/${storeId}/till/leave`, next ? { next } : {}),
  // Refunds.
  storeSale: (storeId: string, transactionId: string) => `/stores/${storeId}/payments/${transactionId}` as Route,
  // Payouts.
  storePayouts: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/payouts`, query),
  newPayout: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/payouts/new`, query),
  payoutReview: (storeId: string, key: string, quote: string) => `/stores/${storeId}/payouts/review?k=${key}&q=${quote}` as Route,
  payout: (storeId: string, payoutId: string) => `/stores/${storeId}/payouts/${payoutId}` as Route,
  payoutReceipt: (storeId: string, payoutId: string, kind: "ours" | "partner" = "ours") => `/stores/${storeId}/payouts/${payoutId}/receipt${kind === "partner" ? "?from=partner" : ""}` as Route,
  payoutStatement: (storeId: string, month: string) => `/stores/${storeId}/payouts/statement?month=${month}` as Route,
  payoutDestinations: (storeId: string) => `/stores/${storeId}/payouts/destinations` as Route,
  newPayoutDestination: (storeId: string, type: string) => `/stores/${storeId}/payouts/destinations/new?type=${type}` as Route,
  payoutDestination: (storeId: string, destinationId: string) => `/stores/${storeId}/payouts/destinations/${destinationId}` as Route,
  // Figures and files.
  storeCloseDay: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/close-day`, query),
  storeExports: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/exports`, query),
  /** A file of the store: `kind` names the route, `query` says period and spelling. */
  storeFile: (storeId: string, kind: StoreFileKind, query: Record<string, string>) => withQuery(`/stores/${storeId}/exports/${kind}`, query),
  storeAnalytics: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/analytics`, query),
  // Settings.
  storeSettings: (storeId: string, part?: "close") => (part ? `/stores/${storeId}/settings#${part}` : `/stores/${storeId}/settings`) as Route,
  changeLogo: (storeId: string) => `/api/stores/${storeId}/logo` as Route,
  /** A file of the QR kit. */
  qrKitFile: (storeId: string, file: "a4" | "a6" | "stickers" | "png") => `/stores/${storeId}/qr/kit?file=${file}` as Route,
  // Explore.
  explore: (query: Record<string, string> = {}) => withQuery("/explore", query),
  /** A store's public page, by its id or its symbol. */
  publicStore: (store: string) => `/explore/${store}` as Route,
  /** The picture of a link to it; `version` changes with what it shows. */
  sharePicture: (storeId: string, version: string) => `/api/share/${storeId}?v=${version}` as Route,
  /** A store's logo, which never changes under its address. */
  storeLogo: (storeId: string, hash: string, size: "large" | "small") => `/api/logos/${storeId}/${hash}/${size}` as Route,
  mapWorker: () => "/api/map-worker" as Route,
  // Audit trail.
  storeAudit: (storeId: string, query: Record<string, string> = {}) => withQuery(`/stores/${storeId}/audit`, query),
  // Pictures, live streams.
  qrImage: (shortCode: string) => `/api/qr/${shortCode}` as Route,
  qrFile: (shortCode: string) => `/api/qr/${shortCode}?format=svg` as Route,
  liveStore: (storeId: string) => `/api/live/stores/${storeId}` as Route,
  liveMe: () => "/api/live/me" as Route,
  sandbox: () => "/sandbox" as Route,
} as const;

/** Only a path of our own may follow a sign-in: never another host, never a protocol. */
export function safeNext(next: string | null | undefined): Route {
  return (next && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/") as Route;
}

/** Pages with a map: their policy lets them ask the host of its tiles (proxy.ts). */
export const isMapPath = (path: string): boolean => /^\/(explore(\/|$)|stores\/[^/]+\/settings(\/|$))/.test(path);

/** The pages of a shared till: selling, today, and the way out by PIN. */
export const isSharedTillPath = (path: string, storeId: string): boolean => new RegExp(`^/stores/${storeId}/(till|staff)(/|\\?|$)`).test(path);

/** Pages whose policy lets them ask the hosts of Base account and WalletConnect (proxy.ts). */
export const isWalletPath = (path: string): boolean => /^\/(login\/wallet|security|w\/|c\/|p\/[^/]+\/(wallet|review)|send\/review|sends\/|together|payments\/|bonus\/claims\/)/.test(path);
