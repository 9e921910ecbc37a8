import "server-only";
import { sql } from "@/db/client";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { CCTP_FINALITY } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import type { ConsolidationProblem } from "@/lib/consolidation/rules";
import { DomainError } from "@/lib/errors";
import { isEnabled } from "@/lib/flags/is-enabled";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { currentRate } from "@/lib/rates/queries";
import { requirePermission } from "@/lib/team/require-permission";
import type { Role } from "@/lib/team/rules";
import { reachesPartner } from "./bridge";
import { payoutChain } from "./offered";
import { potValueUsdMicros } from "./plan-funding";
import { flagOf, PAYOUT_TYPES, type PayoutFee, type PayoutProviderName, type PayoutState, type PayoutTerms, type PayoutType, type PayoutWay, type PixKeyHolder, type StoredDestination } from "./rules";
import { storePots } from "./store-pots";

/** Rows of one page of the list. */
const PAGE = 30;

/** A payout as lists show it. */
export type ListedPayout = {
  id: string;
  at: Date;
  state: PayoutState;
  type: PayoutType;
  to: ShownDestination;
  netUsdMicros: bigint;
  /** What was promised, or paid once it is completed. */
  amountBrlCentavos: bigint | null;
  isDollars: boolean;
};
/** Where it goes, as it may stand on a screen. */
export type ShownDestination = { kind: "balance" | "pix" | "bank" | "wallet"; name: string | null; shown: string | null; isOwn: boolean };

type Row = {
  id: string; created_at: Date; state: PayoutState; payout_type: PayoutType; destination: StoredDestination; amount_usd: string; fee_usd: string; funded_usd: string | null;
  amount_brl_centavos: string | null; provider: PayoutProviderName | null; to_name: string | null;
};
/** The name of whose balance it went to, as that person has it now. */
const toName = () => sql`(SELECT u.name FROM users u WHERE u.id = (payouts.destination->>'userId')::uuid) AS to_name`;

const shownOf = ({ destination, to_name }: Row, userId: string): ShownDestination =>
  destination.kind === "balance"
    ? { kind: "balance", name: to_name, shown: null, isOwn: destination.userId === userId }
    : { kind: destination.kind, name: destination.ownerName, shown: destination.shown, isOwn: false };

const netOf = (row: Pick<Row, "amount_usd" | "fee_usd" | "funded_usd">): bigint =>
  row.funded_usd === null ? usdMicrosFromDecimal(row.amount_usd) - usdMicrosFromDecimal(row.fee_usd) : usdMicrosFromDecimal(row.funded_usd);

const listedOf = (row: Row, userId: string): ListedPayout => ({
  id: row.id, at: row.created_at, state: row.state, type: row.payout_type, to: shownOf(row, userId), netUsdMicros: netOf(row),
  amountBrlCentavos: row.amount_brl_centavos === null ? null : BigInt(row.amount_brl_centavos), isDollars: row.provider === null,
});

export type PayoutsPage = {
  role: Role;
  balanceUsdMicros: bigint;
  /** The same in parts, where the store's money lies on more than one chain. */
  pots: { chainId: ChainId; valueUsdMicros: bigint }[];
  brlPerUsdMicros: bigint;
  items: ListedPayout[];
  next: string | null;
  /** Months with payouts, newest first, as "2026-11". */
  months: string[];
  /** Dollars at a partner that no payout explains. */
  unmatchedUsdMicros: bigint;
};

/** The store's payouts, newest first, all or of one month in the store's time zone. Fails with not_found, forbidden. */
export async function getPayouts(actor: Actor, storeId: string, { before, month, timeZone }: { before?: string; month?: string; timeZone: string }): Promise<PayoutsPage> {
  const role = await requirePermission(db, actor, storeId, "payouts.manage");
  if (before !== undefined && !isId(before)) throw new DomainError("not_found");
  const wanted = month && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : null;
  const [pots, rate, rows, months, unmatched] = await Promise.all([
    storePots(storeId, { isLive: false }),
    currentRate(),
    sql<Row[]>`
      SELECT id, created_at, state, payout_type::text AS payout_type, destination, amount_usd::text, fee_usd::text, funded_usd::text, amount_brl_centavos::text, provider, ${toName()} FROM payouts
      WHERE store_id = ${storeId} ${before ? sql`AND id < ${before}` : sql``} ${wanted ? sql`AND to_char(created_at AT TIME ZONE ${timeZone}, 'YYYY-MM') = ${wanted}` : sql``}
      ORDER BY id DESC LIMIT ${PAGE + 1}`,
    sql<{ month: string }[]>`SELECT DISTINCT to_char(created_at AT TIME ZONE ${timeZone}, 'YYYY-MM') AS month FROM payouts WHERE store_id = ${storeId} ORDER BY 1 DESC LIMIT 24`,
    sql<{ usd: string }[]>`SELECT COALESCE(sum(unmatched_usd), 0)::text AS usd FROM payout_accounts WHERE store_id = ${storeId}`,
  ]);
  const values = pots.map((pot) => ({ chainId: pot.chainId, valueUsdMicros: potValueUsdMicros(pot) }));
  const items = rows.slice(0, PAGE).map((row) => listedOf(row, actor.userId));
  return {
    role, items, balanceUsdMicros: values.reduce((sum, { valueUsdMicros }) => sum + valueUsdMicros, 0n), pots: values.filter(({ valueUsdMicros }) => valueUsdMicros > 0n),
    brlPerUsdMicros: rate.brlPerUsdMicros, next: rows.length > PAGE ? (items.at(-1)?.id ?? null) : null, months: months.map((row) => row.month),
    unmatchedUsdMicros: usdMicrosFromDecimal(unmatched[0]?.usd ?? "0"),
  };
}

/** Dollars of another chain on their way to the partner's: whether they have left and not arrived, why they wait, and what it cost, or may at most. */
export type PayoutBridge = { isOnTheWay: boolean; hasArrived: boolean; isFast: boolean; problem: ConsolidationProblem | null; feeUsdMicros: bigint; arrivedTxHash: string | null };

export type PayoutStep = { state: PayoutState; at: Date; reason: string | null };
export type PayoutView = ListedPayout & {
  way: PayoutWay | null;
  /** Null where the store's money lies where the partner takes it. */
  bridge: PayoutBridge | null;
  terms: PayoutTerms | null;
  fees: PayoutFee[];
  amountUsdMicros: bigint;
  feeUsdMicros: bigint;
  isFunded: boolean;
  steps: PayoutStep[];
  problem: string | null;
  reason: string | null;
  minimumBrlCentavos: bigint | null;
  offeredBrlCentavos: bigint | null;
  endToEndId: string | null;
  requestedBy: string | null;
  completedAt: Date | null;
  destinationId: string | null;
  /** Other destinations of the partner that a failed one may be tried with. */
  others: SavedDestination[];
  /** Whether the owner may order once more with the dollars at the partner, or ask anew because they never left. */
  canRetry: boolean;
  canAskAnew: boolean;
  hasPartnerReceipt: boolean;
  details: { chainId: ChainId | null; txHash: string | null; externalId: string | null; payee: string | null };
};

/** The free transfer waits for the finality of its chain: up to so long it is not late. */
const SLOW_IS_USUAL_SECONDS = 1_800;

/** One payout with what happened to it. Fails with not_found, forbidden. */
export async function getPayout(actor: Actor, storeId: string, payoutId: string): Promise<PayoutView> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const [row] = isId(payoutId)
    ? await sql<(Row & {
        way: PayoutWay | null; quote: (PayoutTerms & { fees?: PayoutFee[] }) | null; problem: string | null; error_message: string | null; minimum: string | null; offered: string | null; credited_at: Date | null;
        end_to_end_id: string | null; external_id: string | null; completed_at: Date | null; destination_id: string | null; requested_by: string | null; chain_id: ChainId | null; tx_hash: string | null; payee: string | null; has_receipt: boolean;
        is_on_the_way: boolean | null; has_arrived: boolean | null; bridge_problem: ConsolidationProblem | null; bridge_fee: string | null; seconds_on_the_way: number | null; arrived_tx_hash: string | null;
      })[]>`
        SELECT (SELECT o.name FROM users o WHERE o.id = (p.destination->>'userId')::uuid) AS to_name, p.id, p.created_at, p.state, p.payout_type::text AS payout_type, p.destination, p.amount_usd::text, p.fee_usd::text, p.funded_usd::text, p.amount_brl_centavos::text, p.provider, p.way, p.quote, p.problem,
               p.error_message, p.minimum_brl_centavos::text AS minimum, p.offered_brl_centavos::text AS offered, p.credited_at, p.end_to_end_id, p.external_id, p.completed_at, p.destination_id,
               u.name AS requested_by, p.chain_id, t.tx_hash, t.payee_address AS payee, EXISTS (SELECT FROM payout_receipts r WHERE r.payout_id = p.id) AS has_receipt,
               c.left_block IS NOT NULL AND c.arrived_block IS NULL AS is_on_the_way, c.arrived_block IS NOT NULL AS has_arrived, c.problem AS bridge_problem, (c.units - c.arrived_units)::text AS bridge_fee,
               COALESCE(extract(epoch FROM now() - c.left_at), 0)::float8 AS seconds_on_the_way, c.arrived_tx_hash
        FROM payouts p JOIN users u ON u.id = p.requested_by LEFT JOIN transactions t ON t.id = p.transaction_id LEFT JOIN consolidations c ON c.id = p.transaction_id AND c.kind = 'payout' WHERE p.id = ${payoutId} AND p.store_id = ${storeId}`
    : [];
  if (!row) throw new DomainError("not_found");
  const steps = await sql<{ state: PayoutState; at: Date; reason: string | null }[]>`SELECT state, at, detail->>'reason' AS reason FROM payout_steps WHERE payout_id = ${payoutId} ORDER BY at, id`;
  const isFunded = row.funded_usd !== null;
  // Prices of before there was a bridge have no word on it.
  const { bridgeToChainId = null, bridgeFeeUsdMicros = "0", bridgeFinality = 0 } = row.quote ?? {};
  const isFast = bridgeFinality < CCTP_FINALITY.standard;
  const isSlowAsUsual = row.bridge_problem === "attestation_late" && !isFast && (row.seconds_on_the_way ?? 0) < SLOW_IS_USUAL_SECONDS;
  const bridge: PayoutBridge | null = bridgeToChainId && {
    isOnTheWay: row.is_on_the_way ?? false, hasArrived: row.has_arrived ?? false, isFast, problem: isSlowAsUsual ? null : row.bridge_problem, feeUsdMicros: BigInt(row.bridge_fee ?? bridgeFeeUsdMicros),
    arrivedTxHash: row.arrived_tx_hash,
  };
  const canRetry = row.provider !== null && row.credited_at !== null && (row.state === "failed" || row.state === "returned");
  return {
    ...listedOf(row, actor.userId), way: row.way, bridge, terms: row.quote, fees: row.quote?.fees ?? [], amountUsdMicros: usdMicrosFromDecimal(row.amount_usd), feeUsdMicros: usdMicrosFromDecimal(row.fee_usd),
    isFunded, steps, problem: row.problem, reason: row.error_message, minimumBrlCentavos: row.minimum === null ? null : BigInt(row.minimum), offeredBrlCentavos: row.offered === null ? null : BigInt(row.offered),
    endToEndId: row.end_to_end_id, requestedBy: row.requested_by, completedAt: row.completed_at, destinationId: row.destination_id, canRetry,
    canAskAnew: !isFunded && (row.state === "failed" || row.state === "needs_confirmation"),
    others: canRetry ? (await listDestinations(actor, storeId)).filter(({ provider, waitSeconds, isConfirmed }) => provider === row.provider && isConfirmed && waitSeconds === 0) : [],
    hasPartnerReceipt: row.has_receipt,
    details: { chainId: row.chain_id, txHash: row.tx_hash, externalId: row.external_id, payee: row.payee },
  };
}

export type SavedDestination = {
  id: string; type: PayoutType; provider: PayoutProviderName | null; label: string | null; shown: string; holder: PixKeyHolder | null; name: string | null;
  lookup: "none" | "asking" | "found" | "unknown" | "identity" | "away"; isConfirmed: boolean; waitSeconds: number; usableAt: Date | null;
};

type DestinationRow = Omit<SavedDestination, "name"> & { holderName: string | null };
const destinationColumns = () => sql`
  d.id, d.type::text AS type, d.provider, d.label, d.shown, d.holder, d.lookup, d.confirmed_at IS NOT NULL AS "isConfirmed", d.usable_at AS "usableAt", d.data->>'holderName' AS "holderName",
  COALESCE(greatest(0, ceil(extract(epoch FROM d.usable_at - now())))::int, 0) AS "waitSeconds"`;
const savedOf = ({ holderName, ...row }: DestinationRow): SavedDestination => ({ ...row, name: row.holder?.name ?? holderName });

/** The store's confirmed destinations, the newest first. Fails with not_found, forbidden. */
export async function listDestinations(actor: Actor, storeId: string): Promise<SavedDestination[]> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const rows = await sql<DestinationRow[]>`SELECT ${destinationColumns()} FROM payout_destinations d WHERE d.store_id = ${storeId} AND d.removed_at IS NULL AND d.confirmed_at IS NOT NULL ORDER BY d.id DESC`;
  return rows.map(savedOf);
}

/** One destination, also before it is confirmed. Fails with not_found, forbidden. */
export async function getDestination(actor: Actor, storeId: string, destinationId: string): Promise<SavedDestination> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const [row] = isId(destinationId) ? await sql<DestinationRow[]>`SELECT ${destinationColumns()} FROM payout_destinations d WHERE d.id = ${destinationId} AND d.store_id = ${storeId} AND d.removed_at IS NULL` : [];
  if (!row) throw new DomainError("not_found");
  return savedOf(row);
}

export type NewPayoutPage = {
  balanceUsdMicros: bigint;
  pots: { chainId: ChainId; valueUsdMicros: bigint; /** Whether it can be paid in reais, there or over a bridge. */ reachesPartner: boolean }[];
  /** The chain that reais are paid from; what lies elsewhere is brought there. */
  partnerChainId: ChainId | null;
  brlPerUsdMicros: bigint;
  offered: PayoutType[];
  members: { userId: string; name: string | null; waitSeconds: number }[];
  destinations: SavedDestination[];
};

/** What the form of a new payout offers. Fails with not_found, forbidden. */
export async function getNewPayout(actor: Actor, storeId: string): Promise<NewPayoutPage> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const [pots, rate, members, destinations] = await Promise.all([
    storePots(storeId),
    currentRate(),
    sql<{ userId: string; name: string | null; waitSeconds: number }[]>`
      SELECT m.user_id AS "userId", u.name, greatest(0, ceil(extract(epoch FROM m.accepted_at + INTERVAL '24 hours' - now())))::int AS "waitSeconds"
      FROM store_members m JOIN users u ON u.id = m.user_id WHERE m.store_id = ${storeId} AND m.accepted_at IS NOT NULL AND u.deleted_at IS NULL AND m.user_id <> ${actor.userId} ORDER BY u.name, m.user_id`,
    listDestinations(actor, storeId),
  ]);
  const flags = await Promise.all(PAYOUT_TYPES.map(async (type) => ((await isEnabled(flagOf(type), actor.userId)) && (type === "wallet" || payoutChain() !== null) ? [type] : [])));
  const values = pots.map((pot) => ({ chainId: pot.chainId, valueUsdMicros: potValueUsdMicros(pot), reachesPartner: reachesPartner(pot.chainId) }));
  return {
    balanceUsdMicros: values.reduce((sum, { valueUsdMicros }) => sum + valueUsdMicros, 0n), pots: values, partnerChainId: payoutChain(), brlPerUsdMicros: rate.brlPerUsdMicros, offered: flags.flat(), members, destinations,
  };
}

/** Payouts of one statement. */
const MONTH_MAX = 1_000;

/** Every payout of a month ("2026-11") in a time zone, oldest first. Fails with not_found (no month), forbidden. */
export async function listMonth(actor: Actor, storeId: string, { month, timeZone }: { month: string; timeZone: string }): Promise<ListedPayout[]> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new DomainError("not_found");
  const rows = await sql<Row[]>`
    SELECT id, created_at, state, payout_type::text AS payout_type, destination, amount_usd::text, fee_usd::text, funded_usd::text, amount_brl_centavos::text, provider, ${toName()} FROM payouts
    WHERE store_id = ${storeId} AND to_char(created_at AT TIME ZONE ${timeZone}, 'YYYY-MM') = ${month} ORDER BY id LIMIT ${MONTH_MAX}`;
  return rows.map((row) => listedOf(row, actor.userId));
}

/** The partner's own receipt of a payout, as it came; null while there is none. Fails with not_found, forbidden. */
export async function readPartnerReceipt(actor: Actor, storeId: string, payoutId: string): Promise<Uint8Array | null> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  const [row] = isId(payoutId) ? await sql<{ pdf: Uint8Array }[]>`SELECT r.pdf FROM payout_receipts r JOIN payouts p ON p.id = r.payout_id WHERE p.id = ${payoutId} AND p.store_id = ${storeId} AND r.ticket_id = p.external_id` : [];
  return row?.pdf ?? null;
}
