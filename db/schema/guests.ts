import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { GUEST_FAILURES, GUEST_PAYMENT_STATUSES, OUTSIDE_OUTCOMES, OUTSIDE_REFUND_STATUSES } from "@/lib/guests/rules";
import { at, createdAt, oneOf, units, usdMicros } from "../columns";
import { charges } from "./charges";
import { chainId } from "./enums";
import { transactions } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** A price shown to a wallet. No transaction exists before the chain says so (data-model/MODEL.md §2, 40). */
export const guestPayments = pgTable(
  "guest_payments",
  {
    id: uuid("id").primaryKey(),
    /** 32 random hex digits in the payment's memo: public, unique, and of this page alone. */
    reference: varchar("reference", { length: 32 }).notNull(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }).notNull(),
    brlPerUsdMicros: usdMicros("brl_per_usd").notNull(),
    rateAt: at("rate_at").notNull(),
    status: text("status", { enum: GUEST_PAYMENT_STATUSES }).notNull().default("open"),
    /** What the browser reported: hints, never proof. */
    chainId: chainId("chain_id"),
    payer: varchar("payer", { length: 42 }),
    reportedTxHash: varchar("reported_tx_hash", { length: 66 }),
    expiresAt: at("expires_at").notNull(),
    createdAt: createdAt(),
    /** SHA-256 of what the paying browser keeps: with it the page shows the code, without it only store, amount and state. */
    secretHash: varchar("secret_hash", { length: 64 }).notNull(),
    /** The signed-in person whose account gets the rewards. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "set null" }),
    /** Why a reported transaction brought nothing, so that the page can ask anew. */
    failure: text("failure", { enum: GUEST_FAILURES }),
    /** The charge that this price pays, and holds for its time; the amounts above are the charge's with the tip in them. */
    chargeId: uuid("charge_id").references(() => charges.id),
    tipUsdMicros: usdMicros("tip_usd"),
    tipBrlCentavos: bigint("tip_brl_centavos", { mode: "bigint" }),
    /** When the browser gave the charge free again. */
    releasedAt: at("released_at"),
  },
  (t) => [
    index("idx_guest_payments_waiting").on(t.expiresAt).where(sql`${t.status} IN ('open', 'checking')`),
    index("idx_guest_payments_charge").on(t.chargeId).where(sql`${t.chargeId} IS NOT NULL`),
    check("guest_payments_charge_check", sql`num_nonnulls(${t.chargeId}, ${t.tipUsdMicros}, ${t.tipBrlCentavos}) IN (0, 3) AND ${t.tipUsdMicros} >= 0 AND ${t.tipBrlCentavos} >= 0`),
    unique("guest_payments_reference_key").on(t.reference),
    check("guest_payments_status_check", sql`${t.status} IN (${oneOf(GUEST_PAYMENT_STATUSES)})`),
  ],
);

/** Each payment event of a store that no operation of ours made, once per chain position. Written by the follower alone, but for the refund. */
export const outsidePayments = pgTable(
  "outside_payments",
  {
    id: uuid("id").primaryKey(),
    chainId: chainId("chain_id").notNull(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    guestPaymentId: uuid("guest_payment_id").references(() => guestPayments.id),
    transactionId: uuid("transaction_id").references(() => transactions.id),
    outcome: text("outcome", { enum: OUTSIDE_OUTCOMES }).notNull(),
    payer: varchar("payer", { length: 42 }).notNull(),
    beneficiary: varchar("beneficiary", { length: 42 }).notNull(),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    rewardUnits: units("reward_units").notNull(),
    txHash: varchar("tx_hash", { length: 66 }).notNull(),
    /** Its place on the chain; null while a reorg has taken it back. */
    logIndex: integer("log_index"),
    blockNumber: bigint("block_number", { mode: "bigint" }),
    blockHash: varchar("block_hash", { length: 66 }),
    refundStatus: text("refund_status", { enum: OUTSIDE_REFUND_STATUSES }),
    refundOperationId: uuid("refund_operation_id"),
    refundTxHash: varchar("refund_tx_hash", { length: 66 }),
    createdAt: createdAt(),
    /** The store's own tokens of this payment: what a refund cashes out. */
    storeUnits: units("store_units").notNull(),
    /** What the payer gets back at least, fixed when the refund is asked for. */
    refundUsdMicros: usdMicros("refund_usd"),
    refundError: text("refund_error"),
    /** When the chain said that it was sent back: the day that the refund counts for. */
    refundedAt: at("refunded_at"),
  },
  (t) => [
    uniqueIndex("outside_payments_paid_key").on(t.guestPaymentId).where(sql`${t.outcome} = 'paid' AND ${t.blockNumber} IS NOT NULL`),
    uniqueIndex("outside_payments_transaction_key").on(t.transactionId),
    index("idx_outside_payments_block").on(t.chainId, t.blockNumber),
    check("outside_payments_place_check", sql`num_nonnulls(${t.logIndex}, ${t.blockNumber}, ${t.blockHash}) IN (0, 3)`),
    unique("outside_payments_event_key").on(t.chainId, t.txHash, t.logIndex),
    index("idx_outside_payments_store").on(t.storeId, t.id),
    index("idx_outside_payments_refunded").on(t.storeId, t.refundedAt).where(sql`${t.refundedAt} IS NOT NULL`),
    index("idx_outside_payments_guest").on(t.guestPaymentId),
    index("idx_outside_payments_payer").on(t.payer),
    check("outside_payments_outcome_check", sql`${t.outcome} IN (${oneOf(OUTSIDE_OUTCOMES)})`),
    check("outside_payments_refund_check", sql`${t.refundStatus} IN (${oneOf(OUTSIDE_REFUND_STATUSES)})`),
  ],
);
