import "server-only";
import { asc, eq, sql } from "drizzle-orm";
import { db, sql as query, type Tx } from "@/db/client";
import { accountOwners, accountSigners, passkeys, users } from "@/db/schema";
import type { Actor } from "../actor";
import { relyingParty, userHandleOf } from "./relying-party";
import type { PasskeyHandle, PasskeySignal } from "./rules";

/** A passkey as its person sees it. */
export type PasskeyShown = {
  passkeyId: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Synced to the person's other devices. */
  isBackedUp: boolean;
  credentialId: string;
  transports: string[];
  /** The address of the key that it derives; null when it can't, or has not yet. */
  derivedAddress: string | null;
  /** That key can move the account's money on a chain, by the chain's word. */
  isOwner: boolean;
};

/** The person's passkeys, the oldest first. */
export async function listPasskeys(actor: Pick<Actor, "userId">, runner: Tx | typeof db = db): Promise<PasskeyShown[]> {
  const rows = await runner
    .select({
      passkeyId: passkeys.id,
      name: sql<string>`coalesce(${passkeys.deviceName}, '')`,
      createdAt: passkeys.createdAt,
      lastUsedAt: passkeys.lastUsedAt,
      isBackedUp: sql<boolean>`coalesce(${passkeys.isBackedUp}, false)`,
      credentialId: passkeys.credentialId,
      transports: passkeys.transports,
      derivedAddress: passkeys.derivedAddress,
      isOwner: sql<boolean>`EXISTS (
        SELECT FROM ${accountOwners} o JOIN ${accountSigners} s ON s.user_id = o.user_id AND s.address = o.address WHERE o.passkey_id = passkeys.id)`,
    })
    .from(passkeys)
    .where(eq(passkeys.userId, actor.userId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
  return rows.map((row) => ({ ...row, transports: row.transports ?? [] }));
}

/** What a page needs to ask the browser for one of them. */
export async function passkeyHandles(actor: Pick<Actor, "userId">): Promise<PasskeyHandle[]> {
  return (await listPasskeys(actor)).map(({ credentialId, transports }) => ({ credentialId, transports }));
}

/** What the browser is told after a sign-in or a change, so that it stops offering what no longer counts. */
export async function passkeySignal(userId: string): Promise<PasskeySignal> {
  const [person] = await db.select({ name: users.name, phone: users.phone }).from(users).where(eq(users.id, userId));
  const own = await passkeyHandles({ userId });
  return {
    rpId: relyingParty().id,
    userHandle: userHandleOf(userId),
    credentialIds: own.map(({ credentialId }) => credentialId),
    userName: person?.phone ?? "",
    displayName: person?.name ?? "",
  };
}

/** Whether this is the moment to offer a quick sign-in: the first payment just went through, and there is no passkey yet. */
export async function shouldOfferPasskey({ userId }: Pick<Actor, "userId">): Promise<boolean> {
  const [row] = await query<{ should: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM passkeys WHERE user_id = ${userId})
      AND (SELECT count(*) FROM (SELECT FROM transactions WHERE from_user_id = ${userId} AND status = 'confirmed' LIMIT 2) AS first) = 1 AS should`;
  return row?.should ?? false;
}
