import "server-only";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { checkOwners } from "./check-owners";
import { accountsOf } from "./queries";
import { requestChange } from "./request-change";
import { OWNERS_MAX, TAKEOVER_OWNERS_MIN, type OwnerInput } from "./rules";

/**
 * Makes a person's own keys the only ones that can move the money, on every enabled chain. Two owners at least: whoever loses one
 * needs another. Each proved that its holder wants it; the worker asks again before it signs.
 * Fails with: account_not_ready, custody_not_managed (already alone on every chain), owners_too_few, owner_proof_invalid, not_found,
 * owner_change_pending, account_frozen, unavailable, step_up_required, step_up_waiting.
 */
export async function startTakeover(actor: Actor, { owners }: { owners: readonly OwnerInput[] }): Promise<{ changeId: string }> {
  const accounts = await accountsOf(actor.userId);
  if (accounts.length < new Set(env().CHAIN_IDS).size) throw new DomainError("account_not_ready");
  if (accounts.every(({ custody }) => custody === "self_custody")) throw new DomainError("custody_not_managed");
  if (owners.length < TAKEOVER_OWNERS_MIN || owners.length > OWNERS_MAX) throw new DomainError("owners_too_few", { count: TAKEOVER_OWNERS_MIN });
  const checked = await checkOwners(actor.userId, accounts, owners);
  return db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "custody");
    return requestChange(tx, actor, { kind: "takeover", owners: checked, removed: [] });
  });
}
