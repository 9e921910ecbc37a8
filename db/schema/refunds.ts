import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { REFUND_STATUSES } from "@/lib/refunds/rules";
import { at, createdAt, oneOf, units, usdMicros } from "../columns";
import { transactions, userOperations } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** Money of a sale given back: links the sale with what pays it back and with the rewards that come back first. */
export const refunds = pgTable(
  "refunds",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id),
    originalTransactionId: uuid("original_transaction_id").notNull().references(() => transactions.id),
    /** The transaction (type received, purpose refund) that pays it back. */
    transactionId: uuid("transaction_id").references(() => transactions.id),
    /** `<member id>:<client key>`, and SHA-256 of the parsed input. */
    idempotencyKey: varchar("idempotency_key", { length: 255 }).notNull(),
    requestFingerprint: varchar("request_fingerprint", { length: 64 }).notNull(),
    status: text("status", { enum: REFUND_STATUSES }).notNull().default("requested"),
    amountUsdMicros: usdMicros("amount_usd").notNull(),
    /** In the reais of the sale: at its own rate. */
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }).notNull(),
    reason: varchar("reason", { length: 140 }).notNull(),
    /** The reward's share that the refund asks back, and what of it is still there to come back. */
    rewardUnits: units("reward_units").notNull(),
    returnedUnits: units("returned_units").notNull(),
    returnOperationId: uuid("return_operation_id").references(() => userOperations.id),
    /** The payer's account, or the address that a guest paid from. */
    payeeAddress: varchar("payee_address", { length: 42 }).notNull(),
    requestedBy: uuid("requested_by").notNull().references(() => users.id),
    failure: varchar("failure", { length: 100 }),
    completedAt: at("completed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("refunds_idempotency_key").on(t.idempotencyKey),
    unique("refunds_transaction_key").on(t.transactionId),
    index("idx_refunds_completed").on(t.storeId, t.completedAt).where(sql`${t.status} = 'refunded'`),
    index("idx_refunds_original").on(t.originalTransactionId),
    index("idx_refunds_store").on(t.storeId, t.id.desc().nullsFirst()),
    check("refunds_status_check", sql`${t.status} IN (${oneOf(REFUND_STATUSES)})`),
    check("refunds_amount_check", sql`${t.amountUsdMicros} > 0 AND ${t.amountBrlCentavos} > 0 AND ${t.returnedUnits} <= ${t.rewardUnits}`),
  ],
);
