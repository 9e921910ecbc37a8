import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { at, createdAt, updatedAt } from "../columns";
import { storeRole } from "./enums";
import { users } from "./people";
import { stores } from "./stores";

/**
 * A seat in a team that waits for whoever holds a phone, whether or not that phone has an account. The number stays only while the invitation is
 * open, for the message; afterwards its keyed hash and its end.
 */
export const storeInvitations = pgTable(
  "store_invitations",
  {
    id: uuid("id").primaryKey(),
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    phone: varchar("phone", { length: 20 }),
    phoneHash: varchar("phone_hash", { length: 64 }).notNull(),
    phoneShown: varchar("phone_shown", { length: 40 }).notNull(),
    role: storeRole("role").notNull(),
    /** SHA-256 of the link's secret; another message brings another secret. */
    tokenHash: varchar("token_hash", { length: 64 }).notNull(),
    invitedBy: uuid("invited_by").notNull().references(() => users.id),
    sentAt: at("sent_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    acceptedAt: at("accepted_at"),
    acceptedBy: uuid("accepted_by").references(() => users.id),
    declinedAt: at("declined_at"),
    cancelledAt: at("cancelled_at"),
    createdAt: createdAt(),
  },
  (t) => [
    unique("store_invitations_token_key").on(t.tokenHash),
    uniqueIndex("store_invitations_open_key").on(t.storeId, t.phoneHash).where(sql`num_nonnulls(${t.acceptedAt}, ${t.declinedAt}, ${t.cancelledAt}) = 0`),
    index("idx_store_invitations_phone").on(t.phoneHash).where(sql`num_nonnulls(${t.acceptedAt}, ${t.declinedAt}, ${t.cancelledAt}) = 0`),
    check("store_invitations_role_check", sql`${t.role} <> 'owner'`),
    check("store_invitations_end_check", sql`num_nonnulls(${t.acceptedAt}, ${t.declinedAt}, ${t.cancelledAt}) <= 1 AND (${t.acceptedAt} IS NULL) = (${t.acceptedBy} IS NULL)`),
  ],
);

/** What a member types at a shared till. The hash is of a keyed hash, so that the table alone can't be guessed through. */
export const storePins = pgTable(
  "store_pins",
  {
    storeId: uuid("store_id").notNull().references(() => stores.id, { onDelete: "cascade" }),
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    pinHash: text("pin_hash").notNull(),
    failedAttempts: integer("failed_attempts").notNull().default(0),
    lockedAt: at("locked_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ name: "store_pins_pkey", columns: [t.storeId, t.userId] }), index("idx_store_pins_user").on(t.userId), check("store_pins_attempts_check", sql`${t.failedAttempts} BETWEEN 0 AND 5`)],
);
