import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { CARRIED_KINDS, CONSOLIDATION_PROBLEMS, CONSOLIDATION_STAGES, CONSOLIDATION_STEPS, STARTED_BY } from "@/lib/consolidation/rules";
import { at, createdAt, oneOf, units, updatedAt } from "../columns";
import { chainId } from "./enums";
import { transactions } from "./payments";
import { users } from "./people";
import { stores } from "./stores";

/** Money of a person, or of a store on its way to the partner, between two chains, from its transaction on. Made before anything is signed; its places on chain are the follower's word. */
export const consolidations = pgTable(
  "consolidations",
  {
    /** The transaction's, and the operation's that leaves. */
    id: uuid("id").primaryKey().references(() => transactions.id),
    /** Whose it is; of a payout, who asked for it. */
    userId: uuid("user_id").notNull().references(() => users.id),
    kind: text("kind", { enum: CARRIED_KINDS }).notNull(),
    storeId: uuid("store_id").references(() => stores.id),
    fromChainId: chainId("from_chain_id").notNull(),
    toChainId: chainId("to_chain_id").notNull(),
    /** Whose account it arrives at, on the other chain. */
    recipient: varchar("recipient", { length: 42 }).notNull(),
    units: units("units").notNull(),
    stage: text("stage", { enum: CONSOLIDATION_STAGES }).notNull().default("leaving"),
    problem: text("problem", { enum: CONSOLIDATION_PROBLEMS }),
    startedBy: text("started_by", { enum: STARTED_BY }).notNull().default("person"),
    /** Dollars: what Circle signed, and the number that the other chain takes once. */
    message: text("message"),
    attestation: text("attestation"),
    messageNonce: varchar("message_nonce", { length: 66 }),
    /** Rewards: the store's sucker, equal on both chains, and the leaf in its outbox. */
    sucker: varchar("sucker", { length: 42 }),
    leafIndex: integer("leaf_index"),
    leafUsdMicros: units("leaf_usd_micros"),
    leftTxHash: varchar("left_tx_hash", { length: 66 }),
    leftBlock: bigint("left_block", { mode: "bigint" }),
    leftBlockHash: varchar("left_block_hash", { length: 66 }),
    leftAt: at("left_at"),
    arrivedUnits: units("arrived_units"),
    arrivedTxHash: varchar("arrived_tx_hash", { length: 66 }),
    arrivedBlock: bigint("arrived_block", { mode: "bigint" }),
    /** The block of the other chain from which an arrival is looked for. */
    toFromBlock: bigint("to_from_block", { mode: "bigint" }).notNull(),
    looks: integer("looks").notNull().default(0),
    nextLookAt: at("next_look_at").notNull().defaultNow(),
    completedAt: at("completed_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index("idx_consolidations_user").on(t.userId, t.id.desc().nullsFirst()),
    index("idx_consolidations_due").on(t.nextLookAt).where(sql`${t.stage} NOT IN ('arrived', 'failed')`),
    index("idx_consolidations_from").on(t.fromChainId, t.leftBlock),
    index("idx_consolidations_to").on(t.toChainId, t.arrivedBlock),
    uniqueIndex("consolidations_message_key").on(t.fromChainId, t.messageNonce).where(sql`${t.messageNonce} IS NOT NULL`),
    check("consolidations_kind_check", sql`${t.kind} IN (${oneOf(CARRIED_KINDS)})`),
    check("consolidations_stage_check", sql`${t.stage} IN (${oneOf(CONSOLIDATION_STAGES)})`),
    check("consolidations_problem_check", sql`${t.problem} IN (${oneOf(CONSOLIDATION_PROBLEMS)})`),
    check("consolidations_started_by_check", sql`${t.startedBy} IN (${oneOf(STARTED_BY)})`),
    check("consolidations_chains_check", sql`${t.fromChainId} <> ${t.toChainId}`),
    check("consolidations_recipient_lower", sql`${t.recipient} = lower(${t.recipient})`),
  ],
);

/** When each step was over, and where that can be seen. */
export const consolidationSteps = pgTable(
  "consolidation_steps",
  {
    consolidationId: uuid("consolidation_id").notNull().references(() => consolidations.id, { onDelete: "cascade" }),
    step: text("step", { enum: CONSOLIDATION_STEPS }).notNull(),
    chainId: chainId("chain_id"),
    txHash: varchar("tx_hash", { length: 66 }),
    doneAt: at("done_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.consolidationId, t.step] }), check("consolidation_steps_step_check", sql`${t.step} IN (${oneOf(CONSOLIDATION_STEPS)})`)],
);
