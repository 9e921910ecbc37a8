import "server-only";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { PAYMENT_USD_MICROS_MIN } from "@/lib/limits/rules";
import { brlCentavosFromUsd, decimalFromUsdMicros, usdMicrosFromDecimal } from "@/lib/money";
import type { SqlTx } from "@/lib/worker/lease";
import type { RangeFacts, Touched, TransferFact } from "./facts";

type Known = { id: string; transaction_id: string; tx_hash: string; user_id: string };
type Rate = { brl_per_usd: string; quoted_at: Date };
type Arrived = { fact: TransferFact; userId: string; senderId: string | null; id: string; transactionId: string };

/**
 * Writes down dollars that came to a person's account past us: a plain transfer in a transaction that carries no operation of ours and that no
 * operator of ours sent. What an operation brings (a cash-out's proceeds, a loan, a surplus, a refund, money brought together) is told by that
 * operation's own row. One that a reorg had taken back comes back under its own id. Costs nothing while there are none.
 */
export async function settleIncoming(tx: SqlTx, { chainId, transfers, operations, arrivals }: RangeFacts, touched: Touched) {
  // Money brought together may be brought by anybody.
  const own = new Set([...operations, ...arrivals].map(({ txHash }) => txHash));
  // Less than a cent is on no screen of ours; senders of dust want to be seen in lists.
  const others = transfers.filter(({ token, from, to, amountUnits, txHash }) => token === USDC[chainId] && from !== to && amountUnits >= PAYMENT_USD_MICROS_MIN && !own.has(txHash));
  if (others.length === 0) return;
  const people = await peopleOf(tx, chainId, others);
  const candidates = others.filter(({ to }) => people.has(to));
  if (candidates.length === 0) return;
  const explained = await explainedOf(tx, chainId, candidates);
  const plain = candidates.filter(({ txHash }) => !explained.has(txHash));
  if (plain.length === 0) return;

  const known = await knownOf(tx, chainId, plain);
  const [rate] = await tx<Rate[]>`SELECT brl_per_usd::text, quoted_at FROM exchange_rates ORDER BY quoted_at DESC LIMIT 1`;
  const arrived = plain.flatMap((fact): Arrived[] => {
    const userId = people.get(fact.to);
    if (!userId) return [];
    touched.userIds.add(userId);
    const before = known.get(`${fact.txHash} ${userId}`)?.shift();
    return [{ fact, userId, senderId: people.get(fact.from) ?? null, id: before?.id ?? newId(), transactionId: before?.transaction_id ?? newId() }];
  });
  await writeTransactions(tx, chainId, arrived, rate);
  await writePlaces(tx, chainId, arrived);
}

async function peopleOf(tx: SqlTx, chainId: ChainId, transfers: readonly TransferFact[]): Promise<Map<string, string>> {
  const rows = await tx<{ address: string; user_id: string }[]>`
    SELECT address, user_id FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ANY (${[...new Set(transfers.flatMap(({ from, to }) => [from, to]))]}::text[])`;
  return new Map(rows.map(({ address, user_id }) => [address, user_id]));
}

/** Transactions that our operators sent, as bundles or for a step of their own, and those that brought a consolidation home, whoever sent them. */
async function explainedOf(tx: SqlTx, chainId: ChainId, transfers: readonly TransferFact[]): Promise<Set<string>> {
  const hashes = transfers.map(({ txHash }) => txHash);
  const rows = await tx<{ tx_hash: string }[]>`
    SELECT tx_hash FROM operator_transactions WHERE chain_id = ${chainId}::chain_id AND tx_hash = ANY (${hashes}::text[])
    UNION ALL SELECT arrived_tx_hash FROM consolidations WHERE to_chain_id = ${chainId}::chain_id AND arrived_tx_hash = ANY (${hashes}::text[])`;
  return new Set(rows.map((row) => row.tx_hash));
}

/** What a reorg took back of the same transactions, in the order in which it had happened. */
async function knownOf(tx: SqlTx, chainId: ChainId, transfers: readonly TransferFact[]): Promise<Map<string, Known[]>> {
  const rows = await tx<Known[]>`
    SELECT id, transaction_id, tx_hash, user_id FROM incoming_transfers
    WHERE chain_id = ${chainId}::chain_id AND tx_hash = ANY (${transfers.map(({ txHash }) => txHash)}::text[]) AND block_number IS NULL ORDER BY id FOR NO KEY UPDATE`;
  const found = new Map<string, Known[]>();
  for (const row of rows) found.set(`${row.tx_hash} ${row.user_id}`, [...(found.get(`${row.tx_hash} ${row.user_id}`) ?? []), row]);
  return found;
}

/** Reais at the present rate: what it was worth when it came. A sender of ours who went past us is named, and spends none of the day's limit (origin). */
async function writeTransactions(tx: SqlTx, chainId: ChainId, arrived: readonly Arrived[], rate: Rate | undefined) {
  const brl = ({ fact }: Arrived) => (rate ? brlCentavosFromUsd(fact.amountUnits, usdMicrosFromDecimal(rate.brl_per_usd)).toString() : null);
  await tx`
    INSERT INTO transactions (
      id, from_user_id, to_user_id, type, purpose, status, amount_usd, chain_id, tx_hash, block_number, block_hash, confirmed_at, amount_brl_centavos, brl_per_usd, rate_at, origin, payer_address)
    SELECT came.id, came.sender, came.person, 'received', 'incoming', 'confirmed', came.usd, ${chainId}::chain_id, came.tx_hash, came.block_number, came.block_hash, now(),
           came.brl, ${rate?.brl_per_usd ?? null}::numeric, ${rate?.quoted_at.toISOString() ?? null}::timestamptz, 'outside', came.from_address
    FROM unnest(
      ${arrived.map((one) => one.transactionId)}::uuid[], ${arrived.map((one) => one.senderId)}::uuid[], ${arrived.map((one) => one.userId)}::uuid[],
      ${arrived.map(({ fact }) => decimalFromUsdMicros(fact.amountUnits))}::numeric[], ${arrived.map(({ fact }) => fact.txHash)}::text[],
      ${arrived.map(({ fact }) => fact.blockNumber.toString())}::bigint[], ${arrived.map(({ fact }) => fact.blockHash)}::text[], ${arrived.map(brl)}::bigint[], ${arrived.map(({ fact }) => fact.from)}::text[]
    ) AS came (id, sender, person, usd, tx_hash, block_number, block_hash, brl, from_address)
    ON CONFLICT (id) DO UPDATE SET
      status = 'confirmed', confirmed_at = now(), tx_hash = excluded.tx_hash, block_number = excluded.block_number, block_hash = excluded.block_hash`;
}

async function writePlaces(tx: SqlTx, chainId: ChainId, arrived: readonly Arrived[]) {
  await tx`
    INSERT INTO incoming_transfers (id, transaction_id, user_id, chain_id, from_address, amount_usd, tx_hash, log_index, block_number, block_hash)
    SELECT came.id, came.transaction_id, came.user_id, ${chainId}::chain_id, came.from_address, came.usd, came.tx_hash, came.log_index, came.block_number, came.block_hash
    FROM unnest(
      ${arrived.map(({ id }) => id)}::uuid[], ${arrived.map((one) => one.transactionId)}::uuid[], ${arrived.map((one) => one.userId)}::uuid[], ${arrived.map(({ fact }) => fact.from)}::text[],
      ${arrived.map(({ fact }) => decimalFromUsdMicros(fact.amountUnits))}::numeric[], ${arrived.map(({ fact }) => fact.txHash)}::text[], ${arrived.map(({ fact }) => fact.logIndex)}::integer[],
      ${arrived.map(({ fact }) => fact.blockNumber.toString())}::bigint[], ${arrived.map(({ fact }) => fact.blockHash)}::text[]
    ) AS came (id, transaction_id, user_id, from_address, usd, tx_hash, log_index, block_number, block_hash)
    ON CONFLICT (id) DO UPDATE SET log_index = excluded.log_index, block_number = excluded.block_number, block_hash = excluded.block_hash`;
}

/** A transfer that was taken for income turns out to be a consolidation's arrival: it was never income, so its row goes. */
export async function forgetIncoming(tx: SqlTx, chainId: ChainId, txHash: string): Promise<void> {
  const rows = await tx<{ transaction_id: string }[]>`
    DELETE FROM incoming_transfers i USING consolidations c
    WHERE i.chain_id = ${chainId}::chain_id AND i.tx_hash = ${txHash} AND c.to_chain_id = i.chain_id AND c.arrived_tx_hash = i.tx_hash AND c.user_id = i.user_id AND c.kind <> 'payout' RETURNING i.transaction_id`;
  await tx`DELETE FROM transactions WHERE id = ANY (${rows.map((row) => row.transaction_id)}::uuid[]) AND purpose = 'incoming'`;
}

/** Takes back what stood above the ancestor; the rows wait for their transactions to be mined again. Returns the transactions' ids. */
export async function reopenIncoming(tx: SqlTx, chainId: ChainId, above: string): Promise<string[]> {
  const rows = await tx<{ transaction_id: string }[]>`
    UPDATE incoming_transfers SET log_index = NULL, block_number = NULL, block_hash = NULL
    WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint RETURNING transaction_id`;
  return rows.map((row) => row.transaction_id);
}
