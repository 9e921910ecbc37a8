import { sql } from "drizzle-orm";
import { bigint, bigserial, boolean, date, decimal, index, inet, integer, jsonb, pgMaterializedView, pgTable, primaryKey, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { at, createdAt, updatedAt, usdMicros } from "../columns";
import { users } from "./people";
import { stores } from "./stores";

/** Partitioned by month; the parts, and a default one, are made in drizzle/0002 and ahead of time by a job. */
export const analyticsEvents = pgTable(
  "analytics_events",
  {
    id: uuid("id").notNull().defaultRandom(),
    eventName: varchar("event_name", { length: 100 }).notNull(),
    properties: jsonb("properties").notNull().default(sql`'{}'`),
    userId: uuid("user_id").references(() => users.id),
    sessionId: uuid("session_id"),
    deviceId: varchar("device_id", { length: 255 }),
    ipAddress: inet("ip_address"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.createdAt] }),
    index("idx_analytics_events_name").on(t.eventName),
    index("idx_analytics_events_user").on(t.userId).where(sql`${t.userId} IS NOT NULL`),
    index("idx_analytics_events_created").on(t.createdAt.desc().nullsFirst()),
  ],
);

export const featureFlags = pgTable(
  "feature_flags",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    name: varchar("name", { length: 100 }).notNull(),
    description: text("description"),
    enabled: boolean("enabled").notNull().default(false),
    rules: jsonb("rules").notNull().default(sql`'[]'`),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique("feature_flags_name_key").on(t.name), index("idx_feature_flags_name").on(t.name)],
);

/** Append-only for the application's database roles. */
export const auditLogs = pgTable(
  "audit_logs",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").references(() => users.id),
    ipAddress: inet("ip_address"),
    userAgent: text("user_agent"),
    action: varchar("action", { length: 100 }).notNull(),
    resourceType: varchar("resource_type", { length: 50 }),
    resourceId: uuid("resource_id"),
    oldValues: jsonb("old_values"),
    newValues: jsonb("new_values"),
    metadata: jsonb("metadata"),
    createdAt: createdAt(),
  },
  (t) => [
    index("idx_audit_logs_user").on(t.userId),
    index("idx_audit_logs_action").on(t.action),
    index("idx_audit_logs_resource").on(t.resourceType, t.resourceId),
    index("idx_audit_logs_created").on(t.createdAt.desc().nullsFirst()),
  ],
);

/** Which lines of the trail are about a store. Written by the trail's own trigger (0027), so that nobody forgets one. */
export const storeAuditLines = pgTable(
  "store_audit_lines",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    createdAt: at("created_at").notNull(),
    auditId: uuid("audit_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.storeId, t.createdAt, t.auditId] })],
);

/** A hash chain over batches of audit rows, written by a job: a changed or removed row no longer matches its seal. */
export const auditSeals = pgTable("audit_seals", {
  id: bigserial("id", { mode: "bigint" }).primaryKey(),
  sealedFrom: at("sealed_from").notNull(),
  sealedTo: at("sealed_to").notNull(),
  rowCount: integer("row_count").notNull(),
  hash: varchar("hash", { length: 64 }).notNull(),
  previousHash: varchar("previous_hash", { length: 64 }).notNull(),
  createdAt: createdAt(),
  /** Each sealed row and the hash of its text, in order, so that a check can name the first that differs. */
  rowIds: uuid("row_ids").array(),
  rowHashes: text("row_hashes").array(),
});

/** Written by hand in drizzle/0002; refreshed concurrently by schedule. */
export const storeDailyStats = pgMaterializedView("store_daily_stats", {
  storeId: uuid("store_id").notNull(),
  date: date("date").notNull(),
  transactionCount: bigint("transaction_count", { mode: "bigint" }).notNull(),
  revenueUsdMicros: usdMicros("revenue_usd").notNull(),
  uniqueCustomers: bigint("unique_customers", { mode: "bigint" }).notNull(),
  avgTransactionUsd: decimal("avg_transaction_usd"),
}).existing();
