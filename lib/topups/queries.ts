import "server-only";
import { and, desc, eq, notInArray } from "drizzle-orm";
import { db } from "@/db/client";
import { topUps } from "@/db/schema";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { identityOf } from "@/lib/identity/queries";
import { mayTryAgain, type IdentityStatus } from "@/lib/identity/rules";
import { isId } from "@/lib/ids";
import { currentRate } from "@/lib/rates/queries";
import { topUpChainFor } from "./offered";
import { shownOf, type ShownTopUp, type TopUpFee } from "./rules";

type Person = { userId: string };
const RECENT = 5;

export type IdentityView = { status: "none" | IdentityStatus; url: string | null; mayTryAgain: boolean };
export type TopUpLine = { id: string; amountBrlCentavos: bigint; shown: ShownTopUp; createdAt: Date };

/** The page that adds money: whether it is offered here, where the person's identity check stands, and what is or was under way. */
export async function getAddPage(person: Person, now = new Date()) {
  const [chainId, identity, rate, rows] = await Promise.all([
    topUpChainFor(person.userId),
    identityOf(person.userId),
    currentRate(now),
    db.select().from(topUps).where(and(eq(topUps.userId, person.userId), notInArray(topUps.status, ["quoting", "quoted"]))).orderBy(desc(topUps.id)).limit(RECENT),
  ]);
  const view: IdentityView = identity
    ? { status: identity.status, url: identity.status === "open" || identity.status === "processing" ? identity.attemptUrl : null, mayTryAgain: mayTryAgain(identity) }
    : { status: "none", url: null, mayTryAgain: true };
  return { isOffered: chainId !== null, identity: view, rate, recent: rows.map((row): TopUpLine => ({ id: row.id, amountBrlCentavos: row.amountBrlCentavos, shown: shownIn(row, now), createdAt: row.createdAt })) };
}

export type TopUpView = {
  id: string;
  shown: ShownTopUp;
  isPaidTwice: boolean;
  amountBrlCentavos: bigint;
  price: { quotedUsdMicros: bigint; minimumUsdMicros: bigint; fees: TopUpFee[] } | null;
  /** The price moved and is asked again. */
  isRequoted: boolean;
  isConfirmed: boolean;
  /** While it can be paid. */
  code: { brCode: string; secondsLeft: number; bankUrl: string | null } | null;
  /** A code was given out, so a Pix may have been sent. */
  hadCode: boolean;
  arrivedUsdMicros: bigint | null;
  /** The provider has been slow to answer. */
  isSlow: boolean;
  /** The line in the person's activity, once the dollars are there. */
  transactionId: string | null;
};

const SLOW_MS = 15_000;

/** One top-up of the person's own. Fails with not_found. */
export async function getTopUp(person: Person, topUpId: string, now = new Date()): Promise<TopUpView> {
  if (!isId(topUpId)) throw new DomainError("not_found");
  const [row] = await db.select().from(topUps).where(and(eq(topUps.id, topUpId), eq(topUps.userId, person.userId)));
  if (!row) throw new DomainError("not_found");
  const { TOPUP_PROVIDER, AVENIA_BASE_URL } = env();
  const shown = shownIn(row, now);
  const isPayable = shown === "waiting" && row.brCode !== null;
  return {
    id: row.id,
    shown,
    isPaidTwice: row.secondPaymentAt !== null,
    amountBrlCentavos: row.amountBrlCentavos,
    price: row.quotedUsdMicros !== null && row.minimumUsdMicros !== null ? { quotedUsdMicros: row.quotedUsdMicros, minimumUsdMicros: row.minimumUsdMicros, fees: row.fees ?? [] } : null,
    isRequoted: row.isRequoted,
    isConfirmed: row.confirmedAt !== null,
    code: isPayable && row.brCode ? { brCode: row.brCode, secondsLeft: secondsLeftOf(row, now), bankUrl: TOPUP_PROVIDER === "sandbox" && AVENIA_BASE_URL ? `${AVENIA_BASE_URL}/__sandbox/pay?brcode=${encodeURIComponent(row.brCode)}` : null } : null,
    hadCode: row.ticketId !== null,
    arrivedUsdMicros: row.arrivedUsdMicros,
    isSlow: now.getTime() - (row.confirmedAt ?? row.createdAt).getTime() > SLOW_MS,
    transactionId: row.transactionId,
  };
}

type Row = typeof topUps.$inferSelect;
const secondsLeftOf = ({ expiresAt }: Row, now: Date): number => (expiresAt ? Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000)) : 0);
const shownIn = (row: Row, now: Date): ShownTopUp => shownOf({ status: row.status, secondsLeft: secondsLeftOf(row, now), isPaidTwice: row.secondPaymentAt !== null });
