import "server-only";
import { and, asc, countDistinct, desc, eq, inArray } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { accountOwners, accountSigners, ownerChanges, signingKeys, smartAccounts, userOperations } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import { browserRpcUrl, env } from "@/lib/env";
import { isChangeDone, type CustodyState, type CustodyStatus, type CustodyView, type OwnerChangeChainState } from "./rules";

type Runner = Tx | typeof db;

/** Whether the person has an account on every enabled chain: true a moment after the first sign-in, when the worker has been. */
export async function isAccountReady(userId: string, runner: Runner = db): Promise<boolean> {
  const chainIds = env().CHAIN_IDS;
  const [row] = await runner
    .select({ chains: countDistinct(smartAccounts.chainId) })
    .from(smartAccounts)
    .where(and(eq(smartAccounts.userId, userId), inArray(smartAccounts.chainId, chainIds)));
  return row?.chains === new Set(chainIds).size;
}

export type AccountOnChain = { chainId: ChainId; address: string; isDeployed: boolean; custody: CustodyStatus; mainOwner: string; initialOwner: string; signers: string[] };

/** A person's accounts on the enabled chains, each with its signers: as the chain says, or the first one where there is no code yet. */
export async function accountsOf(userId: string, runner: Runner = db): Promise<AccountOnChain[]> {
  const [accounts, signers] = await Promise.all([
    runner.select().from(smartAccounts).where(and(eq(smartAccounts.userId, userId), inArray(smartAccounts.chainId, env().CHAIN_IDS))).orderBy(asc(smartAccounts.createdAt), asc(smartAccounts.id)),
    runner.select().from(accountSigners).where(eq(accountSigners.userId, userId)).orderBy(asc(accountSigners.id)),
  ]);
  return accounts.map((account) => {
    const initialOwner = account.initialOwnerAddress ?? account.ownerAddress;
    const known = signers.filter(({ chainId }) => chainId === account.chainId).map(({ address }) => address);
    return { chainId: account.chainId, address: account.address, isDeployed: account.deployed, custody: account.custodyStatus, mainOwner: account.ownerAddress, initialOwner, signers: known.length > 0 ? known : [initialOwner] };
  });
}

/** Addresses of every key that the server has or had for a person. */
export async function serverKeysOf(userId: string, runner: Runner = db): Promise<string[]> {
  const rows = await runner.select({ address: signingKeys.address }).from(signingKeys).where(eq(signingKeys.userId, userId));
  return rows.map(({ address }) => address);
}

/** The account that owners' proofs name: the person's first. Null before the worker made it. */
export const proofAccountOf = (accounts: readonly AccountOnChain[]): string | null => accounts[0]?.address ?? null;

/** Who can move a person's money, chain by chain, and the change of owners under way. */
export async function custodyOf({ userId }: { userId: string }): Promise<CustodyView> {
  const [accounts, owners, [change], keys] = await Promise.all([
    accountsOf(userId),
    db.select().from(accountOwners).where(eq(accountOwners.userId, userId)).orderBy(asc(accountOwners.createdAt), asc(accountOwners.id)),
    db.select().from(ownerChanges).where(and(eq(ownerChanges.userId, userId), eq(ownerChanges.status, "pending"))),
    db.select({ address: signingKeys.address, isActive: signingKeys.isActive }).from(signingKeys).where(eq(signingKeys.userId, userId)),
  ]);
  const serverKeys = keys.map(({ address }) => address);
  const operations = change
    ? await db
        .select({ id: userOperations.id, chainId: userOperations.chainId, status: userOperations.status, txHash: userOperations.txHash })
        .from(userOperations)
        .where(and(eq(userOperations.subjectId, change.id), eq(userOperations.kind, "owner_change")))
        .orderBy(desc(userOperations.id))
    : [];
  return {
    state: stateOf(accounts, change?.kind === "takeover"),
    proofAccount: proofAccountOf(accounts),
    chains: accounts.map(({ chainId, address, isDeployed, custody, signers }) => ({ chainId, account: address, isDeployed, custody, signers, rpcUrl: browserRpcUrl(chainId), firstBlock: Number(process.env[`FIRST_BLOCK_${chainId}`] ?? 0) })),
    owners: owners.map(({ id, kind, address, name, passkeyId, walletId, createdAt }) => ({
      id, kind, address, name, passkeyId, walletId, since: createdAt.toISOString(),
      isMain: accounts.some((account) => account.mainOwner === address),
      chainIds: accounts.filter(({ signers }) => signers.includes(address)).map(({ chainId }) => chainId),
    })),
    change: change
      ? {
          id: change.id, kind: change.kind, added: change.added, removed: change.removed, createdAt: change.createdAt.toISOString(),
          chains: accounts.map(({ chainId, signers }) => {
            const operation = operations.find((row) => row.chainId === chainId) ?? null;
            const state: OwnerChangeChainState = isChangeDone(change, signers, serverKeys) ? "done" : STATE_OF[operation?.status ?? "queued"];
            return { chainId, state, operationId: operation?.id ?? null, txHash: operation?.txHash ?? null };
          }),
        }
      : null,
    serverKeys,
    serverKey: keys.some(({ isActive }) => isActive) ? "active" : keys.length > 0 ? "revoked" : "none",
  };
}

/** A landed operation counts as under way until the chain's signers were read. */
const STATE_OF = { held: "waiting", queued: "waiting", prepared: "to_sign", submitted: "sent", succeeded: "sent", reverted: "stopped", expired: "stopped" } as const;

function stateOf(accounts: readonly AccountOnChain[], isTakingOver: boolean): CustodyState {
  if (accounts.length < new Set(env().CHAIN_IDS).size) return "preparing";
  const own = accounts.filter(({ custody }) => custody === "self_custody").length;
  if (own === accounts.length) return "self_custody";
  if (own > 0) return "half_done";
  return isTakingOver ? "taking_over" : "managed";
}
