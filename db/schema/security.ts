import { sql } from "drizzle-orm";
import { bigserial, boolean, check, index, jsonb, pgTable, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { OWNER_CHANGE_KINDS, OWNER_CHANGE_STATUSES, OWNER_KINDS } from "@/lib/accounts/rules";
import { CHALLENGE_PURPOSES, STEP_UP_PURPOSES } from "@/lib/auth/rules";
import { NOTICE_KINDS } from "@/lib/notifications/rules";
import { CONSENT_PURPOSES } from "@/lib/privacy/rules";
import { BACKUP_REQUEST_STATUSES } from "@/lib/recovery/rules";
import { at, createdAt, oneOf } from "../columns";
import { chainId } from "./enums";
import { passkeys, users } from "./people";
import { stores } from "./stores";

const userId = () => uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" });

/** A random challenge (WebAuthn) or nonce (SIWE) that we gave out. Kept as a hash, answered once. */
export const authChallenges = pgTable(
  "auth_challenges",
  {
    id: uuid("id").primaryKey(),
    purpose: text("purpose", { enum: CHALLENGE_PURPOSES }).notNull(),
    challengeHash: varchar("challenge_hash", { length: 64 }).notNull(),
    /** Null before anybody is signed in. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    sessionId: uuid("session_id"),
    expiresAt: at("expires_at").notNull(),
    consumedAt: at("consumed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("auth_challenges_hash_key").on(t.challengeHash),
    index("idx_auth_challenges_expires").on(t.expiresAt),
    check("auth_challenges_purpose_check", sql`${t.purpose} IN (${oneOf(CHALLENGE_PURPOSES)})`),
  ],
);

/** A wallet that proved itself and still has to verify a phone: no person exists before (data-model/MODEL.md §2, 4). */
export const signInAttempts = pgTable(
  "sign_in_attempts",
  {
    id: uuid("id").primaryKey(),
    tokenHash: varchar("token_hash", { length: 64 }).notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    chainId: chainId("chain_id").notNull(),
    isContract: boolean("is_contract").notNull(),
    expiresAt: at("expires_at").notNull(),
    consumedAt: at("consumed_at"),
    createdAt: createdAt(),
  },
  (t) => [unique("sign_in_attempts_token_key").on(t.tokenHash), index("idx_sign_in_attempts_expires").on(t.expiresAt)],
);

/** A wallet that signs a person in and may own the account. */
export const wallets = pgTable(
  "wallets",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    address: varchar("address", { length: 42 }).notNull(),
    /** The chain it signed in on; a contract wallet exists there. */
    chainId: chainId("chain_id").notNull(),
    isContract: boolean("is_contract").notNull(),
    name: varchar("name", { length: 100 }),
    lastUsedAt: at("last_used_at"),
    createdAt: createdAt(),
  },
  (t) => [unique("wallets_address_key").on(t.address), index("idx_wallets_user").on(t.userId), check("wallets_address_lower", sql`${t.address} = lower(${t.address})`)],
);

/** A right that was asked for without a passkey or wallet: it stands after a wait with notice, once. */
export const stepUpWaits = pgTable(
  "step_up_waits",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    sessionId: uuid("session_id").notNull(),
    purpose: text("purpose", { enum: STEP_UP_PURPOSES }).notNull(),
    readyAt: at("ready_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    cancelledAt: at("cancelled_at"),
    usedAt: at("used_at"),
    createdAt: createdAt(),
  },
  (t) => [index("idx_step_up_waits_user").on(t.userId, t.purpose), check("step_up_waits_purpose_check", sql`${t.purpose} IN (${oneOf(STEP_UP_PURPOSES)})`)],
);

/** What the person is told on every signed-in device until it is read. */
export const notices = pgTable(
  "notices",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    kind: text("kind", { enum: NOTICE_KINDS }).notNull(),
    data: jsonb("data").notNull().default(sql`'{}'`),
    /** The session that caused it, which need not be told. */
    sessionId: uuid("session_id"),
    readAt: at("read_at"),
    createdAt: createdAt(),
  },
  (t) => [index("idx_notices_user").on(t.userId, t.id.desc().nullsFirst()), check("notices_kind_check", sql`${t.kind} IN (${oneOf(NOTICE_KINDS)})`)],
);

/** Text messages that a change committed with itself; a job hands them to the provider. */
export const outgoingMessages = pgTable(
  "outgoing_messages",
  {
    id: uuid("id").primaryKey(),
    toPhone: varchar("to_phone", { length: 20 }).notNull(),
    body: text("body").notNull(),
    sentAt: at("sent_at"),
    createdAt: createdAt(),
  },
  (t) => [index("idx_outgoing_messages_created").on(t.createdAt)],
);

export const phoneChanges = pgTable(
  "phone_changes",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    newPhone: varchar("new_phone", { length: 20 }).notNull(),
    sessionId: uuid("session_id").notNull(),
    readyAt: at("ready_at").notNull(),
    doneAt: at("done_at"),
    cancelledAt: at("cancelled_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("phone_changes_open_key").on(t.userId).where(sql`${t.doneAt} IS NULL AND ${t.cancelledAt} IS NULL`)],
);

/** A person's own keys that may own the account, each with the proof that its holder wants it. */
export const accountOwners = pgTable(
  "account_owners",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    kind: text("kind", { enum: OWNER_KINDS }).notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    name: varchar("name", { length: 100 }),
    /** The passkey whose PRF the key comes from; it may be deleted before the owner is. */
    passkeyId: uuid("passkey_id").references(() => passkeys.id, { onDelete: "set null" }),
    walletId: uuid("wallet_id").references(() => wallets.id, { onDelete: "set null" }),
    proof: text("proof").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique("account_owners_user_address_key").on(t.userId, t.address),
    check("account_owners_kind_check", sql`${t.kind} IN (${oneOf(OWNER_KINDS)})`),
    check("account_owners_address_lower", sql`${t.address} = lower(${t.address})`),
  ],
);

/** Who may sign for a person's account on a chain, as that chain says: written by the follower alone. */
export const accountSigners = pgTable(
  "account_signers",
  {
    id: bigserial("id", { mode: "bigint" }).primaryKey(),
    userId: userId(),
    chainId: chainId("chain_id").notNull(),
    address: varchar("address", { length: 42 }).notNull(),
  },
  (t) => [unique("account_signers_key").on(t.userId, t.chainId, t.address)],
);

/** A change of owners that has to reach every enabled chain. Its operations have kind `owner_change` and this id as subject. */
export const ownerChanges = pgTable(
  "owner_changes",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    kind: text("kind", { enum: OWNER_CHANGE_KINDS }).notNull(),
    status: text("status", { enum: OWNER_CHANGE_STATUSES }).notNull().default("pending"),
    added: text("added").array().notNull(),
    removed: text("removed").array().notNull(),
    sessionId: uuid("session_id").notNull(),
    errorCode: varchar("error_code", { length: 50 }),
    completedAt: at("completed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("owner_changes_pending_key").on(t.userId).where(sql`${t.status} = 'pending'`),
    check("owner_changes_kind_check", sql`${t.kind} IN (${oneOf(OWNER_CHANGE_KINDS)})`),
    check("owner_changes_status_check", sql`${t.status} IN (${oneOf(OWNER_CHANGE_STATUSES)})`),
  ],
);

/** A managed key on its way to its person: sealed by the worker to a key that only the asking browser holds, fetched once. */
export const keyExports = pgTable("key_exports", {
  id: uuid("id").primaryKey(),
  userId: userId(),
  sessionId: uuid("session_id").notNull(),
  /** Raw P-256 public key, base64url. */
  recipientKey: varchar("recipient_key", { length: 100 }).notNull(),
  sealed: text("sealed"),
  fetchedAt: at("fetched_at"),
  expiresAt: at("expires_at").notNull(),
  createdAt: createdAt(),
});

/** Somebody's phone is asked to be a person's backup; the token is in the message that it gets. */
export const backupRequests = pgTable(
  "backup_requests",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    phone: varchar("phone", { length: 20 }).notNull(),
    tokenHash: varchar("token_hash", { length: 64 }).notNull(),
    status: text("status", { enum: BACKUP_REQUEST_STATUSES }).notNull().default("asked"),
    answeredAt: at("answered_at"),
    /** The person who said yes, who stays the backup also with another number. */
    acceptedBy: uuid("accepted_by").references(() => users.id),
    expiresAt: at("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("idx_backup_requests_accepted_by").on(t.acceptedBy).where(sql`${t.acceptedBy} IS NOT NULL`),
    index("idx_backup_requests_phone").on(t.phone),
    unique("backup_requests_token_key").on(t.tokenHash),
    uniqueIndex("backup_requests_open_key").on(t.userId).where(sql`${t.status} IN ('asked', 'accepted')`),
    check("backup_requests_status_check", sql`${t.status} IN (${oneOf(BACKUP_REQUEST_STATUSES)})`),
  ],
);

/** One absence of a store's owner, and of everybody else who runs that store: the warnings that went out, and the backup's claim. */
export const recoveryClaims = pgTable(
  "recovery_claims",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    backupUserId: uuid("backup_user_id").references(() => users.id),
    warned60At: at("warned_60_at"),
    warned75At: at("warned_75_at"),
    warned90At: at("warned_90_at"),
    claimedAt: at("claimed_at"),
    /** When the claim is done unless the owner signs in before. */
    claimableAt: at("claimable_at"),
    completedAt: at("completed_at"),
    cancelledAt: at("cancelled_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("recovery_claims_open_key").on(t.userId, t.storeId).where(sql`${t.completedAt} IS NULL AND ${t.cancelledAt} IS NULL`),
    index("idx_recovery_claims_store").on(t.storeId),
  ],
);

/** What a person agreed to or withdrew, line by line: the newest line of a purpose holds. */
export const consents = pgTable(
  "consents",
  {
    id: uuid("id").primaryKey(),
    userId: userId(),
    purpose: text("purpose", { enum: CONSENT_PURPOSES }).notNull(),
    version: varchar("version", { length: 20 }).notNull(),
    isGiven: boolean("is_given").notNull(),
    ipHash: varchar("ip_hash", { length: 64 }),
    createdAt: createdAt(),
  },
  (t) => [index("idx_consents_user").on(t.userId, t.purpose, t.createdAt), check("consents_purpose_check", sql`${t.purpose} IN (${oneOf(CONSENT_PURPOSES)})`)],
);
