import "server-only";
import { sql } from "@/db/client";
import { holdingsOf, type Holding } from "@/lib/balances/queries";
import type { Address } from "@/lib/chain/addresses";
import { areLinked } from "@/lib/chain/bridges";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { readSuckerPair } from "@/lib/chain/sucker-state";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { dollarFare } from "./dollar-fare";
import { IrisUnreachableError } from "./iris";
import { CONSOLIDATION_USD_MICROS_MIN, USUAL_SECONDS, type ConsolidationKind } from "./rules";
import type { DollarsTerms, RewardsTerms } from "./terms";

/** Something of a person's on one chain that can be brought to the chain where their payments are made. */
export type Movable = {
  kind: ConsolidationKind;
  store: { id: string; name: string; qrVersion: number } | null;
  fromChainId: ChainId;
  toChainId: ChainId;
  tokenAddress: Address;
  units: bigint;
  valueUsdMicros: bigint;
  /** The most that it costs; for rewards nothing. */
  maxFeeUsdMicros: bigint;
  usualSeconds: number;
  terms: DollarsTerms | RewardsTerms;
};

/** A part of less than this share of what tokens fetch now stops the move: somebody else changed the treasury meanwhile. */
const MIN_BACKING_PERCENT = 99n;

/** The chain that a person's money is brought to: their preferred one while it is in use, else everybody's default. */
export async function preferredChainOf(userId: string): Promise<ChainId> {
  const { CHAIN_IDS, DEFAULT_CHAIN_ID } = env();
  const [row] = await sql<{ chain_id: ChainId | null }[]>`SELECT preferred_chain_id AS chain_id FROM users WHERE id = ${userId}`;
  return row?.chain_id && CHAIN_IDS.includes(row.chain_id) ? row.chain_id : DEFAULT_CHAIN_ID;
}

/**
 * What a person could bring together now, dollars first, then rewards by value, each with time and cost. What nobody can be asked about just now
 * (the attestation service, a node) is left out, and `isComplete` says so.
 */
export async function findMovable(userId: string): Promise<{ movable: Movable[]; isComplete: boolean }> {
  const [holdings, toChainId, recipients] = await Promise.all([holdingsOf(userId), preferredChainOf(userId), recipientsOf(userId)]);
  const recipient = recipients.get(toChainId);
  if (!recipient) return { movable: [], isComplete: true };
  const elsewhere = holdings.filter(
    ({ chainId, available, valueUsdMicros }) => areLinked(chainId, toChainId) && env().CHAIN_IDS.includes(chainId) && available > 0n && valueUsdMicros >= CONSOLIDATION_USD_MICROS_MIN,
  );
  let isComplete = true;
  const found = await Promise.all(
    elsewhere.map(async (holding): Promise<Movable | null> => {
      try {
        return holding.store ? await rewardsOf(holding, toChainId, recipient) : await dollarsOf(holding, toChainId, recipient);
      } catch (error) {
        if (!(error instanceof IrisUnreachableError || isChainUnreachable(error))) throw error;
        log().warn({ err: error, chainId: holding.chainId }, "what could be brought together can't be asked just now");
        isComplete = false;
        return null;
      }
    }),
  );
  const movable = found.flatMap((one) => one ?? []).toSorted((a, b) => Number(a.kind === "rewards") - Number(b.kind === "rewards") || Number(b.valueUsdMicros - a.valueUsdMicros));
  return { movable, isComplete };
}

/** What a person has on other chains than the one where it is brought, by value. Asks nobody but the database. */
export async function elsewhereOf(userId: string): Promise<bigint> {
  const [holdings, toChainId] = await Promise.all([holdingsOf(userId), preferredChainOf(userId)]);
  return holdings.filter(({ chainId, valueUsdMicros }) => areLinked(chainId, toChainId) && valueUsdMicros >= CONSOLIDATION_USD_MICROS_MIN).reduce((sum, { valueUsdMicros }) => sum + valueUsdMicros, 0n);
}

async function recipientsOf(userId: string): Promise<Map<ChainId, Address>> {
  const rows = await sql<{ chain_id: ChainId; address: Address }[]>`SELECT chain_id, address FROM smart_accounts WHERE user_id = ${userId}`;
  return new Map(rows.map((row) => [row.chain_id, row.address]));
}

/** Fast where its fee is known, for people who wait; else the free one. */
export async function dollarsOf({ chainId, available, tokenAddress, valueUsdMicros }: Holding, toChainId: ChainId, recipient: Address, { isPatient = false } = {}): Promise<Movable | null> {
  const { maxFeeUsdMicros, finality, usualSeconds } = (await dollarFare(chainId, toChainId, { isPatient }))(available);
  if (maxFeeUsdMicros >= available) return null;
  return {
    kind: "dollars", store: null, fromChainId: chainId, toChainId, tokenAddress: tokenAddress as Address, units: available, valueUsdMicros, maxFeeUsdMicros,
    usualSeconds, terms: { toChainId, recipient, maxFeeUsdMicros, finality },
  };
}

/** Null for a store that is not on both chains, or has no sucker between them. */
async function rewardsOf({ store, chainId, available, tokenAddress, valueUsdMicros }: Holding, toChainId: ChainId, recipient: Address): Promise<Movable | null> {
  if (!store) return null;
  const deployments = await sql<{ chain_id: ChainId; project_id: number }[]>`
    SELECT chain_id, project_id FROM store_deployments WHERE store_id = ${store.id} AND status = 'deployed' AND chain_id::text = ANY (${[chainId, toChainId]}::text[])`;
  const [from, to] = [chainId, toChainId].map((id) => deployments.find(({ chain_id }) => chain_id === id)?.project_id);
  if (from === undefined || to === undefined) return null;
  const sucker = await readSuckerPair({ from: { chainId, projectId: from }, to: { chainId: toChainId, projectId: to } });
  if (!sucker) return null;
  const token = tokenAddress as Address;
  return {
    kind: "rewards", store: { id: store.id, name: store.name, qrVersion: store.qrVersion }, fromChainId: chainId, toChainId, tokenAddress: token, units: available, valueUsdMicros, maxFeeUsdMicros: 0n,
    usualSeconds: USUAL_SECONDS.rewards,
    terms: { toChainId, recipient, sucker, token, minUsdMicros: (valueUsdMicros * MIN_BACKING_PERCENT) / 100n },
  };
}
