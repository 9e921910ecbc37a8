import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import type { ChargeLine } from "@/lib/charges/rules";
import { CURRENCIES } from "@/lib/money";
import { at, createdAt, oneOf, updatedAt, usdMicros } from "../columns";
import { transactions } from "./payments";
import { sessions, users } from "./people";
import { stores } from "./stores";

/** A place where a store sells: a name on a device, so that a day closes by till. */
export const tills = pgTable(
  "tills",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    name: varchar("name", { length: 40 }).notNull(),
    createdBy: uuid("created_by").notNull().references(() => users.id),
    removedAt: at("removed_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("tills_name_key").on(t.storeId, sql`lower(${t.name})`).where(sql`${t.removedAt} IS NULL`)],
);

/** A device that several people sell at: the session has no rights but the till's until its own person's PIN ends this. */
export const sharedTills = pgTable(
  "shared_tills",
  {
    sessionId: uuid("session_id").primaryKey().references(() => sessions.id, { onDelete: "cascade" }),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    tillId: uuid("till_id").references(() => tills.id),
    idleMinutes: integer("idle_minutes").notNull(),
    startedBy: uuid("started_by").notNull().references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [index("idx_shared_tills_store").on(t.storeId), check("shared_tills_idle_check", sql`${t.idleMinutes} BETWEEN 1 AND 60`)],
);

/** Who sold at a shared till, from unlocking to locking. Kept, because a sale says who made it and who stood in. */
export const tillSittings = pgTable(
  "till_sittings",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    tillId: uuid("till_id").references(() => tills.id),
    sessionId: uuid("session_id").references(() => sessions.id, { onDelete: "set null" }),
    /** Whose sales these are. */
    userId: uuid("user_id").notNull().references(() => users.id),
    /** The owner or admin whose PIN unlocked it in that person's place. */
    overrideBy: uuid("override_by").references(() => users.id),
    startedAt: at("started_at").notNull().defaultNow(),
    lastUsedAt: at("last_used_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (t) => [
    uniqueIndex("till_sittings_open_key").on(t.sessionId).where(sql`${t.endedAt} IS NULL`),
    index("idx_till_sittings_store").on(t.storeId, t.id.desc().nullsFirst()),
    index("idx_till_sittings_user").on(t.userId),
  ],
);

/** A store's small catalogue. A removed item stays for the charges that named it. */
export const storeItems = pgTable(
  "store_items",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    name: varchar("name", { length: 80 }).notNull(),
    category: varchar("category", { length: 40 }),
    priceBrlCentavos: bigint("price_brl_centavos", { mode: "bigint" }).notNull(),
    isAvailable: boolean("is_available").notNull().default(true),
    position: integer("position").notNull().default(0),
    removedAt: at("removed_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    uniqueIndex("store_items_name_key").on(t.storeId, sql`lower(${t.name})`).where(sql`${t.removedAt} IS NULL`),
    index("idx_store_items_store").on(t.storeId, t.position, t.id),
    check("store_items_price_check", sql`${t.priceBrlCentavos} > 0`),
  ],
);

/** What somebody owes a store, on the server. Codes and links carry its id alone. */
export const charges = pgTable(
  "charges",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    /** `<member id>:<client key>`, and SHA-256 of the parsed input. */
    idempotencyKey: varchar("idempotency_key", { length: 255 }).notNull(),
    requestFingerprint: varchar("request_fingerprint", { length: 64 }).notNull(),
    /** What was typed; both amounts are fixed by the rate for the charge's life. */
    currency: text("currency", { enum: CURRENCIES }).notNull(),
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }).notNull(),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    brlPerUsdMicros: usdMicros("brl_per_usd").notNull(),
    rateAt: at("rate_at").notNull(),
    /** What was sold, with the names and prices of that moment. */
    items: jsonb("items").$type<ChargeLine[]>(),
    note: varchar("note", { length: 140 }),
    isTipAllowed: boolean("is_tip_allowed").notNull().default(false),
    /** Who made the sale: the member, or whoever unlocked the shared till with the own PIN. */
    createdBy: uuid("created_by").notNull().references(() => users.id),
    tillId: uuid("till_id").references(() => tills.id),
    /** At a shared till: the sitting it was made in. */
    sittingId: uuid("sitting_id").references(() => tillSittings.id),
    /** Set where the customer's code was scanned: nobody else may pay it. */
    customerId: uuid("customer_id").references(() => users.id),
    /** The payment that took it. One that failed leaves the charge open. */
    transactionId: uuid("transaction_id").references(() => transactions.id),
    cancelledAt: at("cancelled_at"),
    expiresAt: at("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("charges_idempotency_key").on(t.idempotencyKey),
    unique("charges_transaction_key").on(t.transactionId),
    index("idx_charges_store").on(t.storeId, t.id.desc().nullsFirst()),
    index("idx_charges_customer").on(t.customerId, t.id.desc().nullsFirst()).where(sql`${t.customerId} IS NOT NULL`),
    check("charges_currency_check", sql`${t.currency} IN (${oneOf(CURRENCIES)})`),
    check("charges_amount_check", sql`${t.amountBrlCentavos} > 0 AND ${t.amountUsdMicros} > 0 AND ${t.brlPerUsdMicros} > 0`),
  ],
);
