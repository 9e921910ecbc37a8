import "server-only";
import { sql } from "@/db/client";
import { keyedHash } from "@/lib/auth/derive-key";
import { shownPhone } from "@/lib/auth/phone";
import { addressInGroups } from "@/lib/chain/payee-address";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { receiveCodeOf, shownName, type SendTo } from "./rules";

/** A phone as the table keeps it: whoever signs in with it has the same. */
export const phoneHashOf = (phone: string): string => keyedHash("send-phone", phone).toString("hex");

/** Whom a screen shows beside the amount. */
export type Payee = {
  kind: SendTo["kind"];
  /** "Ana M."; null for whoever hides the name, and always for phones and addresses: nobody learns who has them. */
  name: string | null;
  /** The phone's end, or the address in groups. */
  shown: string | null;
  /** Somebody whom this sender's money reached before. */
  isKnown: boolean;
};

/**
 * The payee of a send, as far as this sender may see it. Fails with payee_unknown (no such person, or deleted), payee_self (the own person, phone
 * or account).
 */
export async function findPayee(sender: { userId: string }, to: SendTo): Promise<Payee> {
  const isKnown = await isKnownPayee(sender.userId, to);
  if (to.kind === "phone") {
    const [self] = await sql`SELECT 1 FROM users WHERE id = ${sender.userId} AND phone = ${to.phone}`;
    if (self) throw new DomainError("payee_self");
    return { kind: "phone", name: null, shown: shownPhone(to.phone), isKnown };
  }
  if (to.kind === "address") {
    const [owner] = await sql<{ user_id: string | null }[]>`
      SELECT user_id FROM smart_accounts WHERE address = ${to.address} AND user_id = ${sender.userId}
      UNION ALL SELECT NULL FROM store_accounts WHERE address = ${to.address} LIMIT 1`;
    if (owner) throw new DomainError(owner.user_id ? "payee_self" : "address_contract");
    return { kind: "address", name: null, shown: addressInGroups(to.address), isKnown };
  }
  if (to.userId === sender.userId) throw new DomainError("payee_self");
  const [person] = await sql<{ name: string | null; hide_name: boolean | null }[]>`SELECT name, hide_name FROM users WHERE id = ${to.userId} AND deleted_at IS NULL`;
  if (!person) throw new DomainError("payee_unknown");
  return { kind: "person", name: shownName({ name: person.name, hideName: person.hide_name }), shown: null, isKnown };
}

/** Whether a send of this person to that payee ever arrived; `before` leaves out what came later. */
export async function isKnownPayee(senderId: string, to: SendTo, before = new Date(Date.now() + 86_400_000)): Promise<boolean> {
  const rows =
    to.kind === "person"
      ? await sql`SELECT 1 FROM transactions WHERE from_user_id = ${senderId} AND to_user_id = ${to.userId} AND type = 'received' AND payee_address IS NULL AND status = 'confirmed' AND created_at < ${before} LIMIT 1`
      : to.kind === "address"
        ? await sql`SELECT 1 FROM transactions WHERE from_user_id = ${senderId} AND payee_address = ${to.address} AND type = 'received' AND status = 'confirmed' AND created_at < ${before} LIMIT 1`
        : await sql`
            SELECT 1 FROM phone_sends s JOIN transactions t ON t.id = s.id
            WHERE s.sender_id = ${senderId} AND s.phone_hash = ${phoneHashOf(to.phone)} AND s.status = 'claimed' AND t.status = 'confirmed' AND t.created_at < ${before} LIMIT 1`;
  return rows.length > 0;
}

/** The person behind a link's code. Fails with payee_unknown. */
export async function personOfCode(typed: string): Promise<{ userId: string; code: string; name: string | null }> {
  const code = receiveCodeOf(typed);
  const [row] = code
    ? await sql<{ user_id: string; name: string | null; hide_name: boolean | null }[]>`
        SELECT c.user_id, u.name, u.hide_name FROM receive_codes c JOIN users u ON u.id = c.user_id WHERE c.code = ${code} AND u.deleted_at IS NULL`
    : [];
  if (!code || !row) throw new DomainError("payee_unknown");
  return { userId: row.user_id, code, name: shownName({ name: row.name, hideName: row.hide_name }) };
}

/** Whether a person's accounts are there; a new one's are made by the worker. */
export async function hasAccountOn(userId: string, chainId: ChainId): Promise<boolean> {
  if (!isId(userId)) return false;
  const [row] = await sql`SELECT 1 FROM smart_accounts WHERE user_id = ${userId} AND chain_id = ${chainId}::chain_id`;
  return row !== undefined;
}
