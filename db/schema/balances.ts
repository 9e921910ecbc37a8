import { sql } from "drizzle-orm";
import { bigint, bigserial, check, index, integer, pgTable, primaryKey, text, timestamp, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { at, createdAt, units, updatedAt, usdMicros } from "../columns";
import { chainId } from "./enums";
import { userOperations } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** What a person's account holds, as the chain settled it. Written by the follower alone. */
export const tokenBalances = pgTable(
  "token_balances",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    tokenAddress: varchar("token_address", { length: 42 }).notNull(),
    storeId: uuid("store_id").references(() => stores.id),
    balance: units("balance").notNull().default(sql`0`),
    balanceUsdMicros: usdMicros("balance_usd").notNull().default(sql`0`),
    lastSyncedAt: at("last_synced_at").notNull().defaultNow(),
    lastSyncedBlock: bigint("last_synced_block", { mode: "bigint" }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("token_balances_user_id_chain_id_token_address_key").on(t.userId, t.chainId, t.tokenAddress),
    index("idx_token_balances_user").on(t.userId),
    index("idx_token_balances_store").on(t.storeId).where(sql`${t.storeId} IS NOT NULL`),
    index("idx_token_balances_sync").on(t.lastSyncedAt),
  ],
);

/** The same for a store's own account. */
export const storeTokenBalances = pgTable(
  "store_token_balances",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    tokenAddress: varchar("token_address", { length: 42 }).notNull(),
    /** The store whose rewards these are; null for dollars. */
    tokenStoreId: uuid("token_store_id").references(() => stores.id),
    balance: units("balance").notNull().default(sql`0`),
    balanceUsdMicros: usdMicros("balance_usd").notNull().default(sql`0`),
    lastSyncedAt: at("last_synced_at").notNull().defaultNow(),
    lastSyncedBlock: bigint("last_synced_block", { mode: "bigint" }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("store_token_balances_holder_key").on(t.storeId, t.chainId, t.tokenAddress),
    check("store_token_balances_token_lower", sql`${t.tokenAddress} = lower(${t.tokenAddress})`),
  ],
);

/** Money promised to an operation that has not settled. available = settled − Σ of the unreleased ones. */
export const balanceReservations = pgTable(
  "balance_reservations",
  {
    id: bigserial("id", { mode: "bigint" }).primaryKey(),
    operationId: uuid("operation_id").notNull().references(() => userOperations.id),
    tokenBalanceId: uuid("token_balance_id").notNull().references(() => tokenBalances.id),
    amount: units("amount").notNull(),
    releasedBlock: bigint("released_block", { mode: "bigint" }),
    releasedAt: at("released_at"),
  },
  (t) => [
    // The sum of what is promised reads this index alone (INCLUDE is added by hand in drizzle/0002).
    index("idx_balance_reservations_operation").on(t.operationId),
    check("balance_reservations_amount_check", sql`${t.amount} > 0`),
  ],
);

/** The journal: every balance is the sum of its changes. `balance_id` names a row of token_balances or store_token_balances. */
export const balanceChanges = pgTable(
  "balance_changes",
  {
    chainId: chainId("chain_id").notNull(),
    blockNumber: bigint("block_number", { mode: "bigint" }).notNull(),
    logIndex: integer("log_index").notNull(),
    balanceId: uuid("balance_id").notNull(),
    holder: text("holder", { enum: ["person", "store"] }).notNull(),
    blockHash: varchar("block_hash", { length: 66 }).notNull(),
    txHash: varchar("tx_hash", { length: 66 }).notNull(),
    delta: units("delta").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex, t.balanceId] }),
    index("idx_balance_changes_balance").on(t.balanceId),
    check("balance_changes_holder_check", sql`${t.holder} IN ('person', 'store')`),
  ],
);

/** How far a chain is followed, and what the follower last saw of it. */
export const chainCursors = pgTable("chain_cursors", {
  chainId: chainId("chain_id").primaryKey(),
  /** Ties the database to one chain: another genesis means another (reset) chain. */
  genesisHash: varchar("genesis_hash", { length: 66 }).notNull(),
  blockNumber: bigint("block_number", { mode: "bigint" }).notNull(),
  blockHash: varchar("block_hash", { length: 66 }).notNull(),
  blockTime: at("block_time").notNull(),
  /** Wall-clock instants: the head moved, the chain did not answer, and the longest silence is judged from them. */
  headMovedAt: at("head_moved_at").notNull().defaultNow(),
  unreachableAt: at("unreachable_at"),
  stalledAt: at("stalled_at"),
  updatedAt: updatedAt(),
});

export const chainBlocks = pgTable(
  "chain_blocks",
  {
    chainId: chainId("chain_id").notNull(),
    number: bigint("number", { mode: "bigint" }).notNull(),
    hash: varchar("hash", { length: 66 }).notNull(),
    parentHash: varchar("parent_hash", { length: 66 }).notNull(),
    minedAt: timestamp("mined_at", { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.number] })],
);

/** What a store's revnet is worth on a chain: values shown are computed from this row, never written per holder. */
export const revnetStates = pgTable(
  "revnet_states",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    surplusUsdMicros: units("surplus_usd_micros").notNull(),
    supply: units("supply").notNull(),
    pendingReserved: units("pending_reserved").notNull(),
    borrowedUsdMicros: units("borrowed_usd_micros").notNull(),
    collateral: units("collateral").notNull(),
    /** Basis points; 0 for every store of ours. */
    cashOutTaxRate: integer("cash_out_tax_rate").notNull().default(0),
    cashOutDelayUntil: at("cash_out_delay_until"),
    blockNumber: bigint("block_number", { mode: "bigint" }).notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.storeId, t.chainId] })],
);
