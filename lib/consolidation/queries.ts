import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { rewardValueUsdMicros } from "@/lib/chain/revnet";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { TokenPart } from "@/lib/payments/rules";
import type { ConsolidationKind, ConsolidationProblem, ConsolidationStage, ConsolidationStep } from "./rules";
import { DollarsTerms, RewardsTerms } from "./terms";

type Store = { id: string; name: string; qrVersion: number };

/** Money that has left one chain and has not arrived on the other: in no balance, and the person's all the same. */
export type InFlight = { id: string; kind: ConsolidationKind; store: Store | null; units: bigint; valueUsdMicros: bigint; stage: ConsolidationStage; problem: ConsolidationProblem | null; createdAt: Date };

/** What of a person's is on its way, oldest first. Read it in the same moment as the balance: departure and arrival move both together. */
export async function inFlightOf(userId: string): Promise<InFlight[]> {
  const rows = await sql<
    { id: string; kind: ConsolidationKind; units: string; stage: ConsolidationStage; problem: ConsolidationProblem | null; store_id: string | null; name: string | null; qr_version: number | null; surplus: string | null; supply: string | null; backing: string | null; created_at: Date }[]
  >`
    SELECT c.id, c.kind, c.units::text, c.stage, c.problem, c.store_id, s.name, s.qr_version, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply, c.leaf_usd_micros::text AS backing, c.created_at
    FROM consolidations c LEFT JOIN stores s ON s.id = c.store_id LEFT JOIN revnet_states v ON v.store_id = c.store_id AND v.chain_id = c.to_chain_id
    WHERE c.user_id = ${userId} AND c.kind <> 'payout' AND c.left_block IS NOT NULL AND c.arrived_block IS NULL ORDER BY c.id`;
  return rows.map((row) => {
    const units = BigInt(row.units);
    return {
      id: row.id, kind: row.kind, units, stage: row.stage, problem: row.problem, createdAt: row.created_at,
      store: row.store_id ? { id: row.store_id, name: row.name ?? "", qrVersion: row.qr_version ?? 1 } : null,
      valueUsdMicros: row.kind === "dollars" ? units : valueThere(units, row),
    };
  });
}

/** What tokens will be worth where they arrive: their dollars come along, and are shared there (cash-out tax 0). */
function valueThere(units: bigint, { surplus, supply, backing }: { surplus: string | null; supply: string | null; backing: string | null }): bigint {
  const along = BigInt(backing ?? 0);
  return rewardValueUsdMicros({ units, surplusUsdMicros: BigInt(surplus ?? 0) + along, supplyUnits: BigInt(supply ?? 0) + units });
}

export type ConsolidationView = {
  id: string;
  kind: ConsolidationKind;
  store: Store | null;
  fromChainId: ChainId;
  toChainId: ChainId;
  units: bigint;
  valueUsdMicros: bigint;
  /** The most that it may cost, and what it did. */
  maxFeeUsdMicros: bigint;
  arrivedUnits: bigint | null;
  isFast: boolean;
  stage: ConsolidationStage;
  problem: ConsolidationProblem | null;
  startedBy: "person" | "night";
  createdAt: Date;
  steps: { step: ConsolidationStep; doneAt: Date; chainId: ChainId | null; txHash: string | null }[];
};

const FAST_BELOW = 2_000;

/** One consolidation of a person, from the first tap on. Fails with not_found, also for anybody else's. */
export async function consolidationOf(actor: { userId: string }, id: string): Promise<ConsolidationView> {
  if (!isId(id)) throw new DomainError("not_found");
  const [row] = await sql<
    {
      id: string; purpose: ConsolidationKind; chain_id: ChainId; status: string; amount_usd: string; tokens_used: TokenPart[]; terms: unknown; created_at: Date; has_session: boolean;
      store_id: string | null; name: string | null; qr_version: number | null; stage: ConsolidationStage | null; problem: ConsolidationProblem | null; arrived_units: string | null;
    }[]
  >`
    SELECT t.id, t.purpose, t.chain_id, t.status, t.amount_usd::text, t.tokens_used, t.terms, t.created_at, t.session_id IS NOT NULL AS has_session,
           s.id AS store_id, s.name, s.qr_version, c.stage, c.problem, c.arrived_units::text
    FROM transactions t LEFT JOIN consolidations c ON c.id = t.id LEFT JOIN stores s ON s.id = t.store_id
    WHERE t.id = ${id} AND t.from_user_id = ${actor.userId} AND t.type = 'consolidation'`;
  if (!row) throw new DomainError("not_found");
  const steps = await sql<ConsolidationView["steps"]>`SELECT step, done_at AS "doneAt", chain_id AS "chainId", tx_hash AS "txHash" FROM consolidation_steps WHERE consolidation_id = ${id} ORDER BY done_at`;
  const dollars = row.purpose === "dollars" ? DollarsTerms.parse(row.terms) : null;
  return {
    id: row.id,
    kind: row.purpose,
    store: row.store_id ? { id: row.store_id, name: row.name ?? "", qrVersion: row.qr_version ?? 1 } : null,
    fromChainId: row.chain_id,
    toChainId: (dollars ?? RewardsTerms.parse(row.terms)).toChainId,
    units: BigInt(row.tokens_used[0]?.amount ?? 0),
    valueUsdMicros: usdMicrosFromDecimal(row.amount_usd),
    maxFeeUsdMicros: dollars?.maxFeeUsdMicros ?? 0n,
    arrivedUnits: row.arrived_units === null ? null : BigInt(row.arrived_units),
    isFast: dollars !== null && dollars.finality < FAST_BELOW,
    // Refused or expired before it left: the transaction knows first.
    stage: row.status === "failed" ? "failed" : (row.stage ?? "leaving"),
    problem: row.problem,
    startedBy: row.has_session ? "person" : "night",
    createdAt: row.created_at,
    steps: [...steps],
  };
}

/** What of a person's is being brought together or waits for their signature, newest first. */
export async function openConsolidations(actor: { userId: string }): Promise<{ id: string; kind: ConsolidationKind; store: Store | null; valueUsdMicros: bigint; createdAt: Date }[]> {
  const rows = await sql<{ id: string; kind: ConsolidationKind; store_id: string | null; name: string | null; qr_version: number | null; amount_usd: string; created_at: Date }[]>`
    SELECT t.id, t.purpose AS kind, s.id AS store_id, s.name, s.qr_version, t.amount_usd::text, t.created_at FROM transactions t LEFT JOIN stores s ON s.id = t.store_id
    WHERE t.from_user_id = ${actor.userId} AND t.type = 'consolidation' AND t.status = 'pending' ORDER BY t.id DESC LIMIT 20`;
  return rows.map((row) => ({ id: row.id, kind: row.kind, store: row.store_id ? { id: row.store_id, name: row.name ?? "", qrVersion: row.qr_version ?? 1 } : null, valueUsdMicros: usdMicrosFromDecimal(row.amount_usd), createdAt: row.created_at }));
}
