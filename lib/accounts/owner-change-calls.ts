import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { accountOwners, ownerChanges, smartAccounts } from "@/db/schema";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { publicClient } from "@/lib/chain/clients";
import { ownerChangeCalls as callsOf } from "@/lib/chain/owner-change";
import { clearCall, passingCalls, readResidue } from "@/lib/chain/residue";
import { readSigners } from "@/lib/chain/signers";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { log } from "@/lib/log";
import { accountsOf, proofAccountOf, type AccountOnChain } from "./queries";
import { requireUnfrozen } from "./require-unfrozen";
import { isOwnerProven } from "./verify-owner";

/** As many as fit into one operation's gas; nobody has a tenth of it. */
const CLEARED_MAX = 60;

/**
 * The calls of a change of owners on one chain, rebuilt from its row and the chain at the moment of signing: the proofs hold here, what
 * is missing comes in, what leaves goes out. A takeover leaves the new owners alone and takes back every allowance and permission ever given.
 * Fails with not_found (no such change pending), account_frozen, owner_proof_invalid, owner_last.
 */
export async function ownerChangeCalls({ chainId, subjectId, sender }: { chainId: ChainId; subjectId: string; sender: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [change] = await db.select().from(ownerChanges).where(and(eq(ownerChanges.id, subjectId), eq(ownerChanges.status, "pending")));
  if (!change) throw new DomainError("not_found");
  const [row] = await db.select({ address: smartAccounts.address }).from(smartAccounts).where(and(eq(smartAccounts.userId, change.userId), eq(smartAccounts.chainId, chainId)));
  invariant(row?.address === sender, "a change of owners is signed for the person's own account");
  await requireUnfrozen(db, change.userId);
  await requireProven(chainId, change.userId, change.added);

  const account = sender as Address;
  const client = publicClient(chainId);
  const present = await readSigners(client, account);
  const signers = present.length > 0 ? present : (await ofChain(change.userId, chainId)).signers;
  const remove = change.kind === "takeover" ? signers.filter((signer) => !change.added.includes(signer)) : change.removed;
  if (signers.every((signer) => remove.includes(signer)) && change.added.length === 0) throw new DomainError("owner_last");
  const changes = callsOf({ account, signers, add: change.added, remove });
  if (change.kind !== "takeover") return { calls: changes, startsAt: null };

  const residue = await readResidue(client, account, BigInt(process.env[`FIRST_BLOCK_${chainId}`] ?? 0));
  const clearing = await passingCalls(client, account, residue.map((item) => clearCall(account, item)));
  if (clearing.length < residue.length || clearing.length > CLEARED_MAX) log().warn({ changeId: subjectId, chainId, found: residue.length, cleared: Math.min(clearing.length, CLEARED_MAX) }, "not every allowance can be taken back");
  return { calls: [...changes, ...clearing.slice(0, CLEARED_MAX)], startsAt: null };
}

async function ofChain(userId: string, chainId: ChainId): Promise<AccountOnChain> {
  const account = (await accountsOf(userId)).find((item) => item.chainId === chainId);
  invariant(account, `chain ${chainId} is enabled (${env().CHAIN_IDS.join()})`);
  return account;
}

/** The web process checked as well; what moves an account's owners is believed by nobody's word. */
async function requireProven(chainId: ChainId, userId: string, added: readonly string[]) {
  if (added.length === 0) return;
  const account = proofAccountOf(await accountsOf(userId));
  const owners = await db.select({ address: accountOwners.address, proof: accountOwners.proof }).from(accountOwners).where(and(eq(accountOwners.userId, userId), inArray(accountOwners.address, [...added])));
  if (!account || owners.length !== added.length) throw new DomainError("owner_proof_invalid");
  for (const { address, proof } of owners) if (!(await isOwnerProven(chainId, { account, owner: address, proof }))) throw new DomainError("owner_proof_invalid");
}
