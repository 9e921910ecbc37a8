import { sql } from "drizzle-orm";
import { boolean, check, customType, index, integer, jsonb, numeric, pgTable, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import type { OpeningHours } from "@/lib/hours/rules";
import { CURRENCIES } from "@/lib/money";
import { at, createdAt, oneOf, updatedAt, usdMicros } from "../columns";
import { chainId, deploymentStatus, storeRole } from "./enums";
import { users } from "./people";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** A shop; on each chain a revnet. The indexes of place and search are hand-written (drizzle/0002, 0026). */
export const stores = pgTable(
  "stores",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    name: varchar("name", { length: 255 }).notNull(),
    symbol: varchar("symbol", { length: 10 }).notNull(),
    category: varchar("category", { length: 100 }),
    description: text("description"),
    latitude: numeric("latitude", { precision: 10, scale: 8 }),
    longitude: numeric("longitude", { precision: 11, scale: 8 }),
    address: text("address"),
    deploymentStatus: deploymentStatus("deployment_status").notNull().default("pending"),
    website: varchar("website", { length: 255 }),
    instagram: varchar("instagram", { length: 100 }),
    qrCodeUrl: varchar("qr_code_url", { length: 255 }),
    shortCode: varchar("short_code", { length: 20 }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** The payer's share of each issuance, in basis points (100 to 2000). Written on chain for ever. */
    rewardRateBps: integer("reward_rate_bps"),
    /** When the revnet's first stage starts; the same instant on every chain. Payments revert before it. */
    startsAt: at("starts_at"),
    timeZone: varchar("time_zone", { length: 64 }),
    legalName: varchar("legal_name", { length: 255 }),
    cnpj: varchar("cnpj", { length: 14 }),
    refundLimitUsdMicros: usdMicros("refund_limit_usd"),
    closedAt: at("closed_at"),
    /** Part of the tile's seed: rotating the QR changes the tile. */
    qrVersion: integer("qr_version"),
    /** When people find it open; null: it has not said. */
    openingHours: jsonb("opening_hours").$type<OpeningHours>(),
    /** What the till counts in; reais unless it says otherwise. */
    tillCurrency: text("till_currency", { enum: CURRENCIES }),
    rewardNote: varchar("reward_note", { length: 140 }),
    logoHash: varchar("logo_hash", { length: 64 }),
  },
  (t) => [
    unique("stores_short_code_key").on(t.shortCode),
    index("idx_stores_symbol").on(t.symbol),
    uniqueIndex("idx_stores_symbol_upper").on(sql`upper(${t.symbol})`),
    index("idx_stores_short_code").on(t.shortCode),
    check("stores_reward_rate_bps_check", sql`${t.rewardRateBps} BETWEEN 100 AND 2000`),
    check("stores_till_currency_check", sql`${t.tillCurrency} IN (${oneOf(CURRENCIES)})`),
  ],
);

export const storeDeployments = pgTable(
  "store_deployments",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    projectId: integer("project_id"),
    tokenAddress: varchar("token_address", { length: 42 }),
    terminalAddress: varchar("terminal_address", { length: 42 }),
    status: deploymentStatus("status").notNull().default("pending"),
    bundleId: varchar("bundle_id", { length: 255 }),
    deployTxHash: varchar("deploy_tx_hash", { length: 66 }),
    errorMessage: text("error_message"),
    deployedAt: at("deployed_at"),
    createdAt: createdAt(),
    /** The operation under way; another attempt gets another operation. */
    operationId: uuid("operation_id"),
    attempts: integer("attempts"),
    blockNumber: integer("block_number"),
  },
  (t) => [
    unique("store_deployments_store_id_chain_id_key").on(t.storeId, t.chainId),
    index("idx_store_deployments_store").on(t.storeId),
    index("idx_store_deployments_token").on(t.tokenAddress),
    uniqueIndex("idx_store_deployments_project").on(t.chainId, t.projectId).where(sql`${t.projectId} IS NOT NULL`),
  ],
);

export const storeMembers = pgTable(
  "store_members",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    role: storeRole("role").notNull(),
    invitedBy: uuid("invited_by").references(() => users.id),
    invitedAt: at("invited_at").notNull().defaultNow(),
    acceptedAt: at("accepted_at"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("store_members_store_id_user_id_key").on(t.storeId, t.userId),
    index("idx_store_members_store").on(t.storeId),
    index("idx_store_members_user").on(t.userId),
  ],
);

/** The store's own ERC-4337 account on one chain: deploys the revnet and receives the reserved tokens. */
export const storeAccounts = pgTable(
  "store_accounts",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    salt: varchar("salt", { length: 66 }).notNull(),
    initialOwnerAddress: varchar("initial_owner_address", { length: 42 }).notNull(),
    ownerAddress: varchar("owner_address", { length: 42 }).notNull(),
    deployed: boolean("deployed").notNull().default(false),
    deployTxHash: varchar("deploy_tx_hash", { length: 66 }),
    deployedAt: at("deployed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("store_accounts_store_id_chain_id_key").on(t.storeId, t.chainId),
    unique("store_accounts_chain_id_address_key").on(t.chainId, t.address),
    check("store_accounts_address_lower", sql`${t.address} = lower(${t.address})`),
  ],
);

/** The store's sealed key. Readable by the worker's database role alone. */
export const storeSigningKeys = pgTable(
  "store_signing_keys",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    encryptedPrivateKey: text("encrypted_private_key").notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    isActive: boolean("is_active").notNull().default(true),
    revokedAt: at("revoked_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("store_signing_keys_active_key").on(t.storeId).where(sql`${t.isActive} = TRUE`)],
);

/** Every short code a store ever had: a retired one says so instead of "unknown". */
export const storeCodes = pgTable(
  "store_codes",
  {
    shortCode: varchar("short_code", { length: 20 }).primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    retiredAt: at("retired_at"),
    createdAt: createdAt(),
  },
  (t) => [index("idx_store_codes_store").on(t.storeId)],
);

/** A store's logo as we drew it anew, in two sizes of WebP. */
export const storeLogos = pgTable("store_logos", {
  storeId: uuid("store_id")
    .primaryKey()
    .references(() => stores.id, { onDelete: "cascade" }),
  hash: varchar("hash", { length: 64 }).notNull(),
  large: bytes("large").notNull(),
  small: bytes("small").notNull(),
  createdAt: createdAt(),
});
