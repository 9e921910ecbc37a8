import "server-only";
import { sql } from "@/db/client";
import { cashOutNetUsdMicros } from "@/lib/chain/cash-out";
import type { ChainId } from "@/lib/chain/chains";
import { isExpired, LOAN_SECONDS, loanTerms, prepaidFeePercentOf, wholeRepayment } from "@/lib/chain/loan-math";
import { usdMicrosFromDecimal } from "@/lib/money";
import { fundedUnits, headroomOf, obstacleOf, type Place, type PlacedLoan } from "./price-claim";
import { CLAIM_MIN_USD_MICROS, potKey } from "./rules";

type Person = { userId: string };
export type ShownStore = { id: string; name: string; place: string | null; qrVersion: number };

/** Rewards of one store on one chain, with what they bring in each of the two ways now. */
export type Pot = {
  key: string;
  store: ShownStore;
  place: Place;
  tokenAddress: string;
  /** Held and not reserved. */
  units: bigint;
  /** Null where this way is closed now, with the reason beside it. */
  cashOutUsdMicros: bigint | null;
  cashOutOpensAt: Date | null;
  /** As much of the rewards as the store could lend against now. */
  advanceUnits: bigint;
  advanceUsdMicros: bigint;
};

/** An open advance: what it is, what is owed now, and what more it could give since the store grew. */
export type OpenLoan = {
  loan: PlacedLoan;
  store: ShownStore;
  place: Place;
  tokenAddress: string;
  startedAt: Date;
  feeFreeUntil: Date;
  endsAt: Date;
  hasEnded: boolean;
  prepaidFeeBps: number;
  /** Null when its ten years have passed. */
  owed: { totalUsdMicros: bigint; principalUsdMicros: bigint; feeUsdMicros: bigint } | null;
  /** Null where there is none worth taking, or the store can't pay it now. */
  headroom: { units: bigint; netUsdMicros: bigint } | null;
};

type PlaceRow = {
  chain_id: ChainId; store_id: string; name: string; address: string | null; qr_version: number | null; project_id: number; token_address: string;
  surplus: string; supply: string; borrowed: string; collateral: string; delay_until: Date | null; block_time: Date;
};

/** Columns of a store's place, from `store_deployments d`, `stores s`, `revnet_states v` and `chain_cursors c`. */
const placeColumns = () => sql`
  d.chain_id, d.store_id, s.name, s.address, s.qr_version, d.project_id, d.token_address, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply,
  v.borrowed_usd_micros::text AS borrowed, v.collateral::text AS collateral, v.cash_out_delay_until AS delay_until, c.block_time`;
const placeJoins = () => sql`
  JOIN stores s ON s.id = d.store_id
  JOIN revnet_states v ON v.store_id = d.store_id AND v.chain_id = d.chain_id
  JOIN chain_cursors c ON c.chain_id = d.chain_id AND c.block_time IS NOT NULL`;

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
const dateOf = (unixSeconds: number) => new Date(unixSeconds * 1000);

const placeOf = (row: PlaceRow): Place => ({
  storeId: row.store_id,
  chainId: row.chain_id,
  projectId: row.project_id,
  // Every store of ours is deployed without a cash-out tax, for ever (lib/chain/revnet).
  state: { surplusUsdMicros: BigInt(row.surplus), supplyUnits: BigInt(row.supply), borrowedUsdMicros: BigInt(row.borrowed), collateralUnits: BigInt(row.collateral), cashOutTaxRate: 0 },
  cashOutDelayUntil: row.delay_until ? seconds(row.delay_until) : 0,
  now: seconds(row.block_time),
});
const storeOf = (row: PlaceRow): ShownStore => ({ id: row.store_id, name: row.name, place: row.address, qrVersion: row.qr_version ?? 1 });

/** Where a person's rewards lie, largest first; nothing that is worth less than a claim. */
export async function potsOf({ userId }: Person): Promise<Pot[]> {
  const rows = await sql<(PlaceRow & { available: string })[]>`
    SELECT ${placeColumns()},
           (b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0))::text AS available
    FROM token_balances b
    JOIN store_deployments d ON d.store_id = b.store_id AND d.chain_id = b.chain_id AND d.status = 'deployed' AND d.token_address = b.token_address
    ${placeJoins()}
    WHERE b.user_id = ${userId} AND b.balance > 0`;
  return rows.flatMap((row): Pot[] => {
    const place = placeOf(row);
    const units = BigInt(row.available);
    if (units <= 0n || cashOutNetUsdMicros(place.state, units) < CLAIM_MIN_USD_MICROS) return [];
    const isDelayed = obstacleOf("cash_out", place, units) !== null;
    const advanceUnits = fundedUnits(place, units);
    return [{
      key: potKey(place), store: storeOf(row), place, tokenAddress: row.token_address, units,
      cashOutUsdMicros: isDelayed ? null : cashOutNetUsdMicros(place.state, units), cashOutOpensAt: isDelayed ? dateOf(place.cashOutDelayUntil) : null,
      advanceUnits, advanceUsdMicros: loanTerms(place.state, { units: advanceUnits }).netUsdMicros,
    }];
  }).toSorted((a, b) => Number((b.cashOutUsdMicros ?? b.advanceUsdMicros) - (a.cashOutUsdMicros ?? a.advanceUsdMicros)) || a.key.localeCompare(b.key));
}

/** A person's open advances, the oldest first; ended ones stay until the chain clears them away. */
export async function openLoansOf({ userId }: Person): Promise<OpenLoan[]> {
  const rows = await sql<(PlaceRow & { id: string; number: string; units: string; borrowed_usd: string; fee_bps: number; prepaid_seconds: string; started_at: Date })[]>`
    SELECT ${placeColumns()}, l.id, l.loan_id_onchain::text AS number, l.collateral::text AS units, l.borrow_amount_usd::text AS borrowed_usd,
           l.prepaid_fee_percent AS fee_bps, l.prepaid_duration_seconds::text AS prepaid_seconds, l.started_at
    FROM loans l
    JOIN store_deployments d ON d.chain_id = l.chain_id AND d.project_id = l.project_id
    ${placeJoins()}
    WHERE l.user_id = ${userId} AND l.is_active AND l.store_id IS NULL
    ORDER BY l.started_at, l.id`;
  return rows.map((row) => {
    const place = placeOf(row);
    const loan: PlacedLoan = {
      id: row.id, number: BigInt(row.number), borrowedUsdMicros: usdMicrosFromDecimal(row.borrowed_usd), collateralUnits: BigInt(row.units), createdAt: seconds(row.started_at),
      prepaidFeePercent: prepaidFeePercentOf(row.fee_bps), prepaidSeconds: Number(row.prepaid_seconds),
    };
    const owed = wholeRepayment(loan, place);
    return {
      loan, store: storeOf(row), place, tokenAddress: row.token_address, startedAt: row.started_at, prepaidFeeBps: row.fee_bps,
      feeFreeUntil: dateOf(loan.createdAt + loan.prepaidSeconds), endsAt: dateOf(loan.createdAt + LOAN_SECONDS), hasEnded: isExpired(loan, place.now),
      owed: owed && { totalUsdMicros: owed.totalUsdMicros, principalUsdMicros: owed.principalUsdMicros, feeUsdMicros: owed.sourceFeeUsdMicros },
      headroom: headroomWorthTaking(loan, place),
    };
  });
}

function headroomWorthTaking(loan: PlacedLoan, place: Place): OpenLoan["headroom"] {
  if (isExpired(loan, place.now)) return null;
  const units = headroomOf(loan, place);
  const terms = loanTerms(place.state, { units });
  return terms.isFunded && terms.netUsdMicros >= CLAIM_MIN_USD_MICROS ? { units, netUsdMicros: terms.netUsdMicros } : null;
}

/** What a person could take today: rewards in the two ways, and headroom beside them. */
export async function bonusOf(person: Person) {
  const [pots, loans] = await Promise.all([potsOf(person), openLoansOf(person)]);
  const sum = (values: (bigint | null | undefined)[]) => values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n);
  return {
    pots,
    loans,
    cashOutUsdMicros: sum(pots.map(({ cashOutUsdMicros }) => cashOutUsdMicros)),
    advanceUsdMicros: sum(pots.map(({ advanceUsdMicros }) => advanceUsdMicros)),
    headroomUsdMicros: sum(loans.map(({ headroom }) => headroom?.netUsdMicros)),
  };
}
export type Bonus = Awaited<ReturnType<typeof bonusOf>>;
