import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { CURRENCIES } from "@/lib/money";
import { PHONE_SEND_STATUSES } from "@/lib/transfers/rules";
import { at, createdAt, oneOf, usdMicros } from "../columns";
import { chainId } from "./enums";
import { transactions } from "./payments";
import { users } from "./people";

/** What a person's QR and link say. Public; it tells a first name and lets money in, nothing else. */
export const receiveCodes = pgTable(
  "receive_codes",
  {
    userId: uuid("user_id").primaryKey().references(() => users.id, { onDelete: "cascade" }),
    code: varchar("code", { length: 12 }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique("receive_codes_code_key").on(t.code)],
);

/** A send to a phone. Its transaction and its operation have the same id; the money stays the sender's until the phone's holder takes it. */
export const phoneSends = pgTable(
  "phone_sends",
  {
    id: uuid("id").primaryKey().references(() => transactions.id),
    senderId: uuid("sender_id").notNull().references(() => users.id),
    /** HMAC of the E.164 number: recognised when its holder signs in, never a list of phones. */
    phoneHash: varchar("phone_hash", { length: 64 }).notNull(),
    /** "+55 •••• 0001", for the sender's own list. */
    phoneShown: varchar("phone_shown", { length: 40 }).notNull(),
    /** SHA-256 of the link's 128 bits. */
    secretHash: varchar("secret_hash", { length: 64 }).notNull(),
    status: text("status", { enum: PHONE_SEND_STATUSES }).notNull().default("waiting"),
    claimedBy: uuid("claimed_by").references(() => users.id),
    claimedAt: at("claimed_at"),
    endedAt: at("ended_at"),
    expiresAt: at("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("phone_sends_secret_key").on(t.secretHash),
    index("idx_phone_sends_phone").on(t.phoneHash).where(sql`${t.status} = 'waiting'`),
    index("idx_phone_sends_sender").on(t.senderId),
    index("idx_phone_sends_expires").on(t.expiresAt).where(sql`${t.status} IN ('waiting', 'claimed')`),
    check("phone_sends_status_check", sql`${t.status} IN (${oneOf(PHONE_SEND_STATUSES)})`),
    check("phone_sends_claim_check", sql`(${t.status} = 'waiting') = (${t.claimedBy} IS NULL AND ${t.endedAt} IS NULL)`),
  ],
);

/** Money asked for, by link. Open, on its way and paid are said by its transaction. */
export const paymentRequests = pgTable(
  "payment_requests",
  {
    id: uuid("id").primaryKey(),
    /** 128 random bits, base64url. */
    reference: varchar("reference", { length: 22 }).notNull(),
    requesterId: uuid("requester_id").notNull().references(() => users.id),
    currency: text("currency", { enum: CURRENCIES }).notNull(),
    /** Centavos or cents of the currency. */
    amountCents: bigint("amount_cents", { mode: "bigint" }).notNull(),
    note: varchar("note", { length: 140 }),
    /** The one payment; another may take its place only when this one failed. */
    transactionId: uuid("transaction_id").references(() => transactions.id),
    payerId: uuid("payer_id").references(() => users.id),
    cancelledAt: at("cancelled_at"),
    expiresAt: at("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("payment_requests_reference_key").on(t.reference),
    unique("payment_requests_transaction_key").on(t.transactionId),
    index("idx_payment_requests_requester").on(t.requesterId, t.id.desc().nullsFirst()),
    check("payment_requests_currency_check", sql`${t.currency} IN (${oneOf(CURRENCIES)})`),
    check("payment_requests_amount_check", sql`${t.amountCents} > 0`),
  ],
);

/** Dollars that came to a person's account past us, by their place on the chain. Without a place while a reorg has taken it back. */
export const incomingTransfers = pgTable(
  "incoming_transfers",
  {
    id: uuid("id").primaryKey(),
    transactionId: uuid("transaction_id").notNull().references(() => transactions.id),
    userId: uuid("user_id").notNull().references(() => users.id),
    chainId: chainId("chain_id").notNull(),
    fromAddress: varchar("from_address", { length: 42 }).notNull(),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    txHash: varchar("tx_hash", { length: 66 }).notNull(),
    logIndex: integer("log_index"),
    blockNumber: bigint("block_number", { mode: "bigint" }),
    blockHash: varchar("block_hash", { length: 66 }),
    createdAt: createdAt(),
  },
  (t) => [
    unique("incoming_transfers_transaction_key").on(t.transactionId),
    unique("incoming_transfers_place_key").on(t.chainId, t.txHash, t.logIndex),
    index("idx_incoming_transfers_block").on(t.chainId, t.blockNumber),
    check("incoming_transfers_place_check", sql`num_nonnulls(${t.logIndex}, ${t.blockNumber}, ${t.blockHash}) IN (0, 3)`),
    check("incoming_transfers_from_lower", sql`${t.fromAddress} = lower(${t.fromAddress})`),
  ],
);
