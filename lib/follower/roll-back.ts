import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { readBlocks, readHead } from "@/lib/chain/logs";
import { newId } from "@/lib/ids";
import { TRANSACTION_KINDS, type OperationKind } from "@/lib/operations/rules";
import type { Lease, SqlTx } from "@/lib/worker/lease";
import { moveBalances } from "./apply-balances";
import { ChainResetError, lockCursor, type Cursor } from "./cursor";
import { NOT_SIGNED } from "./expire-operations";
import type { Touched } from "./facts";
import { readSignersOf } from "./read-range";
import { reopenLoans } from "./settle-loans";
import { sumUpStores } from "./settle-deployments";
import { reopenIncoming } from "./settle-incoming";
import { reopenOutside } from "./settle-outside";
import { reopenPayouts } from "./settle-payouts";
import { reopenRefunds } from "./settle-refunds";
import { reopenStoreRefunds } from "./settle-store-refunds";
import { reopenConsolidations } from "./settle-consolidations";
import { touchPeople } from "./settle-moves";
import { settleSigners } from "./settle-signers";
import { recordCheckingAgain } from "./store-events";

/** Kept blocks that are compared with the chain at a time, from the newest down. */
const COMPARE_BATCH = 20;

type Ancestor = { number: bigint; hash: string; minedAt: Date };

/**
 * The newest kept block that is still on the chain. A chain that shares none but the first (or not even that) with the
 * database did not reorganise, it is another one: ChainResetError. Throws when the node is out of reach.
 */
export async function findAncestor(chainId: ChainId, headNumber: bigint): Promise<Ancestor> {
  let below = headNumber + 1n;
  for (;;) {
    const kept = await sql<{ number: string; hash: string; mined_at: Date }[]>`
      SELECT number::text, hash, mined_at FROM chain_blocks WHERE chain_id = ${chainId}::chain_id AND number < ${below.toString()}::bigint ORDER BY chain_blocks.number DESC LIMIT ${COMPARE_BATCH}`;
    const oldest = kept.at(-1);
    if (!oldest) throw new ChainResetError(chainId);
    const present = await Promise.all(kept.map(({ number }) => readBlocks({ chainId, fromBlock: BigInt(number), toBlock: BigInt(number) })));
    const match = kept.find((block, index) => present[index]?.[0]?.hash === block.hash);
    // Fewer than asked for: the last one compared is the first that was ever kept.
    if (match && match === oldest && kept.length < COMPARE_BATCH) throw new ChainResetError(chainId);
    if (match) return { number: BigInt(match.number), hash: match.hash, minedAt: match.mined_at };
    below = BigInt(oldest.number);
  }
}

/**
 * Undoes everything above an ancestor in one transaction: the journal's changes are taken back, what was released is reserved
 * again, operations are on their way again (the bundler looks after them), payments are pending again and their tills are told.
 * Fails with CursorMovedError.
 */
export async function rollBack(lease: Lease, chainId: ChainId, cursor: Pick<Cursor, "number" | "hash">, ancestor: Ancestor): Promise<Touched> {
  // What these accounts are now is newer than the ancestor; changes after this read are events above it, and read again.
  const signers = await readSignersOf(chainId, await accountsWithOwners(chainId, ancestor.number), (await readHead(chainId)).number);
  const touched: Touched = { userIds: new Set(), storeIds: new Set() };
  const above = ancestor.number.toString();
  await lease.transaction(async (tx) => {
    await lockCursor(tx, chainId, cursor);
    const gone = await tx<{ balance_id: string; holder: "person" | "store"; delta: string }[]>`
      WITH gone AS (DELETE FROM balance_changes WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint RETURNING balance_id, holder, delta)
      SELECT balance_id, holder, (-sum(delta))::text AS delta FROM gone GROUP BY balance_id, holder`;
    await moveBalances(tx, gone.map((row) => ({ balanceId: row.balance_id, holder: row.holder, delta: BigInt(row.delta) })), ancestor.number, touched);

    const operations = await reopenOperations(tx, chainId, above);
    const ids = operations.map(({ id }) => id);
    await tx`UPDATE balance_reservations SET released_at = NULL, released_block = NULL WHERE operation_id = ANY (${ids}::uuid[]) AND released_block > ${above}::bigint`;
    await undoDeployments(tx, chainId, operations, above, touched);
    await reopenRefunds(tx, operations.filter(({ kind }) => kind === "guest_refund").map(({ id }) => id), touched);
    await reopenStoreRefunds(tx, operations, touched);
    await reopenPayouts(tx, operations.filter(({ kind }) => kind === "store_payout").map(({ subject_id }) => subject_id), touched);
    await reopenLoans(tx, chainId, above, touched);
    const transactions = operations.filter(({ kind }) => TRANSACTION_KINDS.includes(kind)).map(({ subject_id }) => subject_id);
    await settleSigners(tx, chainId, signers, touched);
    const undone = await reopenTransactions(tx, chainId, [...transactions, ...(await reopenOutside(tx, chainId, above)), ...(await reopenIncoming(tx, chainId, above))], ancestor, touched);
    await reopenConsolidations(tx, chainId, above, transactions, touched);

    await tx`DELETE FROM chain_blocks WHERE chain_id = ${chainId}::chain_id AND number > ${above}::bigint`;
    await tx`
      UPDATE chain_cursors SET block_number = ${above}::bigint, block_hash = ${ancestor.hash}, block_time = ${ancestor.minedAt}, updated_at = now() WHERE chain_id = ${chainId}::chain_id`;
    // States above the ancestor were never true; an older block number lets the next read replace them.
    await tx`UPDATE revnet_states SET block_number = ${above}::bigint WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint`;
    await recordCheckingAgain(tx, undone.map((row) => ({ ...row, block: ancestor.number })));
  });
  return touched;
}

/** Accounts whose signers a reorg may have changed: a change of owners landed above the ancestor, or their owners act by themselves. */
async function accountsWithOwners(chainId: ChainId, ancestor: bigint): Promise<string[]> {
  const rows = await sql<{ address: string }[]>`
    SELECT sender AS address FROM user_operations WHERE chain_id = ${chainId}::chain_id AND kind = 'owner_change' AND block_number > ${ancestor.toString()}::bigint
    UNION SELECT address FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND custody_status = 'self_custody'`;
  return rows.map(({ address }) => address);
}

type Reopened = { id: string; kind: OperationKind; subject_id: string; tx_hash: string | null };

/** Landed ones keep the hash of their bundle: the bundler sends its bytes again, or bundles them anew when it is dead. */
const reopenOperations = (tx: SqlTx, chainId: ChainId, above: string) => tx<Reopened[]>`
  WITH locked AS (
    SELECT id FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint AND status IN ('succeeded', 'reverted', 'expired') ORDER BY id FOR NO KEY UPDATE
  )
  -- One that waited for its owner's signature in vain has none to be sent with.
  UPDATE user_operations o SET status = CASE WHEN o.error_code = ${NOT_SIGNED} THEN 'prepared' ELSE 'submitted' END, block_number = NULL, block_hash = NULL, error_code = NULL, error_message = NULL
  FROM locked WHERE o.id = locked.id
  RETURNING o.id, o.kind, o.subject_id, o.tx_hash`;

async function reopenTransactions(tx: SqlTx, chainId: ChainId, ids: readonly string[], ancestor: Ancestor, touched: Touched) {
  if (ids.length === 0) return [];
  const rows = await tx<{ id: string; type: string; store_id: string | null; from_user_id: string | null; to_user_id: string | null; was: string; block: string | null }[]>`
    WITH before AS (SELECT id, status, block_number FROM transactions WHERE id = ANY (${[...ids]}::uuid[]) AND chain_id = ${chainId}::chain_id ORDER BY id FOR NO KEY UPDATE)
    UPDATE transactions t SET
      status = 'pending', confirmed_at = NULL, tx_hash = NULL, block_number = NULL, block_hash = NULL, error_code = NULL, error_message = NULL,
      rewards_earned = t.rewards_earned || '{"expected": true}'
    FROM before WHERE t.id = before.id
    RETURNING t.id, t.type::text, t.store_id, t.from_user_id, t.to_user_id, before.status::text AS was, before.block_number::text AS block`;
  for (const row of rows) touchPeople(touched, row);
  // One statement for what may be thousands; the columns are those of lib/audit/record-audit.
  await tx`
    INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, old_values, new_values)
    SELECT undone.id, undone.user_id, 'payment.reorganised', 'transaction', undone.payment_id,
           jsonb_build_object('status', undone.was, 'block', undone.block), jsonb_build_object('status', 'pending', 'ancestor', ${ancestor.number.toString()}::text)
    FROM unnest(
      ${rows.map(() => newId())}::uuid[], ${rows.map((row) => row.from_user_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.was)}::text[], ${rows.map((row) => row.block)}::text[]
    ) AS undone (id, user_id, payment_id, was, block)`;
  // Only a store's sales are its till's business.
  const confirmed = rows.flatMap((row) => (row.was === "confirmed" && row.type === "payment" && row.store_id ? [{ transactionId: row.id, storeId: row.store_id }] : []));
  for (const { storeId } of confirmed) touched.storeIds.add(storeId);
  return confirmed;
}

async function undoDeployments(tx: SqlTx, chainId: ChainId, operations: readonly Reopened[], block: string, touched: Touched) {
  const hashes = operations.flatMap(({ tx_hash }) => (tx_hash ? [tx_hash] : []));
  for (const table of [tx`smart_accounts`, tx`store_accounts`]) {
    await tx`UPDATE ${table} SET deployed = FALSE, deploy_tx_hash = NULL, deployed_at = NULL WHERE chain_id = ${chainId}::chain_id AND deployed AND deploy_tx_hash = ANY (${hashes}::text[])`;
  }
  const stores = await tx<{ store_id: string }[]>`
    UPDATE store_deployments SET status = 'deploying', project_id = NULL, deploy_tx_hash = NULL, block_number = NULL, deployed_at = NULL
    WHERE chain_id = ${chainId}::chain_id AND status = 'deployed' AND block_number > ${block}::bigint RETURNING store_id`;
  await sumUpStores(tx, stores.map((row) => row.store_id), touched);
}
