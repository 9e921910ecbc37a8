import "server-only";
import { and, desc, eq, inArray, lt, or, sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { stores, transactions, userOperations, users } from "@/db/schema";
import { isAccountReady } from "@/lib/accounts/queries";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { limitsOf, type PersonLimits } from "@/lib/limits/queries";
import { usdMicrosFromDecimal } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { payableUsdMicros } from "./choose-parts";
import { findStoreByCode, readinessOf } from "./payable-store";
import { ALL_PARTS } from "./quote-payment";
import type { RewardPart, TokenPart, TransactionStatus, TransactionType } from "./rules";
import { spendableOf } from "./spendable";

type Person = { userId: string };
const ACTIVITY_PAGE = 30;
const HOME_RECENT = 5;

/** What the pay page shows of a store to anybody. Fails with short_code_unknown. */
export async function getPayPage(shortCode: string, person: (Person & { sessionId: string }) | null, now = new Date()) {
  const store = await findStoreByCode(shortCode);
  const [rate, payments, spendable, limits] = await Promise.all([currentRate(now), paymentsThisMonth(store.id), person ? spendableOf(person.userId) : null, person ? limitsOf(person) : null]);
  // One operation is one chain: what can be paid here and now is the most that one chain of the store reaches, rewards among it.
  const reachable = spendable?.filter(({ chainId }) => store.deployments.some((deployment) => deployment.chainId === chainId)).map((wallet) => payableUsdMicros({ storeId: store.id, choice: ALL_PARTS, ...wallet }));
  const availableUsdMicros = reachable ? reachable.reduce((most, next) => (next > most ? next : most), 0n) : null;
  const first = store.deployments[0];
  return { store, readiness: readinessOf(store, now), rate, paymentsThisMonth: payments, availableUsdMicros, today: limits && todayOf(limits), verified: first ? { chainId: first.chainId, projectId: first.projectId } : null };
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

/** What one source paid of a price. */
export type PaymentPart = {
  /** `own`: rewards of the store that was paid. `other`: another store's. */
  kind: "own" | "other" | "dollars";
  /** Whose rewards; null for dollars. */
  store: { id: string; name: string; qrVersion: number } | null;
  amountUsdMicros: bigint;
  /** Tokens, or micro-dollars for dollars. */
  units: bigint;
  /** What selling the rewards brought above their share: it stayed as the payer's dollars. Known once confirmed. */
  surplusUsdMicros: bigint;
};

export type PaymentView = {
  id: string;
  type: TransactionType;
  status: TransactionStatus;
  /** Money out of the person's balance, or in. */
  direction: "out" | "in";
  store: { id: string; name: string; place: string | null; shortCode: string | null; qrVersion: number; timeZone: string; legalName: string | null; cnpj: string | null } | null;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  rateAt: Date | null;
  /** Shown only when confirmed. */
  confirmationCode: string | null;
  parts: PaymentPart[];
  /** The event's own numbers when confirmed; before that, what is expected. */
  reward: { units: bigint; valueUsdMicros: bigint | null; isExpected: boolean } | null;
  errorCode: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
  details: { chainId: ChainId; transactionHash: string | null; operationHash: string | null; blockNumber: bigint | null };
};

const selection = {
  transaction: transactions,
  operationHash: userOperations.userOpHash,
  store: { id: stores.id, name: stores.name, place: stores.address, shortCode: stores.shortCode, qrVersion: stores.qrVersion, timeZone: stores.timeZone, legalName: stores.legalName, cnpj: stores.cnpj },
};

type Issuers = ReadonlyMap<string, { id: string; name: string; qrVersion: number }>;
type Row = { transaction: typeof transactions.$inferSelect; operationHash: string | null; store: { id: string; name: string; place: string | null; shortCode: string | null; qrVersion: number | null; timeZone: string | null; legalName: string | null; cnpj: string | null } | null };

const partsOf = ({ tokensUsed }: typeof transactions.$inferSelect) => (tokensUsed ?? []) as TokenPart[];

/** The stores whose rewards were used, for their names and tiles. Most payments have none. */
async function issuersOfRows(rows: readonly Row[]): Promise<Issuers> {
  const ids = [...new Set(rows.flatMap(({ transaction }) => partsOf(transaction).flatMap((part) => part.store_id ?? [])))];
  if (ids.length === 0) return new Map();
  const found = await db.select({ id: stores.id, name: stores.name, qrVersion: stores.qrVersion }).from(stores).where(inArray(stores.id, ids));
  return new Map(found.map((store) => [store.id, { ...store, qrVersion: store.qrVersion ?? 1 }]));
}

const viewsOf = async (rows: readonly Row[], person: Person): Promise<PaymentView[]> => {
  const issuers = await issuersOfRows(rows);
  return rows.map((row) => viewOf(row, person, issuers));
};

function viewOf({ transaction: t, operationHash, store }: Row, person: Person, issuers: Issuers): PaymentView {
  const reward = t.rewardsEarned as RewardPart | null;
  const isConfirmed = t.status === "confirmed";
  return {
    id: t.id,
    type: t.type,
    status: t.status,
    direction: t.fromUserId === person.userId ? "out" : "in",
    store: store && { ...store, qrVersion: store.qrVersion ?? 1, timeZone: store.timeZone ?? "America/Sao_Paulo" },
    amountUsdMicros: t.amountUsdMicros,
    amountBrlCentavos: t.amountBrlCentavos,
    brlPerUsdMicros: t.brlPerUsdMicros,
    rateAt: t.rateAt,
    confirmationCode: isConfirmed ? t.confirmationCode : null,
    parts: partsOf(t).map((part) => ({
      kind: part.store_id === null ? "dollars" : part.store_id === t.storeId ? "own" : "other",
      store: (part.store_id && issuers.get(part.store_id)) || null,
      amountUsdMicros: usdMicrosFromDecimal(part.amount_usd),
      units: BigInt(part.amount),
      surplusUsdMicros: isConfirmed && part.surplus_usd ? usdMicrosFromDecimal(part.surplus_usd) : 0n,
    })),
    reward: reward && { units: BigInt(reward.amount), valueUsdMicros: reward.amount_usd ? usdMicrosFromDecimal(reward.amount_usd) : null, isExpected: !isConfirmed },
    errorCode: t.errorCode,
    createdAt: t.createdAt,
    confirmedAt: t.confirmedAt,
    details: { chainId: t.chainId, transactionHash: t.txHash, operationHash, blockNumber: t.blockNumber },
  };
}

const rows = () => db.select(selection).from(transactions).leftJoin(stores, eq(stores.id, transactions.storeId)).leftJoin(userOperations, eq(userOperations.id, transactions.id));

/** One payment of the person's own, either side of it. Fails with not_found for anybody else's. */
export async function getPayment(person: Person, transactionId: string): Promise<PaymentView> {
  if (!isId(transactionId)) throw new DomainError("not_found");
  const [row] = await rows().where(and(eq(transactions.id, transactionId), or(eq(transactions.fromUserId, person.userId), eq(transactions.toUserId, person.userId))));
  const [view] = await viewsOf(row ? [row] : [], person);
  if (!view) throw new DomainError("not_found");
  return view;
}

/** The person's payments, newest first, a page by key: pass the last id of the page before. */
export async function listActivity(person: Person, { before, limit = ACTIVITY_PAGE }: { before?: string; limit?: number } = {}): Promise<{ items: PaymentView[]; next: string | null }> {
  if (before !== undefined && !isId(before)) throw new DomainError("not_found");
  const older = before ? lt(transactions.id, before) : undefined;
  // Each side reads its own index; the union is cut to a page.
  const sides = await Promise.all([transactions.fromUserId, transactions.toUserId].map((side) => db.select({ id: transactions.id }).from(transactions).where(and(eq(side, person.userId), older)).orderBy(desc(transactions.id)).limit(limit + 1)));
  const ids = [...new Set(sides.flat().map((row) => row.id))].toSorted((a, b) => (a < b ? 1 : -1)).slice(0, limit + 1);
  const page = ids.slice(0, limit);
  if (page.length === 0) return { items: [], next: null };
  const found = await rows().where(inArray(transactions.id, page)).orderBy(desc(transactions.id));
  return { items: await viewsOf(found, person), next: ids.length > limit ? (page.at(-1) ?? null) : null };
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
