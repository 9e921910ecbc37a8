import "server-only";
import { sql } from "@/db/client";
import { ownerChangeCalls } from "@/lib/accounts/owner-change-calls";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { deployRevnetCalls, distributeReservedCalls } from "@/lib/chain/revnet";
import { nextProjectId } from "@/lib/chain/revnet-state";
import { dollarsBurnCalls, rewardsPrepareCalls } from "@/lib/consolidation/build-operation";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { guestRefundCalls } from "@/lib/guests/build-refund";
import { claimOperationCalls } from "@/lib/loans/build-claim";
import { paymentOperationCalls } from "@/lib/payments/build-operation";
import { storePayoutCalls } from "@/lib/payouts/build-payout";
import { storeRefundCalls } from "@/lib/refunds/build-refund";
import { rewardReturnCalls } from "@/lib/refunds/build-return";
import { tillDepositCalls } from "@/lib/tillpix/build-deposit";
import { tillRewardCalls } from "@/lib/tillpix/build-reward";
import { transferOperationCalls } from "@/lib/transfers/build-operation";
import type { OperationKind } from "./rules";

export type OperationSubject = { id: string; chainId: ChainId; kind: OperationKind; subjectId: string; sender: string };
type Built = { calls: Call[]; startsAt: Date | null };

/**
 * The calls of an operation, rebuilt from its subject's row at the moment of signing. Nothing else is ever signed: not
 * setSplitGroupsOf, setSplitOperatorOf, setPoolFor, setTwap*, enableEmergencyHatchFor or setDeprecation.
 * Fails with a DomainError when the subject no longer allows it; throws when the node is out of reach.
 */
export const operationCalls: (operation: OperationSubject) => Promise<Built> = (operation) => builders[operation.kind](operation);

const builders: Record<OperationKind, (operation: OperationSubject) => Promise<Built>> = {
  payment: paymentOperationCalls,
  store_deployment: deploymentCalls,
  reserved_distribution: distributionCalls,
  owner_change: ownerChangeCalls,
  guest_refund: guestRefundCalls,
  transfer: transferOperationCalls,
  cash_out: claimOperationCalls,
  loan_claim: claimOperationCalls,
  loan_reallocation: claimOperationCalls,
  loan_repayment: claimOperationCalls,
  dollars_burn: dollarsBurnCalls,
  rewards_prepare: rewardsPrepareCalls,
  store_refund: storeRefundCalls,
  reward_return: rewardReturnCalls,
  store_payout: storePayoutCalls,
  till_deposit: tillDepositCalls,
  till_reward: tillRewardCalls,
};

async function deploymentCalls({ id, chainId, subjectId, sender }: OperationSubject): Promise<Built> {
  const [row] = await sql<{ name: string; symbol: string; reward_rate_bps: number | null; starts_at: Date | null; address: Address; status: string }[]>`
    SELECT s.name, s.symbol, s.reward_rate_bps, s.starts_at, a.address, d.status
    FROM stores s
    JOIN store_accounts a ON a.store_id = s.id AND a.chain_id = ${chainId}::chain_id
    JOIN store_deployments d ON d.store_id = s.id AND d.chain_id = ${chainId}::chain_id AND d.operation_id = ${id}
    WHERE s.id = ${subjectId}`;
  if (!row || row.status !== "deploying") throw new DomainError("not_found");
  invariant(row.address === sender, "a store's own account deploys its revnet");
  invariant(row.reward_rate_bps !== null && row.starts_at !== null, "a store that deploys has its reward rate and its start");
  const calls = deployRevnetCalls({
    chainId,
    storeId: subjectId,
    name: row.name,
    symbol: row.symbol,
    rewardRateBps: row.reward_rate_bps,
    storeAccount: row.address,
    startsAt: Math.floor(row.starts_at.getTime() / 1000),
    nextProjectId: await nextProjectId(chainId),
    chainIds: env().CHAIN_IDS,
  });
  return { calls, startsAt: null };
}

async function distributionCalls({ chainId, subjectId }: OperationSubject): Promise<Built> {
  const [row] = await sql<{ project_id: number | null; starts_at: Date | null }[]>`
    SELECT d.project_id, s.starts_at FROM store_deployments d JOIN stores s ON s.id = d.store_id
    WHERE d.store_id = ${subjectId} AND d.chain_id = ${chainId}::chain_id AND d.status = 'deployed'`;
  if (!row?.project_id) throw new DomainError("store_not_ready");
  return { calls: distributeReservedCalls(row.project_id), startsAt: row.starts_at };
}
