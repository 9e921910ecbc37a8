import "server-only";
import { createHash } from "node:crypto";
import { and, count, eq, isNotNull, isNull, sql as raw } from "drizzle-orm";
import { db, sql, type Tx } from "@/db/client";
import { payoutDestinations, storeMembers } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { addressInGroups, readPayeeAddress } from "@/lib/chain/payee-address";
import { DomainError } from "@/lib/errors";
import { isEnabled } from "@/lib/flags/is-enabled";
import { isId, newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { warnPerson } from "@/lib/notifications/warn-person";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { requirePermission } from "@/lib/team/require-permission";
import { validateBankAccount, type TypedBankAccount } from "./bank-account";
import { validatePixKey } from "./pix-key";
import { payoutProviderName } from "./providers";
import { DESTINATION_WAIT_SECONDS, DESTINATIONS_MAX, flagOf, type DestinationData, type PixKeyType } from "./rules";

export type TypedDestination = { storeId: string; label: string } & (
  | { type: "wallet"; address: string }
  | { type: "pix"; keyType: PixKeyType; key: string }
  | ({ type: "bank" } & TypedBankAccount)
);

const LABEL_MAX = 60;

/**
 * Takes in a destination as it was typed, checked without asking anybody. A Pix key is then looked up by the worker: whose it is stands on the next
 * screen. It can't be used before its owner confirms it there. Fails with not_found, forbidden, payout_off, payout_key_invalid, payout_bank_invalid,
 * address_invalid, address_checksum, address_contract, too_many_requests.
 */
export async function addDestination(actor: Actor, typed: TypedDestination): Promise<{ destinationId: string }> {
  await requirePermission(db, actor, typed.storeId, "payouts.manage");
  if (!(await isEnabled(flagOf(typed.type), actor.userId))) throw new DomainError("payout_off");
  const provider = typed.type === "wallet" ? null : payoutProviderName();
  if (typed.type !== "wallet" && !provider) throw new DomainError("payout_off");
  const { data, shown } = await readTyped(typed);
  const label = typed.label.normalize("NFC").trim().slice(0, LABEL_MAX) || null;
  const fingerprint = createHash("sha256").update(JSON.stringify([data.kind, Object.entries(data).toSorted(([a], [b]) => a.localeCompare(b))])).digest("hex");
  if (typed.type === "pix") {
    await consumeLimit(db, "payout_lookup_store", typed.storeId);
    await consumeLimit(db, "payout_miss_store", typed.storeId);
  }
  return db.transaction(async (tx) => {
    const [own] = await tx
      .select({ id: payoutDestinations.id })
      .from(payoutDestinations)
      .where(and(eq(payoutDestinations.storeId, typed.storeId), eq(payoutDestinations.fingerprint, fingerprint), isNull(payoutDestinations.removedAt), isNotNull(payoutDestinations.confirmedAt)));
    // The same place is one destination, whoever types it again.
    if (own) return { destinationId: own.id };
    const id = newId();
    // Column by column: this role may write no other.
    await tx.execute(raw`
      INSERT INTO payout_destinations (id, store_id, type, provider, fingerprint, data, shown, label, lookup, created_by)
      VALUES (${id}::uuid, ${typed.storeId}::uuid, ${typed.type}::payout_type, ${provider}, ${fingerprint}, ${JSON.stringify(data)}::text::jsonb, ${shown}, ${label}, ${typed.type === "pix" ? "asking" : "none"}, ${actor.userId}::uuid)`);
    if (typed.type === "pix") await enqueue(tx, "payouts.look_up", { destinationId: id }, { key: `payouts.look_up:${id}` });
    await recordAudit(tx, { action: "payout_destination.added", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "payout_destination", resourceId: id, newValues: { type: typed.type }, metadata: { storeId: typed.storeId } });
    return { destinationId: id };
  });
}

async function readTyped(typed: TypedDestination): Promise<{ data: DestinationData; shown: string }> {
  if (typed.type === "pix") {
    const key = validatePixKey(typed.keyType, typed.key);
    if (!key) throw new DomainError("payout_key_invalid");
    return { data: { kind: "pix", keyType: key.type, pixKey: key.key }, shown: key.shown };
  }
  if (typed.type === "bank") {
    const read = validateBankAccount(typed);
    if ("wrong" in read) throw new DomainError("payout_bank_invalid", { fields: read.wrong.join(",") });
    return { data: read.destination, shown: read.shown };
  }
  const read = readPayeeAddress(typed.address);
  if (read === "invalid") throw new DomainError("address_invalid");
  if (read === "checksum") throw new DomainError("address_checksum");
  if (read === "contract") throw new DomainError("address_contract");
  // Dollars that a store sends to a store or to its token would come round or be gone.
  const [ours] = await sql`
    SELECT 1 FROM store_accounts WHERE address = ${read.address} UNION ALL SELECT 1 FROM store_deployments WHERE ${read.address} IN (lower(token_address), lower(terminal_address)) LIMIT 1`;
  if (ours) throw new DomainError("address_contract");
  return { data: { kind: "wallet", address: read.address }, shown: addressInGroups(read.address) };
}

/**
 * Says yes to a destination after a passkey's or wallet's signature, or a right that was waited for: it can be used 24 hours later, and every owner of
 * the store is told now. Safe to repeat. Fails with not_found, forbidden, step_up_required, step_up_waiting, payout_key_unknown, invalid_input (a key
 * that was not looked up, or too many destinations).
 */
export async function confirmDestination(actor: Actor, { storeId, destinationId }: { storeId: string; destinationId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "payouts.manage");
    const destination = await lockDestination(tx, storeId, destinationId);
    if (destination.confirmedAt) return;
    if (destination.lookup === "unknown") throw new DomainError("payout_key_unknown");
    if (destination.type === "pix" && destination.lookup !== "found") throw new DomainError("unavailable");
    const [known] = await tx
      .select({ total: count() })
      .from(payoutDestinations)
      .where(and(eq(payoutDestinations.storeId, storeId), isNull(payoutDestinations.removedAt), isNotNull(payoutDestinations.confirmedAt)));
    if ((known?.total ?? 0) >= DESTINATIONS_MAX) throw new DomainError("invalid_input");
    await requireStepUp(tx, actor, "payout");
    await tx.update(payoutDestinations).set({ confirmedAt: raw`now()`, usableAt: raw`now() + make_interval(secs => ${DESTINATION_WAIT_SECONDS})` }).where(eq(payoutDestinations.id, destinationId));
    await recordAudit(tx, { action: "payout_destination.confirmed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "payout_destination", resourceId: destinationId, newValues: { type: destination.type }, metadata: { storeId } });
    const owners = await tx
      .select({ userId: storeMembers.userId })
      .from(storeMembers)
      .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.role, "owner"), isNotNull(storeMembers.acceptedAt)));
    for (const { userId } of owners) await warnPerson(tx, { userId, kind: "payout_destination_added", sessionId: userId === actor.userId ? actor.sessionId : null });
  });
}

/** Takes a destination off the list; a payout that is not yet signed does not go there any more. Fails with not_found, forbidden. */
export async function removeDestination(actor: Actor, { storeId, destinationId }: { storeId: string; destinationId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "payouts.manage");
    await lockDestination(tx, storeId, destinationId);
    await tx.update(payoutDestinations).set({ removedAt: raw`now()` }).where(eq(payoutDestinations.id, destinationId));
    await recordAudit(tx, { action: "payout_destination.removed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "payout_destination", resourceId: destinationId, metadata: { storeId } });
  });
}

async function lockDestination(tx: Tx, storeId: string, destinationId: string) {
  const [row] = isId(destinationId)
    ? await tx.select().from(payoutDestinations).where(and(eq(payoutDestinations.id, destinationId), eq(payoutDestinations.storeId, storeId), isNull(payoutDestinations.removedAt))).for("no key update")
    : [];
  if (!row) throw new DomainError("not_found");
  return row;
}
