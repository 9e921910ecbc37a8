import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { makePayment } from "@/lib/test/paid-payment";
import type { World } from "./people";
import { isMember } from "./rows";

/** A paid sale, to the outsider. */
export async function makeSale({ storeId, userIds }: World): Promise<string> {
  return (await makePayment({ storeId, payerId: userIds.outsider })).id;
}

/** The device that a member came with is the shared till. */
export async function shareDevice({ storeId, kind, sessionId, userIds }: World) {
  if (kind && isMember(kind)) await sql`INSERT INTO shared_tills (session_id, store_id, idle_minutes, started_by) VALUES (${sessionId ?? ""}, ${storeId}, 5, ${userIds[kind]})`;
}

/** One that no page asked for in this way: a wallet sent it. */
export async function makeOutsideSale(world: World): Promise<string> {
  const { id } = await makePayment({ storeId: world.storeId });
  await sql`
    INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash)
    VALUES (${newId()}, '84532', ${world.storeId}, ${id}, 'paid', ${`0x${"1".repeat(40)}`}, ${`0x${"1".repeat(40)}`}, 7, 350, 6650, ${`0x${newId().replaceAll("-", "").repeat(2)}`}, 1, 1, ${`0x${"2".repeat(64)}`})`;
  return id;
}

export async function makeTill({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`INSERT INTO tills (id, store_id, name, created_by) VALUES (${id}, ${storeId}, 'Caixa 1', ${userIds.owner})`;
  return id;
}

export async function makeCharge({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, expires_at)
    VALUES (${id}, ${storeId}, ${id}, 'x', 'BRL', 4500, 8.181818, 5.5, now(), ${userIds.staff}, now() + interval '5 minutes')`;
  return id;
}

export async function makeInvitation({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO store_invitations (id, store_id, phone, phone_hash, phone_shown, role, token_hash, invited_by, sent_at, expires_at)
    VALUES (${id}, ${storeId}, '+5548977770000', ${id.replaceAll("-", "")}, '+55 •••• 0000', 'staff', ${id.replaceAll("-", "")}, ${userIds.owner}, now() - interval '1 day', now() + interval '6 days')`;
  return id;
}

export async function makeDestination({ storeId, userIds }: World, confirmedAt: Date | null = new Date()): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO payout_destinations (id, store_id, type, fingerprint, data, shown, created_by, confirmed_at, usable_at)
    VALUES (${id}, ${storeId}, 'wallet', ${id}, ${sql.json({ kind: "wallet", address: `0x${"3".repeat(40)}` })}, '0x3333', ${userIds.owner}, ${confirmedAt}, ${confirmedAt})`;
  return id;
}

export async function makePayout({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO payouts (id, store_id, requested_by, amount_usd, payout_type, destination, chain_id)
    VALUES (${id}, ${storeId}, ${userIds.owner}, 10, 'wallet', ${sql.json({ kind: "wallet", wallet_address: `0x${"3".repeat(40)}` })}, '84532')`;
  return id;
}
