import { sql } from "drizzle-orm";
import { bigint, check, customType, index, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import {
  DESTINATION_LOOKUPS, PAYOUT_PROVIDERS, PAYOUT_STATES, PAYOUT_WAYS, PRICE_STATUSES, PROVIDER_IDENTITIES,
  type DestinationData, type PayoutFee, type PayoutTerms, type PixKeyHolder, type StoredDestination,
} from "@/lib/payouts/rules";
import { at, createdAt, oneOf, usdMicros } from "../columns";
import { chainId, payoutStatus, payoutType } from "./enums";
import { transactions, userOperations } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** Where a store's money may go. A new one waits; what is removed stays for the payouts that went there. */
export const payoutDestinations = pgTable(
  "payout_destinations",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    type: payoutType("type").notNull(),
    provider: text("provider", { enum: PAYOUT_PROVIDERS }),
    /** SHA-256 of where it goes, lower hex: the same place is one destination. */
    fingerprint: varchar("fingerprint", { length: 64 }).notNull(),
    data: jsonb("data").$type<DestinationData>().notNull(),
    /** As it may stand on a screen: a key or a document is masked. */
    shown: varchar("shown", { length: 120 }).notNull(),
    label: varchar("label", { length: 60 }),
    lookup: text("lookup", { enum: DESTINATION_LOOKUPS }).notNull().default("none"),
    holder: jsonb("holder").$type<PixKeyHolder>(),
    lookedUpAt: at("looked_up_at"),
    createdBy: uuid("created_by").notNull().references(() => users.id),
    confirmedAt: at("confirmed_at"),
    usableAt: at("usable_at"),
    removedAt: at("removed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("payout_destinations_fingerprint_key").on(t.storeId, t.fingerprint).where(sql`${t.removedAt} IS NULL AND ${t.confirmedAt} IS NOT NULL`),
    index("idx_payout_destinations_store").on(t.storeId, t.id),
    check("payout_destinations_provider_check", sql`${t.provider} IN (${oneOf(PAYOUT_PROVIDERS)})`),
    check("payout_destinations_lookup_check", sql`${t.lookup} IN (${oneOf(DESTINATION_LOOKUPS)})`),
  ],
);

/** A store at a partner who pays reais out: opened once, for good. */
export const payoutAccounts = pgTable(
  "payout_accounts",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    provider: text("provider", { enum: PAYOUT_PROVIDERS }).notNull(),
    accountId: varchar("account_id", { length: 255 }).notNull(),
    identity: text("identity", { enum: PROVIDER_IDENTITIES }).notNull(),
    depositAddress: varchar("deposit_address", { length: 42 }).notNull(),
    /** Dollars at the partner that no payout of ours explains. */
    unmatchedUsdMicros: usdMicros("unmatched_usd").notNull().default(sql`'0'`),
    unmatchedSince: at("unmatched_since"),
    checkedAt: at("checked_at"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.storeId, t.provider] }),
    check("payout_accounts_identity_check", sql`${t.identity} IN (${oneOf(PROVIDER_IDENTITIES)})`),
    check("payout_accounts_provider_check", sql`${t.provider} IN (${oneOf(PAYOUT_PROVIDERS)})`),
    check("payout_accounts_deposit_lower", sql`${t.depositAddress} = lower(${t.depositAddress})`),
  ],
);

/** What a partner would pay for some dollars: asked by the review page, answered by the worker. */
export const payoutPrices = pgTable(
  "payout_prices",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    userId: uuid("user_id").notNull().references(() => users.id),
    destinationId: uuid("destination_id").notNull().references(() => payoutDestinations.id, { onDelete: "cascade" }),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    status: text("status", { enum: PRICE_STATUSES }).notNull().default("asking"),
    outputBrlCentavos: bigint("output_brl_centavos", { mode: "bigint" }),
    minimumBrlCentavos: bigint("minimum_brl_centavos", { mode: "bigint" }),
    brlPerUsdMicros: usdMicros("brl_per_usd"),
    fees: jsonb("fees").$type<PayoutFee[]>(),
    depositAddress: varchar("deposit_address", { length: 42 }),
    leftBrlCentavos: bigint("left_brl_centavos", { mode: "bigint" }),
    pricedAt: at("priced_at"),
    createdAt: createdAt(),
  },
  (t) => [index("idx_payout_prices_created").on(t.createdAt), check("payout_prices_status_check", sql`${t.status} IN (${oneOf(PRICE_STATUSES)})`)],
);

export const payouts = pgTable(
  "payouts",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    requestedBy: uuid("requested_by").notNull().references(() => users.id),
    /** What it takes of the store's balance, and the fee of borrowing it. What is left goes to the destination or to the partner. */
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    feeUsdMicros: usdMicros("fee_usd").notNull().default(sql`0`),
    payoutType: payoutType("payout_type").notNull(),
    destination: jsonb("destination").$type<StoredDestination>().notNull(),
    /** Follows the state (trigger payouts_status_follows). */
    status: payoutStatus("status").notNull().default("pending"),
    /** The partner's own id of the order that is under way. */
    externalId: varchar("external_id", { length: 255 }),
    processedAt: at("processed_at"),
    errorMessage: text("error_message"),
    createdAt: createdAt(),
    idempotencyKey: varchar("idempotency_key", { length: 255 }),
    requestFingerprint: varchar("request_fingerprint", { length: 64 }),
    chainId: chainId("chain_id"),
    transactionId: uuid("transaction_id").references(() => transactions.id),
    operationId: uuid("operation_id").references(() => userOperations.id),
    quote: jsonb("quote").$type<PayoutTerms>(),
    /** What was promised in reais, and what was paid once it is completed. */
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }),
    endToEndId: varchar("end_to_end_id", { length: 40 }),
    returnedAt: at("returned_at"),
    state: text("state", { enum: PAYOUT_STATES }).notNull().default("requested"),
    way: text("way", { enum: PAYOUT_WAYS }),
    provider: text("provider", { enum: PAYOUT_PROVIDERS }),
    destinationId: uuid("destination_id").references(() => payoutDestinations.id),
    /** The dollars that reached the destination or the partner, by the chain's word. */
    fundedUsdMicros: usdMicros("funded_usd"),
    creditedAt: at("credited_at"),
    minimumBrlCentavos: bigint("minimum_brl_centavos", { mode: "bigint" }),
    offeredBrlCentavos: bigint("offered_brl_centavos", { mode: "bigint" }),
    /** Our id of one order at the partner, and since when it may have been placed. */
    submissionId: uuid("submission_id"),
    askedAt: at("asked_at"),
    /** Why it does not go on just now. */
    problem: text("problem"),
    checkedAt: at("checked_at"),
    completedAt: at("completed_at"),
  },
  (t) => [
    index("idx_payouts_store").on(t.storeId),
    index("idx_payouts_status").on(t.status).where(sql`${t.status} IN ('pending', 'processing')`),
    uniqueIndex("idx_payouts_idempotency").on(t.idempotencyKey).where(sql`${t.idempotencyKey} IS NOT NULL`),
    index("idx_payouts_transaction").on(t.transactionId),
    index("idx_payouts_store_id").on(t.storeId, t.id.desc().nullsFirst()),
    check("payouts_state_check", sql`${t.state} IN (${oneOf(PAYOUT_STATES)})`),
    check("payouts_way_check", sql`${t.way} IN (${oneOf(PAYOUT_WAYS)})`),
    check("payouts_provider_check", sql`${t.provider} IN (${oneOf(PAYOUT_PROVIDERS)})`),
  ],
);

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** The partner's own receipt, fetched by the worker once it is paid. */
export const payoutReceipts = pgTable("payout_receipts", {
  payoutId: uuid("payout_id").primaryKey().references(() => payouts.id, { onDelete: "cascade" }),
  ticketId: varchar("ticket_id", { length: 255 }).notNull(),
  pdf: bytes("pdf").notNull(),
  createdAt: createdAt(),
});

/** What happened to a payout, each thing once: a partner's word about an order is told by its id and state. */
export const payoutSteps = pgTable(
  "payout_steps",
  {
    id: uuid("id").primaryKey(),
    payoutId: uuid("payout_id").notNull().references(() => payouts.id, { onDelete: "cascade" }),
    state: text("state", { enum: PAYOUT_STATES }).notNull(),
    at: at("at").notNull().default(sql`clock_timestamp()`),
    provider: text("provider"),
    externalId: varchar("external_id", { length: 255 }),
    detail: jsonb("detail").$type<Record<string, string>>(),
  },
  (t) => [
    unique("payout_steps_external_key").on(t.provider, t.externalId, t.state),
    index("idx_payout_steps_payout").on(t.payoutId, t.at),
    check("payout_steps_state_check", sql`${t.state} IN (${oneOf(PAYOUT_STATES)})`),
  ],
);
