import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import type { Address } from "@/lib/chain/addresses";
import { newId } from "@/lib/ids";
import { requestRefund } from "@/lib/refunds/request-refund";
import type { Role } from "@/lib/team/rules";
import { makePayer, must, type ChainWorld } from "./chain-world";
import { stepUp } from "./own-keys";
import type { WorldStore } from "./mixed-world";

/** A member of a store who confirmed with a second factor just now; nobody's member with null. */
export async function makeRefunder(world: ChainWorld, { storeId }: { storeId: string }, role: Role | null, { isConfirmed = true }: { isConfirmed?: boolean } = {}): Promise<Actor & { address: Address }> {
  const person = await makePayer(world, 0n);
  if (role) await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${person.userId}, ${role}, now())`;
  if (isConfirmed) await stepUp(person);
  return { ...person, name: "Bia", phone: "", locale: "pt-BR" };
}

/** Asks for a refund as the form does; every loss of rewards is accepted unless said otherwise. */
export const ask = async (actor: Actor, { storeId }: Pick<WorldStore, "storeId">, transactionId: string, reais: string, { key = newId(), reason = "Bolo errado", acceptedGoneUnits = 10n ** 30n }: { key?: string; reason?: string; acceptedGoneUnits?: bigint } = {}) =>
  (await requestRefund(actor, { storeId, transactionId, amountText: reais, reason, key, acceptedGoneUnits })).refundId;

export type RefundRow = { status: string; usd: string; brl: string; due: string; returned: string; payee: string; failure: string | null; payment: string; operation: string; return_operation: string | null; payer: string | null; done: boolean };

/** What the database says of a refund now. */
export async function refundOf(id: string): Promise<RefundRow> {
  const [row] = await sql<RefundRow[]>`
    SELECT r.status, r.amount_usd::text AS usd, r.amount_brl_centavos::text AS brl, r.reward_units::text AS due, r.returned_units::text AS returned, r.payee_address AS payee, r.failure,
           t.status AS payment, t.to_user_id AS payer, r.completed_at IS NOT NULL AS done,
           (SELECT o.status FROM user_operations o WHERE o.subject_id = r.transaction_id AND o.kind = 'store_refund' ORDER BY o.created_at DESC, o.id DESC LIMIT 1) AS operation,
           (SELECT o.status FROM user_operations o WHERE o.id = r.return_operation_id) AS return_operation
    FROM refunds r JOIN transactions t ON t.id = r.transaction_id WHERE r.id = ${id}`;
  return must(row);
}
