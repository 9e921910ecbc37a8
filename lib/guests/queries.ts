import "server-only";
import { timingSafeEqual } from "node:crypto";
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { guestPayments, outsidePayments, storeDeployments, stores, transactions } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import { expectedReward } from "@/lib/chain/revnet";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import type { RewardPart } from "@/lib/payments/rules";
import { usdMicrosFromDecimal } from "@/lib/money";
import { chargeOfPage, type ChargeOfPage } from "./charge-of-page";
import { hashSecret } from "./page-key";
import { LANDING_GRACE_SECONDS, shortAddress, type GuestFailure, type GuestPaymentStatus, type OutsideOutcome, type OutsideRefundStatus } from "./rules";

const REFERENCE = /^[0-9a-f]{32}$/;

/** The page of a reference. Fails with not_found. */
async function readPage(reference: string) {
  if (!REFERENCE.test(reference)) throw new DomainError("not_found");
  const [page] = await db.select().from(guestPayments).where(eq(guestPayments.reference, reference));
  if (!page) throw new DomainError("not_found");
  return page;
}

const isOwn = (page: { secretHash: string }, secret: string | null): boolean =>
  secret !== null && timingSafeEqual(Buffer.from(hashSecret(secret), "hex"), Buffer.from(page.secretHash, "hex"));

/** The page, for the browser that opened it. Fails with not_found, guest_payment_not_own. */
export async function readOwnPage(reference: string, secret: string | null) {
  const page = await readPage(reference);
  if (!isOwn(page, secret)) throw new DomainError("guest_payment_not_own");
  return page;
}

/** The account on a chain that earns for this wallet: of whoever opened the page signed in, else of whoever linked the wallet. */
export async function accountsToReward(userId: string | null, wallet: string, chainId: ChainId): Promise<string | null> {
  const [row] = await sql<{ address: string }[]>`
    SELECT a.address FROM smart_accounts a
    WHERE a.chain_id = ${chainId}::chain_id AND a.user_id = COALESCE(${userId}::uuid, (SELECT w.user_id FROM wallets w WHERE w.address = ${wallet}))`;
  return row?.address ?? null;
}

/** A further payment with this page's reference, by name. */
export type ExtraPayment = { outcome: Exclude<OutsideOutcome, "paid" | "outside">; amountUsdMicros: bigint; refundStatus: OutsideRefundStatus | null; payer: string; chainId: ChainId; txHash: string };

export type GuestPaymentView = {
  reference: string;
  /** `expired` also by the clock, before a job wrote it. */
  status: GuestPaymentStatus;
  failure: GuestFailure | null;
  store: { id: string; name: string; place: string | null; shortCode: string | null; qrVersion: number; timeZone: string; legalName: string | null; cnpj: string | null };
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint;
  brlPerUsdMicros: bigint;
  rateAt: Date;
  /** Of the price, as the server counts them; the phone's clock may be wrong. */
  secondsLeft: number;
  createdAt: Date;
  extras: ExtraPayment[];
  /** Set when the chain said paid. */
  paid: { at: Date; chainId: ChainId; blockNumber: bigint | null; amountUsdMicros: bigint; payer: string } | null;
  /** For the browser that opened the page alone; null for anybody who has its address. */
  own: {
    code: string | null;
    /** The charge that it pays; null for an amount of the payer's own. */
    charge: ChargeOfPage | null;
    txHash: string | null;
    chainId: ChainId | null;
    payer: string | null;
    reward: { units: bigint; valueUsdMicros: bigint | null } | null;
    isForAccount: boolean;
    /** What the rewards will be worth: the store's rate of the price. */
    expectedRewardUsdMicros: bigint;
    /** Where it can be paid, with what the least reward is. */
    chains: { chainId: ChainId; projectId: number; minRewardUnits: bigint }[];
  } | null;
};

/**
 * A wallet's page. Its reference stands in the memo on the public chain, so anybody may find it: they see store, amount, state and the payer's
 * address shortened. Code, rewards and the means to pay are for the browser that opened it (`secret`). Fails with not_found.
 */
export async function getGuestPayment(reference: string, secret: string | null, now = new Date()): Promise<GuestPaymentView> {
  const page = await readPage(reference);
  const [[store], charge, events] = await Promise.all([
    db.select().from(stores).where(eq(stores.id, page.storeId)),
    chargeOfPage(page, now),
    db
      .select({ event: outsidePayments, code: transactions.confirmationCode, reward: transactions.rewardsEarned, at: transactions.confirmedAt })
      .from(outsidePayments)
      .innerJoin(transactions, eq(transactions.id, outsidePayments.transactionId))
      .where(and(eq(outsidePayments.guestPaymentId, page.id), isNotNull(outsidePayments.blockNumber)))
      .orderBy(asc(outsidePayments.id)),
  ]);
  if (!store) throw new DomainError("not_found");
  const paid = events.find(({ event }) => event.outcome === "paid");
  const secondsLeft = Math.max(0, Math.ceil((page.expiresAt.getTime() - now.getTime()) / 1000));
  const status = paid ? "paid" : statusOf(page, { secondsLeft, isLost: (charge?.lostTo ?? null) !== null, hasArrived: events.length > 0 });
  const reward = paid?.reward as RewardPart | null | undefined;
  return {
    reference,
    status,
    failure: page.failure,
    store: { id: store.id, name: store.name, place: store.address, shortCode: store.shortCode, qrVersion: store.qrVersion ?? 1, timeZone: store.timeZone ?? "America/Sao_Paulo", legalName: store.legalName, cnpj: store.cnpj },
    amountUsdMicros: page.amountUsdMicros,
    amountBrlCentavos: page.amountBrlCentavos,
    brlPerUsdMicros: page.brlPerUsdMicros,
    rateAt: page.rateAt,
    secondsLeft,
    createdAt: page.createdAt,
    extras: events.flatMap(({ event }) =>
      event.outcome === "paid" || event.outcome === "outside"
        ? []
        : [{ outcome: event.outcome, amountUsdMicros: event.amountUsdMicros, refundStatus: event.refundStatus, payer: shortAddress(event.payer), chainId: event.chainId, txHash: event.txHash }],
    ),
    paid: paid ? { at: paid.at ?? paid.event.createdAt, chainId: paid.event.chainId, blockNumber: paid.event.blockNumber, amountUsdMicros: paid.event.amountUsdMicros, payer: shortAddress(paid.event.payer) } : null,
    own: isOwn(page, secret)
      ? {
          code: paid?.code ?? null,
          charge,
          txHash: paid?.event.txHash ?? page.reportedTxHash,
          chainId: paid?.event.chainId ?? page.chainId,
          payer: page.payer,
          reward: reward ? { units: BigInt(reward.amount), valueUsdMicros: reward.amount_usd ? usdMicrosFromDecimal(reward.amount_usd) : null } : null,
          isForAccount: paid ? paid.event.beneficiary !== paid.event.payer : page.userId !== null,
          expectedRewardUsdMicros: (page.amountUsdMicros * BigInt(store.rewardRateBps ?? 0)) / 10_000n,
          chains: await chainsOf(page, store, now),
        }
      : null,
  };
}

/** What an unpaid page says. What was reported is waited for, also when somebody else was first, until it arrived and has its name. */
function statusOf({ status }: { status: GuestPaymentStatus }, { secondsLeft, isLost, hasArrived }: { secondsLeft: number; isLost: boolean; hasArrived: boolean }): GuestPaymentStatus {
  if (status === "paid") return "checking";
  if (status === "open" && (secondsLeft === 0 || isLost)) return "expired";
  return status === "checking" && isLost && hasArrived ? "expired" : status;
}

async function chainsOf(page: typeof guestPayments.$inferSelect, store: typeof stores.$inferSelect, now: Date) {
  const { CHAIN_IDS, DEFAULT_CHAIN_ID } = env();
  const rows = await db.select().from(storeDeployments).where(and(eq(storeDeployments.storeId, store.id), eq(storeDeployments.status, "deployed")));
  const startsAt = store.startsAt;
  if (!startsAt || store.closedAt) return [];
  // The promise holds also when it lands in the last moment that is in time.
  const lastMoment = Math.ceil(Math.max(page.expiresAt.getTime(), now.getTime(), startsAt.getTime()) / 1000) + LANDING_GRACE_SECONDS;
  const minRewardUnits = expectedReward({ amountUsdMicros: page.amountUsdMicros, rewardRateBps: store.rewardRateBps ?? 0, startsAt: Math.floor(startsAt.getTime() / 1000), now: lastMoment });
  return rows
    .flatMap(({ chainId, projectId }) => (projectId !== null && CHAIN_IDS.includes(chainId) ? [{ chainId, projectId, minRewardUnits }] : []))
    .toSorted((a, b) => Number(b.chainId === DEFAULT_CHAIN_ID) - Number(a.chainId === DEFAULT_CHAIN_ID));
}

/** Changes whenever something on the page does; the page asks for it and reads itself anew. Fails with not_found. */
export async function guestPaymentVersion(reference: string): Promise<string> {
  const { status, failure, paid, extras } = await getGuestPayment(reference, null);
  return [status, failure ?? "", paid ? "1" : "0", ...extras.map(({ outcome, refundStatus, txHash }) => `${outcome}:${refundStatus ?? ""}:${txHash.slice(0, 10)}`)].join(" ");
}
