import { sql } from "drizzle-orm";
import { bigint, bigserial, boolean, check, index, integer, jsonb, numeric, pgTable, text, unique, uniqueIndex, uuid, varchar, type AnyPgColumn } from "drizzle-orm/pg-core";
import { LOAN_CLOSED_REASONS } from "@/lib/loans/rules";
import { CALL_PURPOSES, CALL_STATUSES, OPERATION_KINDS, OPERATION_STATUSES } from "@/lib/operations/rules";
import { STORE_EVENT_KINDS, TRANSACTION_ORIGINS, TRANSACTION_PURPOSES } from "@/lib/payments/rules";
import { at, createdAt, oneOf, units, usdMicros } from "../columns";
import { chainId, transactionStatus, transactionType } from "./enums";
import { users } from "./people";
import { stores } from "./stores";

export const transactions = pgTable(
  "transactions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    fromUserId: uuid("from_user_id").references(() => users.id),
    toUserId: uuid("to_user_id").references(() => users.id),
    storeId: uuid("store_id").references(() => stores.id),
    type: transactionType("type").notNull(),
    status: transactionStatus("status").notNull().default("pending"),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    tokensUsed: jsonb("tokens_used"),
    rewardsEarned: jsonb("rewards_earned"),
    chainId: chainId("chain_id").notNull(),
    bundleId: varchar("bundle_id", { length: 255 }),
    txHash: varchar("tx_hash", { length: 66 }),
    blockNumber: bigint("block_number", { mode: "bigint" }),
    confirmationCode: varchar("confirmation_code", { length: 6 }),
    errorCode: varchar("error_code", { length: 50 }),
    errorMessage: text("error_message"),
    /** `<payer id>:<client key>` (data-model/MODEL.md §2, 16). */
    idempotencyKey: varchar("idempotency_key", { length: 255 }),
    createdAt: createdAt(),
    confirmedAt: at("confirmed_at"),
    /** SHA-256 of the parsed input, lower hex: the same key with another body is refused. */
    requestFingerprint: varchar("request_fingerprint", { length: 64 }),
    blockHash: varchar("block_hash", { length: 66 }),
    /** The price the payer saw, and the rate it was made with. */
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }),
    brlPerUsdMicros: usdMicros("brl_per_usd"),
    rateAt: at("rate_at"),
    /** The session that confirmed it: the limits of a new device are read from it where the operation is signed. */
    sessionId: uuid("session_id"),
    /** Without an account of ours: paid on our page by a wallet (guest), or sent without our page (outside). */
    origin: text("origin", { enum: TRANSACTION_ORIGINS }),
    /** The wallet that paid, where there is no account. */
    payerAddress: varchar("payer_address", { length: 42 }),
    /** What it is for, finer than the type; null for a payment at a store. */
    purpose: text("purpose", { enum: TRANSACTION_PURPOSES }),
    /** Where a send goes that leaves our people. */
    payeeAddress: varchar("payee_address", { length: 42 }),
    note: varchar("note", { length: 140 }),
    /** What the screen promised beside the amount: fee lines, minimums, dates. Each purpose has its own shape. */
    terms: jsonb("terms"),
    /** The charge that it paid (db/schema/charges.ts). */
    chargeId: uuid("charge_id"),
    /** How much of the amount is a tip. */
    tipUsdMicros: usdMicros("tip_usd"),
    tipBrlCentavos: bigint("tip_brl_centavos", { mode: "bigint" }),
  },
  (t) => [
    index("idx_transactions_charge").on(t.chargeId).where(sql`${t.chargeId} IS NOT NULL`),
    index("idx_transactions_payer_address").on(t.payerAddress).where(sql`${t.payerAddress} IS NOT NULL`),
    check("transactions_purpose_check", sql`${t.purpose} IN (${oneOf(TRANSACTION_PURPOSES)})`),
    check("transactions_origin_check", sql`${t.origin} IN (${oneOf(TRANSACTION_ORIGINS)})`),
    uniqueIndex("transactions_idempotency_key_key").on(t.idempotencyKey).where(sql`${t.idempotencyKey} IS NOT NULL`),
    index("idx_transactions_from_user").on(t.fromUserId),
    index("idx_transactions_to_user").on(t.toUserId),
    index("idx_transactions_store").on(t.storeId),
    index("idx_transactions_status").on(t.status).where(sql`${t.status} = 'pending'`),
    index("idx_transactions_confirmation").on(t.confirmationCode),
    index("idx_transactions_created").on(t.createdAt.desc().nullsFirst()),
    index("idx_transactions_bundle").on(t.bundleId),
    // Lists by key (person's activity, store's today) and the payer's daily limit.
    index("idx_transactions_from_user_id").on(t.fromUserId, t.id.desc().nullsFirst()),
    index("idx_transactions_to_user_id").on(t.toUserId, t.id.desc().nullsFirst()),
    index("idx_transactions_store_id").on(t.storeId, t.id.desc().nullsFirst()),
    // Figures and files of a store, by the moment of payment.
    index("idx_transactions_store_paid").on(t.storeId, t.confirmedAt, t.id, t.fromUserId).where(sql`${t.type} = 'payment' AND ${t.status} = 'confirmed'`),
    uniqueIndex("idx_transactions_store_code").on(t.storeId, t.confirmationCode).where(sql`${t.confirmationCode} IS NOT NULL`),
  ],
);

/** The outbox of everything that goes on chain. The id is the subject's too: a payment's operation has the payment's id. */
export const userOperations = pgTable(
  "user_operations",
  {
    id: uuid("id").primaryKey(),
    chainId: chainId("chain_id").notNull(),
    kind: text("kind", { enum: OPERATION_KINDS }).notNull(),
    /** The row that the calls are rebuilt from: a transaction for a payment, a store otherwise. */
    subjectId: uuid("subject_id").notNull(),
    sender: varchar("sender", { length: 42 }).notNull(),
    nonceKey: numeric("nonce_key", { precision: 58, scale: 0, mode: "bigint" }).notNull(),
    status: text("status", { enum: OPERATION_STATUSES }).notNull().default("queued"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: at("next_attempt_at").notNull().defaultNow(),
    /** When it came into the outbox: a held one was made long before. */
    queuedAt: at("queued_at").notNull().defaultNow(),
    /** Recorded before it is sent, so that a crash sends the same bytes again. */
    signedOperation: jsonb("signed_operation"),
    userOpHash: varchar("user_op_hash", { length: 66 }),
    validUntil: at("valid_until"),
    submittedAt: at("submitted_at"),
    txHash: varchar("tx_hash", { length: 66 }),
    blockNumber: bigint("block_number", { mode: "bigint" }),
    blockHash: varchar("block_hash", { length: 66 }),
    errorCode: varchar("error_code", { length: 50 }),
    errorMessage: text("error_message"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("user_operations_hash_key").on(t.userOpHash),
    unique("user_operations_nonce_key").on(t.chainId, t.sender, t.nonceKey),
    index("idx_user_operations_queued").on(t.chainId, t.nextAttemptAt).where(sql`${t.status} = 'queued'`),
    index("idx_user_operations_submitted").on(t.chainId, t.submittedAt).where(sql`${t.status} = 'submitted'`),
    index("idx_user_operations_subject").on(t.subjectId),
    index("idx_user_operations_prepared").on(t.chainId, t.validUntil).where(sql`${t.status} = 'prepared'`),
    check("user_operations_status_check", sql`${t.status} IN (${oneOf(OPERATION_STATUSES)})`),
    check("user_operations_kind_check", sql`${t.kind} IN (${oneOf(OPERATION_KINDS)})`),
    check("user_operations_sender_lower", sql`${t.sender} = lower(${t.sender})`),
  ],
);

/** Each raw transaction of an operator (bundle), kept before it is sent: nonce, bytes, and what it carries. */
export const operatorTransactions = pgTable(
  "operator_transactions",
  {
    id: uuid("id").primaryKey(),
    chainId: chainId("chain_id").notNull(),
    operator: varchar("operator", { length: 42 }).notNull(),
    nonce: bigint("nonce", { mode: "bigint" }).notNull(),
    txHash: varchar("tx_hash", { length: 66 }).notNull(),
    rawTransaction: text("raw_transaction").notNull(),
    operationIds: uuid("operation_ids").array().notNull(),
    maxFeePerGas: units("max_fee_per_gas").notNull(),
    status: text("status", { enum: ["sent", "mined", "replaced"] }).notNull().default("sent"),
    createdAt: createdAt(),
    /** The call of our own that it makes, instead of operations. */
    callId: uuid("call_id").references((): AnyPgColumn => operatorCalls.id),
  },
  (t) => [
    unique("operator_transactions_hash_key").on(t.chainId, t.txHash),
    index("idx_operator_transactions_open").on(t.chainId, t.operator, t.nonce).where(sql`${t.status} = 'sent'`),
    check("operator_transactions_status_check", sql`${t.status} IN ('sent', 'mined', 'replaced')`),
  ],
);

/** The operators' own outbox: calls that anybody may make and that move nobody's money, once for each purpose and subject. */
export const operatorCalls = pgTable(
  "operator_calls",
  {
    id: uuid("id").primaryKey(),
    chainId: chainId("chain_id").notNull(),
    target: varchar("target", { length: 42 }).notNull(),
    data: text("data").notNull(),
    /** Ether that goes along (a bridge's fee), in wei. */
    value: units("value").notNull().default(sql`0`),
    purpose: text("purpose", { enum: CALL_PURPOSES }).notNull(),
    subjectId: uuid("subject_id").notNull(),
    status: text("status", { enum: CALL_STATUSES }).notNull().default("queued"),
    txHash: varchar("tx_hash", { length: 66 }),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: at("next_attempt_at").notNull().defaultNow(),
    errorMessage: text("error_message"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("operator_calls_subject_key").on(t.purpose, t.subjectId),
    index("idx_operator_calls_queued").on(t.chainId, t.nextAttemptAt).where(sql`${t.status} = 'queued'`),
    index("idx_operator_calls_hash").on(t.txHash).where(sql`${t.txHash} IS NOT NULL`),
    check("operator_calls_purpose_check", sql`${t.purpose} IN (${oneOf(CALL_PURPOSES)})`),
    check("operator_calls_status_check", sql`${t.status} IN (${oneOf(CALL_STATUSES)})`),
  ],
);

export const loans = pgTable(
  "loans",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    loanIdOnchain: units("loan_id_onchain").notNull(),
    collateral: units("collateral").notNull(),
    collateralUsdMicrosAtOrigination: usdMicros("collateral_usd_at_origination").notNull(),
    borrowAmount: units("borrow_amount").notNull(),
    borrowAmountUsdMicros: usdMicros("borrow_amount_usd").notNull(),
    /** Basis points, as the seed says: 250 for REVLoans' 25 of 1000. */
    prepaidFeePercent: integer("prepaid_fee_percent").notNull(),
    prepaidDurationSeconds: bigint("prepaid_duration_seconds", { mode: "bigint" }).notNull(),
    projectId: integer("project_id").notNull(),
    tokenAddress: varchar("token_address", { length: 42 }).notNull(),
    isActive: boolean("is_active").notNull().default(true),
    repaidAt: at("repaid_at"),
    originationTxHash: varchar("origination_tx_hash", { length: 66 }).notNull(),
    repaymentTxHash: varchar("repayment_tx_hash", { length: 66 }),
    createdAt: createdAt(),
    /** Set for a store's own loan (payout by borrowing); it never counts as the person's. */
    storeId: uuid("store_id").references(() => stores.id),
    /** A partial repayment burns the loan and mints a new id: the row it replaces. */
    replacesLoanId: uuid("replaces_loan_id"),
    /** REVLoans' own time of it, which fees and the ten years are counted from; a loan that goes on under a new number keeps it. */
    startedAt: at("started_at"),
    blockNumber: bigint("block_number", { mode: "bigint" }),
    blockHash: varchar("block_hash", { length: 66 }),
    closedBlockNumber: bigint("closed_block_number", { mode: "bigint" }),
    closedReason: text("closed_reason", { enum: LOAN_CLOSED_REASONS }),
  },
  (t) => [
    check("loans_closed_reason_check", sql`${t.closedReason} IN (${oneOf(LOAN_CLOSED_REASONS)})`),
    index("idx_loans_block").on(t.chainId, t.blockNumber),
    unique("loans_chain_id_loan_id_onchain_key").on(t.chainId, t.loanIdOnchain),
    index("idx_loans_user").on(t.userId).where(sql`${t.isActive} = TRUE`),
    index("idx_loans_project").on(t.projectId),
  ],
);

/** The till's log: one line whenever a payment of the store becomes paid, or a reorg takes that back. Its id is the SSE event id. */
export const storeEvents = pgTable(
  "store_events",
  {
    id: bigserial("id", { mode: "bigint" }).primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    transactionId: uuid("transaction_id").notNull().references(() => transactions.id),
    kind: text("kind", { enum: STORE_EVENT_KINDS }).notNull(),
    blockNumber: bigint("block_number", { mode: "bigint" }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("idx_store_events_store").on(t.storeId, t.id),
    index("idx_store_events_transaction").on(t.transactionId),
    check("store_events_kind_check", sql`${t.kind} IN (${oneOf(STORE_EVENT_KINDS)})`),
  ],
);

/** Each time a till asked whether a code is paid: "already checked" comes from here. */
export const codeChecks = pgTable(
  "code_checks",
  {
    id: uuid("id").primaryKey(),
    transactionId: uuid("transaction_id").notNull().references(() => transactions.id),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    checkedBy: uuid("checked_by").notNull().references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [index("idx_code_checks_transaction").on(t.transactionId)],
);

/** Reais per dollar as the rate source gave it, with its own time. */
export const exchangeRates = pgTable(
  "exchange_rates",
  {
    id: uuid("id").primaryKey(),
    brlPerUsdMicros: usdMicros("brl_per_usd").notNull(),
    source: varchar("source", { length: 20 }).notNull(),
    quotedAt: at("quoted_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique("exchange_rates_source_quoted_key").on(t.source, t.quotedAt), index("idx_exchange_rates_created").on(t.createdAt.desc().nullsFirst())],
);

/** A link with which anybody checks one receipt. The secret is in the link alone. */
export const receiptLinks = pgTable(
  "receipt_links",
  {
    id: uuid("id").primaryKey(),
    transactionId: uuid("transaction_id").notNull().references(() => transactions.id),
    createdBy: uuid("created_by").notNull().references(() => users.id, { onDelete: "cascade" }),
    /** SHA-256 of the 128-bit secret, lower hex. */
    secretHash: varchar("secret_hash", { length: 64 }).notNull(),
    createdAt: createdAt(),
    revokedAt: at("revoked_at"),
  },
  (t) => [unique("receipt_links_secret_key").on(t.secretHash), index("idx_receipt_links_transaction").on(t.transactionId), index("idx_receipt_links_created_by").on(t.createdBy)],
);
