import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, jsonb, pgTable, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { IDENTITY_STATUSES } from "@/lib/identity/rules";
import { TOP_UP_PROVIDERS, TOP_UP_STATUSES, type TopUpFee } from "@/lib/topups/rules";
import { at, createdAt, oneOf, updatedAt, usdMicros } from "../columns";
import { chainId } from "./enums";
import { transactions } from "./payments";
import { users } from "./people";

/** Reais by Pix that become dollars in the person's account. The web process asks and confirms; everything else is the worker's to write. */
export const topUps = pgTable(
  "top_ups",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull().references(() => users.id),
    provider: text("provider", { enum: TOP_UP_PROVIDERS }).notNull(),
    /** `<person id>:<client key>`, and SHA-256 of the parsed input. */
    idempotencyKey: varchar("idempotency_key", { length: 255 }).notNull(),
    requestFingerprint: varchar("request_fingerprint", { length: 64 }).notNull(),
    currency: varchar("currency", { length: 3 }).notNull().default("BRL"),
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }).notNull(),
    chainId: chainId("chain_id").notNull(),
    status: text("status", { enum: TOP_UP_STATUSES }).notNull().default("quoting"),
    /** The price: what arrives, the least that may arrive, and the lines between. */
    quotedUsdMicros: usdMicros("quoted_usd"),
    minimumUsdMicros: usdMicros("minimum_usd"),
    fees: jsonb("fees").$type<TopUpFee[]>(),
    quotedAt: at("quoted_at"),
    /** The price moved between showing and fixing it, and is asked again. */
    isRequoted: boolean("is_requoted").notNull().default(false),
    confirmedAt: at("confirmed_at"),
    /** Set before the provider is asked for the code: after a crash it is looked for by our id before anything is asked again. */
    ticketAskedAt: at("ticket_asked_at"),
    ticketId: varchar("ticket_id", { length: 200 }),
    walletAddress: varchar("wallet_address", { length: 42 }),
    brCode: text("br_code"),
    expiresAt: at("expires_at"),
    paidAt: at("paid_at"),
    secondPaymentAt: at("second_payment_at"),
    /** The provider's word: a hint until the journal shows this transaction on the person's account. */
    txHash: varchar("tx_hash", { length: 66 }),
    transactionId: uuid("transaction_id").references(() => transactions.id),
    /** What the journal shows, micro-dollars. */
    arrivedUsdMicros: usdMicros("arrived_usd"),
    doneAt: at("done_at"),
    /** When the provider was last asked about it: the longest unasked comes first. */
    checkedAt: at("checked_at"),
    failure: varchar("failure", { length: 200 }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("top_ups_idempotency_key").on(t.idempotencyKey),
    unique("top_ups_ticket_key").on(t.provider, t.ticketId),
    unique("top_ups_transaction_key").on(t.transactionId),
    index("idx_top_ups_user").on(t.userId, t.id.desc().nullsFirst()),
    index("idx_top_ups_open").on(t.checkedAt).where(sql`${t.status} NOT IN ('done', 'underpaid', 'paid_late', 'refused')`),
    index("idx_top_ups_tx").on(t.chainId, t.txHash).where(sql`${t.txHash} IS NOT NULL`),
    check("top_ups_status_check", sql`${t.status} IN (${oneOf(TOP_UP_STATUSES)})`),
    check("top_ups_provider_check", sql`${t.provider} IN (${oneOf(TOP_UP_PROVIDERS)})`),
    check("top_ups_amount_check", sql`${t.amountBrlCentavos} > 0 AND ${t.currency} = 'BRL'`),
    check("top_ups_code_check", sql`${t.status} IN ('quoting', 'quoted', 'opening', 'refused') OR (${t.ticketId} IS NOT NULL AND ${t.brCode} IS NOT NULL AND ${t.expiresAt} IS NOT NULL AND ${t.walletAddress} IS NOT NULL)`),
    check("top_ups_done_check", sql`(${t.status} = 'done') = (${t.doneAt} IS NOT NULL) AND (${t.status} <> 'done' OR ${t.txHash} IS NOT NULL)`),
    check("top_ups_wallet_lower", sql`${t.walletAddress} = lower(${t.walletAddress})`),
  ],
);

/** One row a person and provider: the account there, and the last attempt to say who it belongs to. */
export const identityChecks = pgTable(
  "identity_checks",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    provider: text("provider", { enum: TOP_UP_PROVIDERS }).notNull(),
    status: text("status", { enum: IDENTITY_STATUSES }).notNull().default("requested"),
    /** The person asked for a link, or for another one. */
    askedAt: at("asked_at").notNull().defaultNow(),
    subAccountId: varchar("sub_account_id", { length: 200 }),
    attemptId: varchar("attempt_id", { length: 200 }),
    attemptUrl: text("attempt_url"),
    startedAt: at("started_at"),
    isRetryable: boolean("is_retryable").notNull().default(true),
    settledAt: at("settled_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("identity_checks_person_key").on(t.userId, t.provider),
    unique("identity_checks_account_key").on(t.provider, t.subAccountId),
    unique("identity_checks_attempt_key").on(t.provider, t.attemptId),
    check("identity_checks_status_check", sql`${t.status} IN (${oneOf(IDENTITY_STATUSES)})`),
    check("identity_checks_provider_check", sql`${t.provider} IN (${oneOf(TOP_UP_PROVIDERS)})`),
    check("identity_checks_open_check", sql`${t.status} = 'requested' OR ${t.subAccountId} IS NOT NULL`),
  ],
);

/** Genuine webhooks, each event once. What is forged never gets here. */
export const webhookInbox = pgTable(
  "webhook_inbox",
  {
    id: uuid("id").primaryKey(),
    provider: text("provider", { enum: TOP_UP_PROVIDERS }).notNull(),
    eventId: varchar("event_id", { length: 200 }).notNull(),
    subscription: varchar("subscription", { length: 60 }).notNull(),
    /** The body as it was signed. */
    raw: text("raw").notNull(),
    receivedAt: at("received_at").notNull().defaultNow(),
    processedAt: at("processed_at"),
    /** What became of it: `applied`, `unknown` (a ticket or account that is not ours), `ignored`. */
    outcome: varchar("outcome", { length: 20 }),
  },
  (t) => [
    unique("webhook_inbox_event_key").on(t.provider, t.eventId),
    index("idx_webhook_inbox_waiting").on(t.receivedAt).where(sql`${t.processedAt} IS NULL`),
    check("webhook_inbox_provider_check", sql`${t.provider} IN (${oneOf(TOP_UP_PROVIDERS)})`),
  ],
);
