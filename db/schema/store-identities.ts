import { sql } from "drizzle-orm";
import { boolean, check, pgTable, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { IDENTITY_STATUSES } from "@/lib/identity/rules";
import { ACCOUNT_TYPES } from "@/lib/store-identity/rules";
import { TOP_UP_PROVIDERS } from "@/lib/topups/rules";
import { at, createdAt, oneOf, updatedAt } from "../columns";
import { users } from "./people";
import { stores } from "./stores";

/** One row a store and partner: its account there, for Pix at the till and payouts alike, and the last attempt to say whose it is. */
export const storeIdentities = pgTable(
  "store_identities",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    provider: text("provider", { enum: TOP_UP_PROVIDERS }).notNull(),
    accountType: text("account_type", { enum: ACCOUNT_TYPES }).notNull().default("individual"),
    status: text("status", { enum: IDENTITY_STATUSES }).notNull().default("requested"),
    /** Who asked for a link, or for another one; nobody where a payout needed it. */
    askedBy: uuid("asked_by").references(() => users.id),
    askedAt: at("asked_at").notNull().defaultNow(),
    subAccountId: varchar("sub_account_id", { length: 200 }),
    attemptId: varchar("attempt_id", { length: 200 }),
    /** The person's page, or the one for a company's data. */
    attemptUrl: text("attempt_url"),
    /** A company's second page: who may speak for it. */
    representativeUrl: text("representative_url"),
    /** When somebody of the store said that a company's page is done; the partner tells of both together only. */
    companySaidAt: at("company_said_at"),
    representativeSaidAt: at("representative_said_at"),
    startedAt: at("started_at"),
    isRetryable: boolean("is_retryable").notNull().default(true),
    settledAt: at("settled_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("store_identities_store_key").on(t.storeId, t.provider),
    unique("store_identities_account_key").on(t.provider, t.subAccountId),
    unique("store_identities_attempt_key").on(t.provider, t.attemptId),
    check("store_identities_status_check", sql`${t.status} IN (${oneOf(IDENTITY_STATUSES)})`),
    check("store_identities_type_check", sql`${t.accountType} IN (${oneOf(ACCOUNT_TYPES)})`),
    check("store_identities_provider_check", sql`${t.provider} IN (${oneOf(TOP_UP_PROVIDERS)})`),
    check("store_identities_open_check", sql`${t.status} = 'requested' OR ${t.subAccountId} IS NOT NULL`),
  ],
);
