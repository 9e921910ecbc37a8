import "server-only";
import { asc, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { accountSigners, users, wallets } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import type { Actor } from "../actor";
import { ownerOfWallet, secondsUntilFactor } from "./factor";

/** A linked wallet as its person sees it. */
export type WalletShown = {
  walletId: string;
  /** Null when it was never named. */
  name: string | null;
  /** Lower case. */
  address: string;
  /** Where it signed when it was linked; a contract wallet signs there only. */
  chainId: ChainId;
  isContract: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** It may move the person's money by itself (Custody). */
  isOwner: boolean;
  /** Until it counts for confirmations; 0 when it does. */
  secondsUntilFactor: number;
};

/** The person's wallets, the oldest first. */
export function listWallets(actor: Pick<Actor, "userId">): Promise<WalletShown[]> {
  return db
    .select({
      walletId: wallets.id,
      name: wallets.name,
      address: wallets.address,
      chainId: wallets.chainId,
      isContract: wallets.isContract,
      createdAt: wallets.createdAt,
      lastUsedAt: wallets.lastUsedAt,
      isOwner: sql<boolean>`EXISTS (SELECT 1 FROM ${accountSigners} WHERE ${accountSigners.userId} = ${wallets.userId} AND ${accountSigners.address} = ${wallets.address})`,
      secondsUntilFactor,
    })
    .from(wallets)
    .innerJoin(users, ownerOfWallet)
    .where(eq(wallets.userId, actor.userId))
    .orderBy(asc(wallets.createdAt), asc(wallets.id));
}

/**
 * Addresses that may move the money of a person who took it over, and that the person still has: printed words always, a passkey's key
 * while the passkey is there, a wallet while it is linked. Empty while the account is managed.
 */
export async function usableOwners(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx.execute<{ address: string }>(sql`
    SELECT DISTINCT s.address
    FROM account_signers s
    JOIN smart_accounts a ON a.user_id = s.user_id AND a.chain_id = s.chain_id AND a.custody_status = 'self_custody'
    LEFT JOIN account_owners o ON o.user_id = s.user_id AND o.address = s.address
    WHERE s.user_id = ${userId}
      AND (o.kind = 'recovery_key' OR o.passkey_id IS NOT NULL OR EXISTS (SELECT 1 FROM wallets w WHERE w.user_id = s.user_id AND w.address = s.address))`);
  return rows.map(({ address }) => address);
}
