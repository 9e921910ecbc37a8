import "server-only";
import { eq, inArray, or, sql as fragment } from "drizzle-orm";
import { db } from "@/db/client";
import { outsidePayments, phoneSends, refunds, stores, transactions, userOperations, users } from "@/db/schema";
import { directionOf, feesOf, kindOf, type ActivityDirection, type ActivityKind, type FeeKind } from "@/lib/activity/rules";
import type { ChainId } from "@/lib/chain/chains";
import type { OutsideRefundStatus } from "@/lib/guests/rules";
import { usdMicrosFromDecimal } from "@/lib/money";
import { shownName } from "@/lib/transfers/rules";
import type { RewardPart, TokenPart, TransactionOrigin, TransactionPurpose, TransactionStatus, TransactionType } from "./rules";

export type Person = { userId: string };

/** A store as a line of a payment names it. */
export type NamedStore = { id: string; name: string; qrVersion: number };

/** What one source paid of a price. */
export type PaymentPart = {
  /** `own`: rewards of the store that was paid. `other`: another store's. */
  kind: "own" | "other" | "dollars";
  /** Whose rewards; null for dollars. */
  store: NamedStore | null;
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
  purpose: TransactionPurpose | null;
  origin: TransactionOrigin | null;
  /** Type and purpose as the person's side sees them. */
  kind: ActivityKind;
  direction: ActivityDirection;
  /** Promised to somebody who has not accepted yet: nothing signs it before. */
  isHeld: boolean;
  store: { id: string; name: string; place: string | null; shortCode: string | null; qrVersion: number; timeZone: string; legalName: string | null; cnpj: string | null } | null;
  /** The person on the other side, as sends name them: null for whoever hides the name, or a phone's end until it was taken. Whoever typed an address is not told who has it. */
  counterparty: { name: string | null; phoneShown: string | null } | null;
  note: string | null;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  rateAt: Date | null;
  /** Shown only when confirmed. */
  confirmationCode: string | null;
  parts: PaymentPart[];
  /** What the screen said it costs beside the amount. */
  fees: { kind: FeeKind; amountUsdMicros: bigint }[];
  /** The event's own numbers when confirmed; before that, what is expected. */
  reward: { units: bigint; valueUsdMicros: bigint | null; isExpected: boolean } | null;
  /** What the store gave back of this payment to whoever had paid, and is giving back; all of its refunds together. */
  refund: {
    status: OutsideRefundStatus;
    amountUsdMicros: bigint | null;
    transactionHash: string | null;
    /** In the reais of the sale, for refunds that a store's people asked for; with whether something of the price stays paid. */
    ofSale?: { amountBrlCentavos: bigint; isPartial: boolean };
  } | null;
  /** For a refund: the payment that it belongs to. */
  refundOf?: string | null;
  /** The charge that it paid, and how much of the amount is a tip. */
  charge: { id: string; tipUsdMicros: bigint; tipBrlCentavos: bigint } | null;
  errorCode: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
  details: { chainId: ChainId; transactionHash: string | null; operationHash: string | null; blockNumber: bigint | null; payeeAddress: string | null; /** Where dollars from outside came from. */ payerAddress: string | null };
};

const columns = {
  transaction: transactions,
  operationHash: userOperations.userOpHash,
  operationStatus: userOperations.status,
  phoneShown: phoneSends.phoneShown,
  store: { id: stores.id, name: stores.name, place: stores.address, shortCode: stores.shortCode, qrVersion: stores.qrVersion, timeZone: stores.timeZone, legalName: stores.legalName, cnpj: stores.cnpj },
  refund: { status: outsidePayments.refundStatus, amountUsdMicros: outsidePayments.refundUsdMicros, transactionHash: outsidePayments.refundTxHash },
};

/** The rows behind views; give it a condition. */
export const paymentRows = () =>
  db
    .select(columns)
    .from(transactions)
    .leftJoin(stores, eq(stores.id, transactions.storeId))
    .leftJoin(userOperations, eq(userOperations.id, transactions.id))
    .leftJoin(outsidePayments, eq(outsidePayments.transactionId, transactions.id))
    .leftJoin(phoneSends, eq(phoneSends.id, transactions.id));

type Row = Awaited<ReturnType<typeof paymentRows>>[number];

/** Rows as one of their two sides sees them, in the same order. Names of stores and people are read at once for all. */
export async function viewsOf(rows: readonly Row[], person: Person): Promise<PaymentView[]> {
  const storeIds = new Set(rows.flatMap(({ transaction }) => partsOf(transaction).flatMap((part) => part.store_id ?? [])));
  const otherIds = new Set(rows.flatMap(({ transaction }) => otherSideOf(transaction, person) ?? []));
  const [named, people] = await Promise.all([
    storeIds.size > 0 ? db.select({ id: stores.id, name: stores.name, qrVersion: fragment<number>`coalesce(${stores.qrVersion}, 1)` }).from(stores).where(inArray(stores.id, [...storeIds])) : [],
    otherIds.size > 0 ? db.select({ id: users.id, name: users.name, hideName: users.hideName }).from(users).where(inArray(users.id, [...otherIds])) : [],
  ]);
  const storeOf = new Map(named.map((store) => [store.id, store]));
  const nameOf = new Map(people.map((one) => [one.id, shownName(one)]));
  const refunded = await refundsBeside(rows.flatMap(({ transaction: { id, type, purpose } }) => (type === "payment" || purpose === "refund" ? [id] : [])));
  return rows.map((row) => ({ ...viewOf(row, person, storeOf, nameOf), ...refunded(row.transaction) }));
}

/** The refunds of payments, and the payments of refunds, for all rows at once; what a row says of itself stays where there are none. */
async function refundsBeside(ids: readonly string[]): Promise<(transaction: Row["transaction"]) => Partial<Pick<PaymentView, "refund" | "refundOf">>> {
  const found = ids.length === 0 ? [] : await db.select().from(refunds).where(or(inArray(refunds.originalTransactionId, [...ids]), inArray(refunds.transactionId, [...ids])));
  return ({ id, amountUsdMicros: paidUsdMicros }) => {
    const own = found.find(({ transactionId }) => transactionId === id);
    if (own) return { refundOf: own.originalTransactionId };
    const ofThis = found.filter(({ originalTransactionId, status }) => originalTransactionId === id && status !== "failed");
    const done = ofThis.filter(({ status }) => status === "refunded");
    const counted = done.length > 0 ? done : ofThis;
    if (counted.length === 0) return {};
    const amountUsdMicros = counted.reduce((sum, one) => sum + one.amountUsdMicros, 0n);
    const amountBrlCentavos = counted.reduce((sum, one) => sum + one.amountBrlCentavos, 0n);
    return { refund: { status: done.length > 0 ? "refunded" : "requested", amountUsdMicros, transactionHash: null, ofSale: { amountBrlCentavos, isPartial: amountUsdMicros < paidUsdMicros } } };
  };
}

const partsOf = (transaction: Row["transaction"]) => (transaction.tokensUsed ?? []) as TokenPart[];

/** Who is on the other side; null where that is a store, the person's own, or nobody of ours. */
function otherSideOf({ fromUserId, toUserId, payeeAddress }: Row["transaction"], { userId }: Person): string | null {
  const other = fromUserId === userId ? (payeeAddress ? null : toUserId) : fromUserId;
  return other === userId ? null : other;
}

function viewOf({ transaction: t, operationHash, operationStatus, phoneShown, store, refund }: Row, person: Person, storeOf: ReadonlyMap<string, NamedStore>, nameOf: ReadonlyMap<string, string | null>): PaymentView {
  const reward = t.rewardsEarned as RewardPart | null;
  const isConfirmed = t.status === "confirmed";
  const other = otherSideOf(t, person);
  const isFromMe = t.fromUserId === person.userId;
  const kind = kindOf({ type: t.type, purpose: t.purpose, isFromMe, isToMe: t.toUserId === person.userId, hasStore: t.storeId !== null });
  return {
    id: t.id,
    type: t.type,
    status: t.status,
    purpose: t.purpose,
    origin: t.origin,
    kind,
    direction: directionOf(kind, isFromMe),
    isHeld: kind !== "refund" && t.status === "pending" && operationStatus === "held",
    store: store && { ...store, qrVersion: store.qrVersion ?? 1, timeZone: store.timeZone ?? "America/Sao_Paulo" },
    counterparty: other === null && !phoneShown ? null : { name: other === null ? null : (nameOf.get(other) ?? null), phoneShown: isFromMe ? phoneShown : null },
    note: t.note,
    amountUsdMicros: t.amountUsdMicros,
    amountBrlCentavos: t.amountBrlCentavos,
    brlPerUsdMicros: t.brlPerUsdMicros,
    rateAt: t.rateAt,
    confirmationCode: isConfirmed ? t.confirmationCode : null,
    // What somebody else's money was made of is theirs to know.
    parts:
      kind === "received" || kind === "refund"
        ? []
        : partsOf(t).map((part) => ({
            kind: part.store_id === null ? "dollars" : part.store_id === t.storeId ? "own" : "other",
            store: part.store_id === null ? null : (storeOf.get(part.store_id) ?? null),
            amountUsdMicros: usdMicrosFromDecimal(part.amount_usd),
            units: BigInt(part.amount),
            surplusUsdMicros: isConfirmed && part.surplus_usd ? usdMicrosFromDecimal(part.surplus_usd) : 0n,
          })),
    fees: feesOf(t.terms),
    reward: reward && { units: BigInt(reward.amount), valueUsdMicros: reward.amount_usd ? usdMicrosFromDecimal(reward.amount_usd) : null, isExpected: !isConfirmed },
    refund: refund?.status ? { status: refund.status, amountUsdMicros: refund.amountUsdMicros, transactionHash: refund.transactionHash } : null,
    charge: t.chargeId === null ? null : { id: t.chargeId, tipUsdMicros: t.tipUsdMicros ?? 0n, tipBrlCentavos: t.tipBrlCentavos ?? 0n },
    errorCode: t.errorCode,
    createdAt: t.createdAt,
    confirmedAt: t.confirmedAt,
    details: { chainId: t.chainId, transactionHash: t.txHash, operationHash, blockNumber: t.blockNumber, payeeAddress: t.payeeAddress, payerAddress: t.purpose === "incoming" ? t.payerAddress : null },
  };
}
