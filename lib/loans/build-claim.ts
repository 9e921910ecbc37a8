import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { chainTime, readRevnetState } from "@/lib/chain/revnet-state";
import { DomainError, invariant } from "@/lib/errors";
import { claimCalls } from "./claim-calls";
import { priceClaim, type Place } from "./price-claim";
import { ClaimTerms } from "./rules";

type Operation = { id: string; chainId: ChainId; sender: string };

/**
 * The calls of a claim or a repayment, rebuilt from its row at the moment of signing, with what was guaranteed as their minimum. The revnet is read
 * from the chain again: less than promised, a store that can't pay, a delay or an advance that is no longer this person's stop it unsigned.
 * Fails with not_found, account_frozen, store_not_ready, quote_moved, bonus_delayed, advance_not_funded; throws when the node is out of reach.
 */
export async function claimOperationCalls({ id, chainId, sender }: Operation): Promise<{ calls: Call[]; startsAt: Date | null }> {
  const [row] = await sql<{ status: string; purpose: string; terms: unknown; sender: string; frozen_at: Date | null; starts_at: Date | null; project_id: number | null; has_loan: boolean }[]>`
    SELECT t.status, t.purpose, t.terms, a.address AS sender, u.frozen_at, s.starts_at, d.project_id,
           EXISTS (SELECT 1 FROM loans l WHERE l.id = (t.terms->'loan'->>'id')::uuid AND l.loan_id_onchain = (t.terms->'loan'->>'number')::numeric AND l.user_id = u.id AND l.store_id IS NULL AND l.chain_id = t.chain_id AND l.is_active) AS has_loan
    FROM transactions t
    JOIN users u ON u.id = t.from_user_id
    JOIN smart_accounts a ON a.user_id = u.id AND a.chain_id = t.chain_id
    JOIN stores s ON s.id = t.store_id
    LEFT JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id AND d.status = 'deployed'
    WHERE t.id = ${id} AND t.type = 'bonus_claim' AND t.chain_id = ${chainId}::chain_id`;
  if (!row) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending claim is signed");
  invariant(row.sender === sender, "the operation's sender is the person's account");
  if (row.frozen_at) throw new DomainError("account_frozen");
  const terms = ClaimTerms.parse(row.terms);
  invariant(terms.way === row.purpose && terms.chainId === chainId, "the terms are of this row");
  if (row.project_id === null) throw new DomainError("store_not_ready");
  invariant(row.project_id === terms.projectId, "the terms are of this store's revnet");
  if (terms.loan && !row.has_loan) throw new DomainError("not_found");
  if (terms.way !== "repayment") await assertGuaranteed(terms);
  return { calls: claimCalls(terms, sender as Address), startsAt: row.starts_at };
}

/** What the chain would give now, against what was guaranteed. A repayment's own maximum is enforced by the contract. */
async function assertGuaranteed(terms: ClaimTerms): Promise<void> {
  const { chainId, storeId, projectId, way } = terms;
  if (way === "repayment") return;
  const [state, now] = await Promise.all([readRevnetState(chainId, projectId), chainTime(chainId)]);
  const place: Place = { storeId, chainId, projectId, state, cashOutDelayUntil: state.cashOutDelayUntil, now };
  const present = priceClaim(way, place, terms.units);
  if ((way === "cash_out" ? present.netUsdMicros : present.grossUsdMicros) < terms.boundUsdMicros) throw new DomainError("quote_moved");
}
