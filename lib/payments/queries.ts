import "server-only";
import { and, eq, or, sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { transactions, users } from "@/db/schema";
import { isAccountReady } from "@/lib/accounts/queries";
import { listActivity } from "@/lib/activity/queries";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { limitsOf, type PersonLimits } from "@/lib/limits/queries";
import { currentRate } from "@/lib/rates/queries";
import { payableUsdMicros } from "./choose-parts";
import { findStoreByCode, readinessOf } from "./payable-store";
import { ALL_PARTS, offeredChoice } from "./quote-payment";
import { paymentRows, viewsOf, type PaymentView, type Person } from "./payment-view";
import { spendableOf } from "./spendable";

export type { PaymentPart, PaymentView } from "./payment-view";

const HOME_RECENT = 5;

/** What the pay page shows of a store to anybody. Fails with short_code_unknown. */
export async function getPayPage(shortCode: string, person: (Person & { sessionId: string }) | null, now = new Date()) {
  const store = await findStoreByCode(shortCode);
  const [rate, payments, spendable, limits, choice] = await Promise.all([currentRate(now), paymentsThisMonth(store.id), person ? spendableOf(person.userId) : null, person ? limitsOf(person) : null, person ? offeredChoice(person.userId, ALL_PARTS) : ALL_PARTS]);
  // One operation is one chain: what can be paid here and now is the most that one chain of the store reaches, rewards among it.
  const reachable = spendable?.filter(({ chainId }) => store.deployments.some((deployment) => deployment.chainId === chainId)).map((wallet) => payableUsdMicros({ storeId: store.id, choice, ...wallet }));
  const availableUsdMicros = reachable ? reachable.reduce((most, next) => (next > most ? next : most), 0n) : null;
  /** What dollars of all chains reach, brought together first. */
  const togetherUsdMicros = spendable?.reduce((sum, { dollarsUsdMicros }) => sum + dollarsUsdMicros, 0n) ?? null;
  const first = store.deployments[0];
  return { store, readiness: readinessOf(store, now), rate, paymentsThisMonth: payments, availableUsdMicros, togetherUsdMicros, today: limits && todayOf(limits), verified: first ? { chainId: first.chainId, projectId: first.projectId } : null };
}

/** What is left of a person's day, and the rule that leaves least. */
export const todayOf = ({ day: [least] }: PersonLimits) => ({ leftUsdMicros: least?.leftUsdMicros ?? 0n, rule: least?.rule ?? ("day" as const) });

async function paymentsThisMonth(storeId: string): Promise<number> {
  const [row] = await db
    .select({ count: fragment<number>`count(*)::int` })
    .from(transactions)
    .where(and(eq(transactions.storeId, storeId), eq(transactions.type, "payment"), eq(transactions.status, "confirmed"), fragment`${transactions.createdAt} >= date_trunc('month', now())`));
  return row?.count ?? 0;
}

/** One payment of the person's own, either side of it. Fails with not_found for anybody else's. */
export async function getPayment(person: Person, transactionId: string): Promise<PaymentView> {
  if (!isId(transactionId)) throw new DomainError("not_found");
  const rows = await paymentRows().where(and(eq(transactions.id, transactionId), or(eq(transactions.fromUserId, person.userId), eq(transactions.toUserId, person.userId))));
  const [view] = await viewsOf(rows, person);
  if (!view) throw new DomainError("not_found");
  return view;
}

/** The home page of a signed-in person. */
export async function getHome(person: Person, now = new Date()) {
  const [holdings, recent, rate, isReady, [user]] = await Promise.all([
    holdingsOf(person.userId),
    listActivity(person, { limit: HOME_RECENT }),
    currentRate(now),
    isAccountReady(person.userId),
    db.select({ name: users.name }).from(users).where(eq(users.id, person.userId)),
  ]);
  return { name: user?.name ?? null, balance: balanceOf(holdings), recent: recent.items, rate, isAccountReady: isReady, hasSeveralChains: env().CHAIN_IDS.length > 1 };
}
