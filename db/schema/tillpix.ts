import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { TILL_PIX_STATUSES } from "@/lib/tillpix/rules";
import { TOP_UP_PROVIDERS } from "@/lib/topups/rules";
import { at, createdAt, oneOf, updatedAt, usdMicros } from "../columns";
import { charges } from "./charges";
import { chainId } from "./enums";
import { transactions } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** A charge's BR Code at the till, the dollars that it became, and the reward that waits for a phone. Its id is the provider's external id. */
export const tillPix = pgTable(
  "till_pix",
  {
    id: uuid("id").primaryKey(),
    chargeId: uuid("charge_id").notNull().references(() => charges.id),
    storeId: uuid("store_id").notNull().references(() => stores.id),
    provider: text("provider", { enum: TOP_UP_PROVIDERS }).notNull(),
    chainId: chainId("chain_id").notNull(),
    status: text("status", { enum: TILL_PIX_STATUSES }).notNull().default("asked"),
    amountBrlCentavos: bigint("amount_brl_centavos", { mode: "bigint" }).notNull(),
    askedBy: uuid("asked_by").notNull().references(() => users.id),
    /** What the provider said would arrive, and the least that may. */
    quotedUsdMicros: usdMicros("quoted_usd"),
    minimumUsdMicros: usdMicros("minimum_usd"),
    /** Set before the provider is asked for the code: after a crash it is looked for by our id before anything is asked again. */
    ticketAskedAt: at("ticket_asked_at"),
    /** The store's account at the provider in which it was ordered. */
    subAccountId: varchar("sub_account_id", { length: 200 }),
    ticketId: varchar("ticket_id", { length: 200 }),
    walletAddress: varchar("wallet_address", { length: 42 }),
    brCode: text("br_code"),
    expiresAt: at("expires_at"),
    paidAt: at("paid_at"),
    /** A second Pix for the same code; the provider returns it. */
    secondPaymentAt: at("second_payment_at"),
    /** The provider's word: a hint until the journal shows this transaction on the store's account. */
    txHash: varchar("tx_hash", { length: 66 }),
    /** The store's payment (origin pix). */
    transactionId: uuid("transaction_id").references(() => transactions.id),
    /** What the journal shows, micro-dollars. */
    arrivedUsdMicros: usdMicros("arrived_usd"),
    returnedBy: uuid("returned_by").references(() => users.id),
    /** SHA-256 of the secret of the receipt's page. */
    secretHash: varchar("secret_hash", { length: 64 }).notNull(),
    /** A keyed hash, as phone_sends keep it: whoever signs in with the phone is recognised, and a list of phones it is not. */
    phoneHash: varchar("phone_hash", { length: 64 }),
    phoneShown: varchar("phone_shown", { length: 40 }),
    phoneChanges: integer("phone_changes").notNull().default(0),
    claimedBy: uuid("claimed_by").references(() => users.id),
    claimedAt: at("claimed_at"),
    /** The transfer of the reward (type received, purpose till_reward). */
    rewardTransactionId: uuid("reward_transaction_id").references(() => transactions.id),
    /** When the provider was last asked about it: the longest unasked comes first. */
    checkedAt: at("checked_at"),
    failure: varchar("failure", { length: 200 }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique("till_pix_charge_key").on(t.chargeId),
    unique("till_pix_ticket_key").on(t.provider, t.ticketId),
    unique("till_pix_transaction_key").on(t.transactionId),
    unique("till_pix_reward_key").on(t.rewardTransactionId),
    unique("till_pix_secret_key").on(t.secretHash),
    index("idx_till_pix_store").on(t.storeId, t.id.desc().nullsFirst()),
    index("idx_till_pix_open").on(t.checkedAt).where(sql`${t.status} IN ('asked', 'open', 'held', 'paid', 'converting', 'paid_twice')`),
    index("idx_till_pix_phone").on(t.phoneHash).where(sql`${t.claimedBy} IS NULL`),
    check("till_pix_status_check", sql`${t.status} IN (${oneOf(TILL_PIX_STATUSES)})`),
    check("till_pix_provider_check", sql`${t.provider} IN (${oneOf(TOP_UP_PROVIDERS)})`),
    check("till_pix_amount_check", sql`${t.amountBrlCentavos} > 0`),
    check("till_pix_code_check", sql`${t.status} IN ('asked', 'refused') OR num_nonnulls(${t.ticketId}, ${t.brCode}, ${t.expiresAt}, ${t.walletAddress}) = 4`),
    check("till_pix_converting_check", sql`${t.status} <> 'converting' OR num_nonnulls(${t.transactionId}, ${t.txHash}, ${t.arrivedUsdMicros}) = 3`),
    check("till_pix_claim_check", sql`(${t.claimedBy} IS NULL) = (${t.claimedAt} IS NULL) AND (${t.phoneHash} IS NULL) = (${t.phoneShown} IS NULL)`),
    check("till_pix_wallet_lower", sql`${t.walletAddress} = lower(${t.walletAddress})`),
  ],
);
