import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { log } from "@/lib/log";
import type { Lease, SqlTx } from "@/lib/worker/lease";
import { moveBalances, writeJournal } from "./apply-balances";
import { lockCursor } from "./cursor";
import { expireOperations } from "./expire-operations";
import type { RangeFacts, RevnetState, Touched } from "./facts";
import { hintTillPix } from "./hint-till-pix";
import { recordMoved } from "./record-moved";
import { markAccountsDeployed, settleFailedDeployments, settleRevnets } from "./settle-deployments";
import { settleIncoming } from "./settle-incoming";
import { settleLoans } from "./settle-loans";
import { settleArrivals, settleDepartures } from "./settle-consolidations";
import { settleMoves } from "./settle-moves";
import { releaseOperations, settleOperations } from "./settle-operations";
import { lockCharges, settleOutside } from "./settle-outside";
import { settlePayments } from "./settle-payments";
import { settlePayouts } from "./settle-payouts";
import { settleRefunds } from "./settle-refunds";
import { settleStoreRefunds } from "./settle-store-refunds";
import { settleSigners } from "./settle-signers";
import { recordPaid } from "./store-events";

/**
 * Applies a range of blocks in one transaction: journal, balances, operations, payments, reservations, deployments, the tills'
 * log and the cursor move together or not at all. Every statement takes the whole range (unnest), so catching up costs a
 * handful of round trips a range. Fails with CursorMovedError when the range was read behind another cursor.
 */
export async function applyRange(lease: Lease, facts: RangeFacts): Promise<Touched> {
  const { chainId, last } = facts;
  const touched: Touched = { userIds: new Set(), storeIds: new Set() };
  await lease.transaction(async (tx) => {
    await lockCursor(tx, chainId, facts.after);
    await lockCharges(tx, facts);
    await writeStates(tx, chainId, facts.states);
    // Deployments first: a token belongs to its store from here on, and a payment is held against its project.
    await settleRevnets(tx, chainId, facts.revnets, touched);
    await moveBalances(tx, await writeJournal(tx, chainId, facts.transfers), last.number, touched);

    const settled = await settleOperations(tx, chainId, facts.operations);
    for (const { id, previousStatus } of settled) if (previousStatus !== "submitted") log().warn({ operationId: id, previousStatus }, "an operation landed that was not on its way");
    await markAccountsDeployed(tx, chainId, settled, last.minedAt);
    await settleSigners(tx, chainId, facts.signers, touched);
    const confirmed = await settlePayments(tx, chainId, settled, facts, touched);
    await settleMoves(tx, chainId, settled, touched);
    await hintTillPix(tx, settled);
    await recordMoved(tx, chainId, settled, facts);
    await settlePayouts(tx, chainId, settled, facts, touched);
    await settleLoans(tx, chainId, facts.loans, touched);
    await settleDepartures(tx, chainId, settled, facts, touched);
    await settleArrivals(tx, chainId, facts.arrivals, touched);
    const outside = await settleOutside(tx, facts, settled, touched);
    await settleIncoming(tx, facts, touched);
    await settleRefunds(tx, settled.filter(({ kind }) => kind === "guest_refund").map(({ id, subjectId, fact }) => ({ id, subjectId, txHash: fact.success ? fact.txHash : null, reason: fact.reason })), touched);
    await settleStoreRefunds(tx, chainId, settled.map(({ id, kind, subjectId, fact }) => ({ id, kind, subjectId, txHash: fact.success ? fact.txHash : null, reason: fact.reason, isReverted: !fact.success })), touched);
    await releaseOperations(tx, settled.map(({ id, fact }) => ({ id, block: fact.blockNumber })));
    const failedDeployments = settled.filter(({ kind, fact }) => kind === "store_deployment" && !fact.success);
    await settleFailedDeployments(tx, chainId, failedDeployments.map(({ id, subjectId, fact }) => ({ storeId: subjectId, operationId: id, reason: fact.reason ?? "The chain refused the deployment" })), touched);
    await expireOperations(tx, chainId, facts.expired, last, touched);

    await writeBlocks(tx, facts);
    await recordPaid(tx, [...confirmed.map(({ transactionId, storeId, fact }) => ({ transactionId, storeId, block: fact.blockNumber, kind: "paid" as const })), ...outside]);
  });
  return touched;
}

/** Newer states only: ranges are read at the head, so a later range may know less than the row. */
export async function writeStates(tx: SqlTx, chainId: ChainId, states: readonly RevnetState[]) {
  if (states.length === 0) return;
  await tx`
    INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, cash_out_tax_rate, cash_out_delay_until, block_number)
    SELECT store_id, ${chainId}::chain_id, surplus, supply, pending, borrowed, collateral, tax, delay_until, block
    FROM unnest(
      ${states.map((state) => state.storeId)}::uuid[], ${states.map((state) => state.surplusUsdMicros.toString())}::numeric[], ${states.map((state) => state.supplyUnits.toString())}::numeric[],
      ${states.map((state) => state.pendingReservedUnits.toString())}::numeric[], ${states.map((state) => state.borrowedUsdMicros.toString())}::numeric[],
      ${states.map((state) => state.collateralUnits.toString())}::numeric[], ${states.map((state) => state.cashOutTaxRate)}::integer[], ${states.map((state) => state.cashOutDelayUntil?.toISOString() ?? null)}::timestamptz[],
      ${states.map((state) => state.blockNumber.toString())}::bigint[]
    ) AS state (store_id, surplus, supply, pending, borrowed, collateral, tax, delay_until, block)
    ON CONFLICT (store_id, chain_id) DO UPDATE SET
      surplus_usd_micros = excluded.surplus_usd_micros, supply = excluded.supply, pending_reserved = excluded.pending_reserved,
      borrowed_usd_micros = excluded.borrowed_usd_micros, collateral = excluded.collateral, cash_out_tax_rate = excluded.cash_out_tax_rate, cash_out_delay_until = excluded.cash_out_delay_until,
      block_number = excluded.block_number, updated_at = now()
    WHERE revnet_states.block_number <= excluded.block_number`;
}

async function writeBlocks(tx: SqlTx, { chainId, blocks, last }: RangeFacts) {
  await tx`
    INSERT INTO chain_blocks (chain_id, number, hash, parent_hash, mined_at)
    SELECT ${chainId}::chain_id, * FROM unnest(
      ${blocks.map((block) => block.number.toString())}::bigint[], ${blocks.map((block) => block.hash)}::text[],
      ${blocks.map((block) => block.parentHash)}::text[], ${blocks.map((block) => block.minedAt.toISOString())}::timestamptz[])`;
  await tx`
    UPDATE chain_cursors SET block_number = ${last.number.toString()}::bigint, block_hash = ${last.hash}, block_time = ${last.minedAt}, head_moved_at = now(), updated_at = now()
    WHERE chain_id = ${chainId}::chain_id`;
}
