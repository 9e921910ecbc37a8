import { sql } from "drizzle-orm";
import { bigint, boolean, check, customType, index, inet, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { CODE_PURPOSES } from "@/lib/auth/rules";
import { at, createdAt, oneOf, updatedAt } from "../columns";
import { authMethod, chainId, custodyStatus } from "./enums";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** A person. Never deleted: privacy anonymises the row (data-model/MODEL.md §2, 5). */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    phone: varchar("phone", { length: 20 }).notNull(),
    phoneVerifiedAt: at("phone_verified_at"),
    name: varchar("name", { length: 255 }),
    email: varchar("email", { length: 255 }),
    backupOwnerPhone: varchar("backup_owner_phone", { length: 20 }),
    backupOwnerActivatedAt: at("backup_owner_activated_at"),
    lastActiveAt: at("last_active_at").defaultNow(),
    preferredChainId: chainId("preferred_chain_id").default("8453"),
    locale: varchar("locale", { length: 10 }).default("pt-BR"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** Stores see "Cliente" instead of the name. */
    hideName: boolean("hide_name"),
    /** Set by "wasn't you?": nothing leaves the account until its owner lifts it. */
    frozenAt: at("frozen_at"),
    /** The person asked to be deleted: the row stays without what tells who it was. */
    deletedAt: at("deleted_at"),
  },
  (t) => [
    unique("users_phone_key").on(t.phone),
    index("idx_users_phone").on(t.phone),
    index("idx_users_email").on(t.email).where(sql`${t.email} IS NOT NULL`),
    index("idx_users_last_active").on(t.lastActiveAt),
  ],
);

/** One row a sign-in. The hash is SHA-256 of the exact cookie string, lower hex. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    tokenHash: varchar("token_hash", { length: 64 }).notNull(),
    authMethod: authMethod("auth_method").notNull(),
    deviceInfo: jsonb("device_info"),
    ipAddress: inet("ip_address"),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
    createdAt: createdAt(),
    lastSeenAt: at("last_seen_at"),
    /** SHA-256 of the browser's device cookie, lower hex: tells a known device from a new one. */
    deviceHash: varchar("device_hash", { length: 64 }),
    /** A new device signed in by code alone spends little until then (PRODUCT.md §7). */
    limitedUntil: at("limited_until"),
    /** The last passkey or wallet signature within this session; good for five minutes. */
    steppedUpAt: at("stepped_up_at"),
    stepUpMethod: authMethod("step_up_method"),
  },
  (t) => [
    index("idx_sessions_user").on(t.userId),
    index("idx_sessions_token").on(t.tokenHash),
    index("idx_sessions_expires").on(t.expiresAt).where(sql`${t.revokedAt} IS NULL`),
  ],
);

export const passkeys = pgTable(
  "passkeys",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    credentialId: varchar("credential_id", { length: 512 }).notNull(),
    publicKey: bytea("public_key").notNull(),
    signCount: bigint("sign_count", { mode: "bigint" }).notNull().default(sql`0`),
    derivedAddress: varchar("derived_address", { length: 42 }),
    deviceName: varchar("device_name", { length: 255 }),
    lastUsedAt: at("last_used_at"),
    createdAt: createdAt(),
    transports: text("transports").array(),
    /** Synced to the person's other devices, as the authenticator said. */
    isBackedUp: boolean("is_backed_up"),
    /** Which PRF salt the derived address came from. */
    derivedSaltVersion: integer("derived_salt_version"),
  },
  (t) => [
    unique("passkeys_credential_id_key").on(t.credentialId),
    index("idx_passkeys_user").on(t.userId),
    index("idx_passkeys_credential").on(t.credentialId),
  ],
);

/** A person's ERC-4337 account on one chain; the address exists before its first operation deploys it. */
export const smartAccounts = pgTable(
  "smart_accounts",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    chainId: chainId("chain_id").notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    salt: varchar("salt", { length: 66 }).notNull(),
    ownerAddress: varchar("owner_address", { length: 42 }).notNull(),
    custodyStatus: custodyStatus("custody_status").notNull().default("managed"),
    deployed: boolean("deployed").notNull().default(false),
    deployTxHash: varchar("deploy_tx_hash", { length: 66 }),
    deployedAt: at("deployed_at"),
    createdAt: createdAt(),
    /** The signer inside the CREATE2 salt: the first operation's init code needs it even after a takeover. */
    initialOwnerAddress: varchar("initial_owner_address", { length: 42 }),
  },
  (t) => [
    unique("smart_accounts_user_id_chain_id_key").on(t.userId, t.chainId),
    unique("smart_accounts_chain_id_address_key").on(t.chainId, t.address),
    index("idx_smart_accounts_user").on(t.userId),
    index("idx_smart_accounts_address").on(t.address),
  ],
);

/** The server's key of a managed account, sealed. Readable by the worker's database role alone. */
export const signingKeys = pgTable(
  "signing_keys",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    encryptedPrivateKey: text("encrypted_private_key").notNull(),
    address: varchar("address", { length: 42 }).notNull(),
    isActive: boolean("is_active").notNull().default(true),
    revokedAt: at("revoked_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("signing_keys_user_id_is_active_key").on(t.userId, t.isActive).where(sql`${t.isActive} = TRUE`),
    index("idx_signing_keys_user").on(t.userId).where(sql`${t.isActive} = TRUE`),
  ],
);

/** A code sent to a phone. Only its keyed hash is kept. */
export const signInCodes = pgTable(
  "sign_in_codes",
  {
    id: uuid("id").primaryKey(),
    phone: varchar("phone", { length: 20 }).notNull(),
    codeHash: varchar("code_hash", { length: 64 }).notNull(),
    deviceId: varchar("device_id", { length: 64 }),
    ipAddress: inet("ip_address"),
    attempts: integer("attempts").notNull().default(0),
    expiresAt: at("expires_at").notNull(),
    consumedAt: at("consumed_at"),
    createdAt: createdAt(),
    purpose: text("purpose", { enum: CODE_PURPOSES }).notNull().default("sign_in"),
  },
  (t) => [check("sign_in_codes_purpose_check", sql`${t.purpose} IN (${oneOf(CODE_PURPOSES)})`), index("idx_sign_in_codes_phone").on(t.phone, t.createdAt.desc().nullsFirst()), check("sign_in_codes_attempts_check", sql`${t.attempts} >= 0`)],
);

/** Fixed windows of counted attempts, by a key that names the limit and its subject's hash. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    key: varchar("key", { length: 200 }).notNull(),
    windowStart: at("window_start").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.windowStart] }), index("idx_rate_limits_window").on(t.windowStart)],
);

/** What the sandbox provider "sent". Written only when a sandbox provider runs. */
export const sandboxMessages = pgTable(
  "sandbox_messages",
  {
    id: uuid("id").primaryKey(),
    toPhone: varchar("to_phone", { length: 20 }).notNull(),
    body: text("body").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("idx_sandbox_messages_to").on(t.toPhone, t.createdAt.desc().nullsFirst())],
);
