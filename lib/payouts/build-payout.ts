import "server-only";
import { sql } from "@/db/client";
import { STEP_UP_SECONDS } from "@/lib/auth/rules";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { burnCalls } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { prepaidFeePercentOf } from "@/lib/chain/loan-math";
import { borrowCalls } from "@/lib/chain/loans";
import { cashOutCall, distributeReservedCalls } from "@/lib/chain/revnet";
import { readRevnetState, readStoreTokens } from "@/lib/chain/revnet-state";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { noteDeparture } from "@/lib/consolidation/note-departure";
import { DomainError, invariant } from "@/lib/errors";
import { bridgeTarget, isFair, reachesPartner } from "./bridge";
import { fundingNow } from "./plan-funding";
import { PayoutTerms } from "./rules";

type Row = {
  status: string; terms: unknown; payee: Address; sender: Address; store_id: string; requested_by: string; is_reais: boolean; project_id: number; token_address: Address; frozen_at: Date | null; is_owner: boolean; has_stepped_up: boolean; is_destination: boolean;
};

/**
 * The calls that fund a payout from the store's account, rebuilt from its row when they are signed: distribute what waits, cash out the fewest tokens or
 * borrow, and send the dollars to the destination or the partner, or burn them for the partner's account on its chain where the store's money is on another. Who asked must still own the store and have confirmed it; the destination must still stand.
 * Less than the least that was shown stops it unsigned.
 * Fails with not_found, store_not_ready (an older operation of the store has to land first), forbidden, account_frozen, step_up_required, payee_not_known, quote_moved; throws when the node is out of reach.
 */
export async function storePayoutCalls(operation: { id: string; chainId: ChainId; sender: string; subjectId: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const { chainId } = operation;
  const [row] = await sql<Row[]>`
    SELECT t.status, t.terms, t.payee_address AS payee, a.address AS sender, p.store_id, p.requested_by, p.provider IS NOT NULL AS is_reais, d.project_id, d.token_address, u.frozen_at,
           EXISTS (SELECT FROM store_members m WHERE m.store_id = t.store_id AND m.user_id = p.requested_by AND m.role = 'owner' AND m.accepted_at IS NOT NULL) AS is_owner,
           COALESCE(s.stepped_up_at > t.created_at - make_interval(secs => ${STEP_UP_SECONDS}), FALSE)
             OR EXISTS (SELECT FROM step_up_waits w WHERE w.user_id = p.requested_by AND w.purpose = 'payout' AND w.used_at = t.created_at) AS has_stepped_up,
           CASE
             WHEN p.destination_id IS NULL THEN EXISTS (SELECT FROM smart_accounts own WHERE own.user_id = t.to_user_id AND own.chain_id = t.chain_id AND own.address = t.payee_address)
             WHEN p.provider IS NULL THEN EXISTS (SELECT FROM payout_destinations o WHERE o.id = p.destination_id AND o.removed_at IS NULL AND o.usable_at <= now() AND o.data->>'address' = t.payee_address)
             ELSE EXISTS (SELECT FROM payout_accounts o WHERE o.store_id = p.store_id AND o.provider = p.provider AND o.deposit_address = t.payee_address)
               AND EXISTS (SELECT FROM payout_destinations o WHERE o.id = p.destination_id AND o.removed_at IS NULL AND o.usable_at <= now()) END AS is_destination
    FROM transactions t
    JOIN payouts p ON p.transaction_id = t.id
    JOIN users u ON u.id = p.requested_by
    JOIN store_accounts a ON a.store_id = t.store_id AND a.chain_id = t.chain_id
    JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id AND d.status = 'deployed'
    LEFT JOIN sessions s ON s.id = t.session_id AND s.user_id = p.requested_by
    WHERE t.id = ${operation.subjectId} AND t.type = 'payout' AND t.chain_id = ${chainId}::chain_id`;
  if (!row?.project_id || !row.token_address) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending payout is signed");
  invariant(row.sender === operation.sender, "the store's own account pays out");
  if (row.frozen_at) throw new DomainError("account_frozen");
  if (!row.is_owner) throw new DomainError("forbidden", { permission: "payouts.manage" });
  if (!row.has_stepped_up) throw new DomainError("step_up_required", { purpose: "payout" });
  if (!row.is_destination) throw new DomainError("payee_not_known");

  const terms = PayoutTerms.parse(row.terms);
  invariant(terms.chainId === chainId && terms.projectId === row.project_id, "the terms are of this store's revnet");
  // Where dollars for reais have to be is ours to know, whatever the row says: on another chain the partner would never see them.
  const toChainId = row.is_reais ? bridgeTarget(chainId) : null;
  if (terms.bridgeToChainId !== toChainId || (row.is_reais && !reachesPartner(chainId)) || !isFair(terms.bridgeFeeUsdMicros, terms.netUsdMicros)) throw new DomainError("payee_not_known");
  const [state, { heldUnits }] = await Promise.all([readRevnetState(chainId, row.project_id), readStoreTokens(chainId, { projectId: row.project_id, tokenAddress: row.token_address, holder: row.sender })]);
  const { sentUsdMicros, units, borrowUsdMicros } = fundingNow(terms, state);
  if (sentUsdMicros < terms.leastUsdMicros) throw new DomainError("quote_moved");
  const calls: Call[] = [];
  const older = await promisedBefore(operation, row.token_address);
  if (units + older.units > heldUnits) {
    // Two that distribute at once would fail each other: the older one goes first, and this is built anew in a moment.
    if (older.operations > 0) throw new DomainError("store_not_ready");
    calls.push(...distributeReservedCalls(row.project_id));
  }
  if (units > 0n && terms.way === "cash_out") {
    calls.push(cashOutCall({ chainId, projectId: row.project_id, holder: row.sender, units, beneficiary: row.sender, minUsdMicros: sentUsdMicros - terms.dollarsUsdMicros }));
  } else if (units > 0n) {
    calls.push(...borrowCalls({ chainId, projectId: row.project_id, account: row.sender, units, minBorrowUsdMicros: borrowUsdMicros, prepaidFeePercent: prepaidFeePercentOf(terms.prepaidFeeBps) }));
  }
  if (toChainId === null) calls.push(transferUsdcCall(chainId, row.payee, sentUsdMicros));
  else {
    await noteDeparture({ id: operation.id, userId: row.requested_by, kind: "payout", storeId: row.store_id, fromChainId: chainId, toChainId, recipient: row.payee, units: sentUsdMicros, sucker: null, startedBy: "person" });
    calls.push(...burnCalls({ from: chainId, to: toChainId, recipient: row.payee, amountUsdMicros: sentUsdMicros, maxFeeUsdMicros: terms.bridgeFeeUsdMicros, finality: terms.bridgeFinality }));
  }
  return { calls, startsAt: null };
}

/** Operations of the store's account that came before this one and have not landed, and the tokens that they will take. */
async function promisedBefore(operation: { id: string; chainId: ChainId; sender: string }, token: Address): Promise<{ operations: number; units: bigint }> {
  const [row] = await sql<{ operations: number; units: string }[]>`
    SELECT count(DISTINCT o.id)::int AS operations, COALESCE(sum((part->>'amount')::numeric) FILTER (WHERE part->>'token_address' = ${token}), 0)::text AS units
    FROM user_operations o JOIN user_operations own ON own.id = ${operation.id}
    LEFT JOIN transactions t ON t.id = o.subject_id AND t.status = 'pending'
    LEFT JOIN LATERAL jsonb_array_elements(t.tokens_used) AS part ON TRUE
    WHERE o.chain_id = ${operation.chainId}::chain_id AND o.sender = ${operation.sender} AND o.id <> own.id AND (o.created_at, o.id) < (own.created_at, own.id)
      AND (o.status = 'submitted' OR (o.status = 'queued' AND o.error_code IS NULL))`;
  return { operations: row?.operations ?? 0, units: BigInt(row?.units ?? 0) };
}
