import "server-only";
import { and, eq, isNotNull, isNull, sql as raw } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { payoutDestinations, smartAccounts, storeMembers, users } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import type { PayoutTo } from "./quote";
import { DESTINATION_WAIT_SECONDS, type PayoutProviderName, type PayoutType, type StoredDestination } from "./rules";

export type FoundDestination = {
  type: PayoutType;
  provider: PayoutProviderName | null;
  destinationId: string | null;
  /** Whose balance it is. */
  toUserId: string | null;
  /** Whose name stands beside it. */
  name: string | null;
  /** The account that gets dollars on the chain; null where the partner's deposit address does. */
  payee: string | null;
  stored: StoredDestination;
  /** Seconds until it may be used; 0 for now. */
  waitSeconds: number;
};

const secondsUntil = (at: Date | null): number => (at ? Math.max(0, Math.ceil((at.getTime() - Date.now()) / 1000)) : 0);

/**
 * Where a payout would go. The own balance is known and waits for nothing; somebody who joined the team within a day waits as any new destination does.
 * Fails with not_found.
 */
export async function findDestination(runner: Tx | typeof db, { userId, storeId, to, chainId }: { userId: string; storeId: string; to: PayoutTo; chainId: ChainId }): Promise<FoundDestination> {
  if (to.kind === "balance") {
    const [row] = await runner
      .select({ name: users.name, address: smartAccounts.address, acceptedAt: storeMembers.acceptedAt })
      .from(storeMembers)
      .innerJoin(users, eq(users.id, storeMembers.userId))
      .innerJoin(smartAccounts, and(eq(smartAccounts.userId, storeMembers.userId), eq(smartAccounts.chainId, chainId)))
      .where(and(eq(storeMembers.storeId, storeId), eq(storeMembers.userId, to.userId), isNotNull(storeMembers.acceptedAt), isNull(users.deletedAt)));
    if (!row) throw new DomainError("not_found");
    const usableAt = to.userId === userId || !row.acceptedAt ? null : new Date(row.acceptedAt.getTime() + DESTINATION_WAIT_SECONDS * 1000);
    return {
      type: "wallet", provider: null, destinationId: null, toUserId: to.userId, name: row.name, payee: row.address, waitSeconds: secondsUntil(usableAt),
      stored: { kind: "balance", userId: to.userId, walletAddress: row.address },
    };
  }
  const [row] = await runner
    .select({ destination: payoutDestinations, seconds: raw<number>`greatest(0, ceil(extract(epoch FROM ${payoutDestinations.usableAt} - now())))::int` })
    .from(payoutDestinations)
    .where(and(eq(payoutDestinations.id, to.destinationId), eq(payoutDestinations.storeId, storeId), isNull(payoutDestinations.removedAt), isNotNull(payoutDestinations.confirmedAt)));
  if (!row) throw new DomainError("not_found");
  const { destination, seconds } = row;
  const name = destination.holder?.name ?? (destination.data.kind === "bank" ? destination.data.holderName : null);
  return {
    type: destination.type, provider: destination.provider, destinationId: destination.id, toUserId: null, name, waitSeconds: seconds ?? 0,
    payee: destination.data.kind === "wallet" ? destination.data.address : null,
    stored: { ...destination.data, shown: destination.shown, ownerName: name },
  };
}

/** Refuses one that still waits. Fails with payout_destination_waits. */
export function assertUsable({ waitSeconds }: Pick<FoundDestination, "waitSeconds">) {
  if (waitSeconds > 0) throw new DomainError("payout_destination_waits", { seconds: waitSeconds });
}
