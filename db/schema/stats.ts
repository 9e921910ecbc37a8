import { sql } from "drizzle-orm";
import { bigint, bigserial, index, integer, pgTable, primaryKey, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { at, usdMicros } from "../columns";
import { tills } from "./charges";
import { users } from "./people";
import { stores } from "./stores";

const centavos = (name: string) => bigint(name, { mode: "bigint" }).notNull();

/** What a store sold in one hour, by whoever sold and the till; refunds stand with the sale's seller. Exact but for the hours in store_stats_changes. */
export const storeHourlyStats = pgTable(
  "store_hourly_stats",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    hour: at("hour").notNull(),
    sellerId: uuid("seller_id").references(() => users.id),
    tillId: uuid("till_id").references(() => tills.id),
    saleCount: integer("sale_count").notNull(),
    guestCount: integer("guest_count").notNull(),
    pixCount: integer("pix_count").notNull(),
    refundCount: integer("refund_count").notNull(),
    grossUsdMicros: usdMicros("gross_usd").notNull(),
    grossBrlCentavos: centavos("gross_brl_centavos"),
    tipUsdMicros: usdMicros("tip_usd").notNull(),
    tipBrlCentavos: centavos("tip_brl_centavos"),
    refundUsdMicros: usdMicros("refund_usd").notNull(),
    refundBrlCentavos: centavos("refund_brl_centavos"),
    /** What customers earned, at its value of that moment. */
    rewardUsdMicros: usdMicros("reward_usd").notNull(),
    rewardBrlCentavos: centavos("reward_brl_centavos"),
    guestBrlCentavos: centavos("guest_brl_centavos"),
    pixBrlCentavos: centavos("pix_brl_centavos"),
    /** What of the sales was paid in the store's own rewards, and in those of other stores. */
    ownRewardBrlCentavos: centavos("own_reward_brl_centavos").default(sql`0`),
    otherRewardBrlCentavos: centavos("other_reward_brl_centavos").default(sql`0`),
  },
  (t) => [unique("store_hourly_stats_key").on(t.storeId, t.hour, t.sellerId, t.tillId).nullsNotDistinct()],
);

/** Which items were sold in one hour, by the names of the charges. */
export const storeHourlyItems = pgTable(
  "store_hourly_items",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    hour: at("hour").notNull(),
    itemId: uuid("item_id"),
    name: varchar("name", { length: 80 }).notNull(),
    quantity: bigint("quantity", { mode: "bigint" }).notNull(),
    grossBrlCentavos: centavos("gross_brl_centavos"),
  },
  (t) => [unique("store_hourly_items_key").on(t.storeId, t.hour, t.itemId, t.name).nullsNotDistinct()],
);

/** When a person first paid at a store. The key carries the moment too (drizzle/0030), which drizzle can't say. */
export const storeCustomers = pgTable(
  "store_customers",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    firstPaidAt: at("first_paid_at").notNull(),
  },
  (t) => [primaryKey({ name: "store_customers_pk", columns: [t.storeId, t.userId] })],
);

/** Hours whose rows changed since they were rolled up, written by triggers (drizzle/0025). Readers count these from the rows. */
export const storeStatsChanges = pgTable(
  "store_stats_changes",
  {
    id: bigserial("id", { mode: "bigint" }).primaryKey(),
    storeId: uuid("store_id").notNull(),
    hour: at("hour").notNull(),
    /** Whose first payment may have changed. */
    customerId: uuid("customer_id"),
  },
  (t) => [index("idx_store_stats_changes_store").on(t.storeId, t.hour)],
);
