import "server-only";
import { sql } from "@/db/client";
import type { TokenState } from "@/lib/chain/cash-out";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { stillBrings, type RewardsPart } from "./choose-parts";

/** A store's rewards on a chain: the token, its revnet, and until when cash-outs wait there by the chain's clock. */
export type Issuer = { storeId: string; tokenAddress: string; projectId: number; delayedUntil: Date | null };

/** The issuers of these rewards, by store. A store that is not deployed on this chain is not among them. */
export async function issuersOf(chainId: ChainId, storeIds: readonly string[]): Promise<Map<string, Issuer>> {
  if (storeIds.length === 0) return new Map();
  const rows = await sql<{ store_id: string; token_address: string; project_id: number; delayed_until: Date | null }[]>`
    SELECT d.store_id, d.token_address, d.project_id,
           CASE WHEN v.cash_out_delay_until > COALESCE(c.block_time, now()) THEN v.cash_out_delay_until END AS delayed_until
    FROM store_deployments d
    LEFT JOIN revnet_states v ON v.store_id = d.store_id AND v.chain_id = d.chain_id
    LEFT JOIN chain_cursors c ON c.chain_id = d.chain_id
    WHERE d.store_id = ANY (${[...storeIds]}::uuid[]) AND d.chain_id = ${chainId}::chain_id AND d.status = 'deployed' AND d.project_id IS NOT NULL AND d.token_address IS NOT NULL`;
  return new Map(rows.map((row) => [row.store_id, { storeId: row.store_id, tokenAddress: row.token_address, projectId: row.project_id, delayedUntil: row.delayed_until }]));
}

type Share = Pick<RewardsPart, "kind" | "storeId" | "amountUsdMicros" | "units">;

/** Refuses rewards that bring less than the payer was shown. Fails with quote_moved. */
export function assertStillBring(shares: readonly Share[], issuers: ReadonlyMap<string, Issuer>, states: ReadonlyMap<number, TokenState>) {
  for (const share of shares) {
    const issuer = issuers.get(share.storeId);
    const state = issuer && states.get(issuer.projectId);
    if (!state || !stillBrings(share, state, issuer.delayedUntil)) throw new DomainError("quote_moved");
  }
}
