import "server-only";
import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { consents, smartAccounts, storeMembers, stores, users } from "@/db/schema";
import type { CustodyStatus } from "@/lib/accounts/rules";
import type { Actor } from "@/lib/auth/actor";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import { USD_MICROS_PER_CENT } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { readBalance } from "@/lib/stores/queries";
import { CONSENT_PURPOSES, type ConsentPurpose } from "./rules";

export type ConsentLine = { purpose: ConsentPurpose; version: string; isGiven: boolean; at: Date };

/** The data page: the newest word on each purpose, in their order, and whether stores see the name. */
export async function getMyData({ userId }: Pick<Actor, "userId">): Promise<{ consents: ConsentLine[]; isNameHidden: boolean }> {
  const [lines, [person]] = await Promise.all([
    db
      .selectDistinctOn([consents.purpose], { purpose: consents.purpose, version: consents.version, isGiven: consents.isGiven, at: consents.createdAt })
      .from(consents)
      .where(eq(consents.userId, userId))
      .orderBy(consents.purpose, desc(consents.createdAt), desc(consents.id)),
    db.select({ hideName: users.hideName }).from(users).where(eq(users.id, userId)),
  ]);
  return { consents: CONSENT_PURPOSES.flatMap((purpose) => lines.find((line) => line.purpose === purpose) ?? []), isNameHidden: person?.hideName ?? false };
}

export type WhatIsLeft = {
  /** Stores that would be left without an owner: open ones, and closed ones with money to take out. */
  ownedStores: { id: string; name: string; isClosed: boolean }[];
  hasOpenPayments: boolean;
  /** Anything at all, also what is worth less than a cent. */
  hasBalance: boolean;
  balanceUsdMicros: bigint;
  custody: CustodyStatus;
};

/** What stands in the way of deleting the account. Inside the deletion's transaction it decides, on the page it warns. */
export async function whatIsLeft({ userId }: Pick<Actor, "userId">, runner: Tx | typeof db = db): Promise<WhatIsLeft> {
  const owned = await runner
    .select({ id: stores.id, name: stores.name, isClosed: sql<boolean>`${stores.closedAt} IS NOT NULL` })
    .from(storeMembers)
    .innerJoin(stores, eq(stores.id, storeMembers.storeId))
    .where(and(eq(storeMembers.userId, userId), eq(storeMembers.role, "owner"), isNotNull(storeMembers.acceptedAt), sql`NOT EXISTS (SELECT FROM store_members other WHERE other.store_id = ${stores.id} AND other.role = 'owner' AND other.accepted_at IS NOT NULL AND other.user_id <> ${userId})`))
    .orderBy(asc(stores.name));
  // What is worth less than a cent is nobody's reason to stay.
  const kept = await Promise.all(owned.map(async ({ id, isClosed }) => !isClosed || (await readBalance(id)) >= USD_MICROS_PER_CENT));
  const ownedStores = owned.filter((_, index) => kept[index]);
  const [open] = await runner.execute<{ is_open: boolean }>(sql`
    SELECT EXISTS (SELECT FROM transactions t WHERE t.status = 'pending' AND (t.from_user_id = ${userId} OR t.to_user_id = ${userId}))
        OR EXISTS (SELECT FROM top_ups p WHERE p.user_id = ${userId} AND p.status IN ('opening', 'waiting', 'held', 'paid'))
        OR EXISTS (SELECT FROM user_operations o JOIN smart_accounts a ON a.address = o.sender AND a.chain_id = o.chain_id
                   WHERE a.user_id = ${userId} AND o.status IN ('queued', 'prepared', 'submitted')) AS is_open`);
  const [own] = await runner.select({ id: smartAccounts.id }).from(smartAccounts).where(and(eq(smartAccounts.userId, userId), eq(smartAccounts.custodyStatus, "self_custody"))).limit(1);
  const holdings = await holdingsOf(userId);
  return {
    ownedStores,
    hasOpenPayments: open?.is_open ?? false,
    hasBalance: holdings.some(({ settled }) => settled > 0n),
    balanceUsdMicros: balanceOf(holdings).totalUsdMicros,
    custody: own ? "self_custody" : "managed",
  };
}

/** The page that deletes: what is left, and the rate that shows it in reais. */
export async function getDeletion(actor: Actor, now = new Date()) {
  const [left, rate] = await Promise.all([whatIsLeft(actor), currentRate(now)]);
  return { left, rate };
}
