import "server-only";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { requireStepUp } from "@/lib/auth/step-up";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { checkOwners } from "./check-owners";
import { accountsOf } from "./queries";
import { requestChange } from "./request-change";
import { OWNERS_MAX, type OwnerInput } from "./rules";

/**
 * Adds an owner to an account that is the person's alone, or takes one out, on every enabled chain. The person signs each operation
 * with an owner that is there. Somebody always stays: the last owner of any chain can't be removed.
 * Fails with: account_not_ready, custody_not_own, invalid_input (neither or both), owner_proof_invalid, not_found, owner_last,
 * owner_change_pending, account_frozen, unavailable, step_up_required, step_up_waiting.
 */
export async function requestOwnerChange(actor: Actor, { add, remove }: { add?: OwnerInput | undefined; remove?: string | undefined }): Promise<{ changeId: string }> {
  const accounts = await accountsOf(actor.userId);
  if (accounts.length < new Set(env().CHAIN_IDS).size) throw new DomainError("account_not_ready");
  if (accounts.some(({ custody }) => custody !== "self_custody")) throw new DomainError("custody_not_own");
  if ((add === undefined) === (remove === undefined)) throw new DomainError("invalid_input");
  const leaving = remove?.toLowerCase();
  const owners = add ? await checkOwners(actor.userId, accounts, [add]) : [];
  if (leaving) {
    if (!accounts.some(({ signers }) => signers.includes(leaving))) throw new DomainError("not_found");
    if (accounts.some(({ signers }) => signers.includes(leaving) && signers.length === 1)) throw new DomainError("owner_last");
  } else if (owners.some(({ address }) => accounts.every(({ signers }) => signers.includes(address))) || accounts.some(({ signers }) => signers.length >= OWNERS_MAX)) {
    throw new DomainError("owner_proof_invalid");
  }
  return db.transaction(async (tx) => {
    await requireStepUp(tx, actor, "owners");
    return requestChange(tx, actor, { kind: leaving ? "remove" : "add", owners, removed: leaving ? [leaving] : [] });
  });
}
