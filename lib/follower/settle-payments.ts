import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import { transactionIdOfMemo } from "@/lib/chain/pay";
import { rewardValueUsdMicros } from "@/lib/chain/revnet";
import { log } from "@/lib/log";
import { decimalFromUsdMicros } from "@/lib/money";
import type { OperationKind } from "@/lib/operations/rules";
import type { RewardPart, TokenPart } from "@/lib/payments/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { PayFact, Touched, TransferFact } from "./facts";
import { LandedParts, ownPartOf, paidInOf } from "./payment-proof";
import type { SettledOperation } from "./settle-operations";

/** A Pix at the till is paid in by the store's own account, which is payer and beneficiary there. */
const PAYMENT_KINDS: ReadonlySet<OperationKind> = new Set(["payment", "till_deposit"]);

type PaymentRow = {
  id: string; amount_usd: string; status: string; from_user_id: string | null; store_id: string; tokens_used: TokenPart[] | null; store_account: string | null;
  project_id: number | null; token_address: string | null; surplus: string | null; supply: string | null;
};
type Verdict =
  | { id: string; isConfirmed: true; operation: SettledOperation; storeId: string; reward: RewardPart; parts: TokenPart[] | null }
  | { id: string; isConfirmed: false; operation: SettledOperation; errorCode: "reverted" | "quote_moved" | "nonce_used" };

/** A cash-out brought less than its share between the signature and the block (lib/chain/revert.ts). */
const TOO_LITTLE = "JBMultiTerminal_UnderMinTokensReclaimed";

/**
 * Ends the payments whose operations landed. Confirmed needs, beside the operation's success, in the same transaction: the store's own Pay
 * event with our memo, this payer and exactly what is paid in, whose token count is the reward, to the unit; and for a part in the store's
 * own rewards their transfer to the store's account. A payment all in own rewards has no Pay event. A nonce that another operation of the
 * account used up means that this payment can never land. Returns the confirmed ones in chain order.
 */
export async function settlePayments(tx: SqlTx, chainId: ChainId, settled: readonly SettledOperation[], { pays, transfers }: { pays: readonly PayFact[]; transfers: readonly TransferFact[] }, touched: Touched) {
  const operations = settled.filter(({ kind }) => PAYMENT_KINDS.has(kind));
  if (operations.length === 0) return [];
  const rows = await tx<PaymentRow[]>`
    SELECT t.id, t.amount_usd::text, t.status, t.from_user_id, t.store_id, t.tokens_used, d.project_id, d.token_address, a.address AS store_account,
           v.surplus_usd_micros::text AS surplus, v.supply::text AS supply
    FROM transactions t
    JOIN store_deployments d ON d.store_id = t.store_id AND d.chain_id = t.chain_id
    LEFT JOIN store_accounts a ON a.store_id = t.store_id AND a.chain_id = t.chain_id
    LEFT JOIN revnet_states v ON v.store_id = t.store_id AND v.chain_id = t.chain_id
    WHERE t.id = ANY (${operations.map(({ subjectId }) => subjectId)}::uuid[]) AND t.chain_id = ${chainId}::chain_id
    ORDER BY t.id FOR NO KEY UPDATE OF t`;
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const paysOf = new Map<string, PayFact[]>();
  for (const pay of pays) {
    const transactionId = transactionIdOfMemo(pay.memo);
    if (transactionId) paysOf.set(transactionId, [...(paysOf.get(transactionId) ?? []), pay]);
  }
  const landed = new LandedParts(chainId, transfers);

  const verdicts = operations.flatMap((operation): Verdict[] => {
    const row = rowOf.get(operation.subjectId);
    if (!row) return [];
    if (row.from_user_id) touched.userIds.add(row.from_user_id);
    const { fact } = operation;
    if (!fact.success) return [{ id: row.id, isConfirmed: false, operation, errorCode: fact.reason?.startsWith(TOO_LITTLE) ? "quote_moved" : "reverted" }];
    const ownPart = ownPartOf(row);
    const paidIn = paidInOf(row);
    const pay = paidIn > 0n ? paysOf.get(row.id)?.find((event) => isPaymentOf(event, row, fact, paidIn)) : null;
    const isHandedOver = !ownPart || (row.store_account !== null && landed.takeTransfer(fact, ownPart, row.store_account));
    if (pay === undefined || !isHandedOver || !row.token_address) {
      log().error({ transactionId: row.id, txHash: fact.txHash }, "operation landed without its payment");
      return [{ id: row.id, isConfirmed: false, operation, errorCode: "nonce_used" }];
    }
    touched.storeIds.add(row.store_id);
    const rewardUnits = pay?.rewardUnits ?? 0n;
    const valueUsdMicros = rewardValueUsdMicros({ units: rewardUnits, surplusUsdMicros: BigInt(row.surplus ?? 0), supplyUnits: BigInt(row.supply ?? 0) });
    const reward = { token_address: row.token_address, amount: rewardUnits.toString(), amount_usd: decimalFromUsdMicros(valueUsdMicros), store_id: row.store_id };
    return [{ id: row.id, isConfirmed: true, operation, storeId: row.store_id, reward, parts: landed.withSurplus(fact, row) }];
  });

  await tx`
    UPDATE transactions t SET
      status = CASE WHEN verdict.is_confirmed THEN 'confirmed' ELSE 'failed' END::transaction_status,
      confirmed_at = CASE WHEN verdict.is_confirmed THEN now() END,
      rewards_earned = CASE WHEN verdict.is_confirmed THEN verdict.reward ELSE t.rewards_earned END,
      tokens_used = COALESCE(verdict.parts, t.tokens_used),
      error_code = verdict.error_code, error_message = verdict.reason,
      tx_hash = verdict.tx_hash, block_number = verdict.block_number, block_hash = verdict.block_hash
    FROM unnest(
      ${verdicts.map(({ id }) => id)}::uuid[], ${verdicts.map(({ isConfirmed }) => String(isConfirmed))}::text[]::boolean[],
      ${verdicts.map((verdict) => (verdict.isConfirmed ? JSON.stringify(verdict.reward) : null))}::text[]::jsonb[],
      ${verdicts.map((verdict) => (verdict.isConfirmed && verdict.parts ? JSON.stringify(verdict.parts) : null))}::text[]::jsonb[],
      ${verdicts.map((verdict) => (verdict.isConfirmed ? null : verdict.errorCode))}::text[], ${verdicts.map(({ operation }) => operation.fact.reason)}::text[],
      ${verdicts.map(({ operation }) => operation.fact.txHash)}::text[], ${verdicts.map(({ operation }) => operation.fact.blockNumber.toString())}::bigint[],
      ${verdicts.map(({ operation }) => operation.fact.blockHash)}::text[]
    ) AS verdict (id, is_confirmed, reward, parts, error_code, reason, tx_hash, block_number, block_hash)
    WHERE t.id = verdict.id`;
  return verdicts
    .flatMap((verdict) => (verdict.isConfirmed ? [{ transactionId: verdict.id, storeId: verdict.storeId, fact: verdict.operation.fact }] : []))
    .toSorted((a, b) => Number(a.fact.blockNumber - b.fact.blockNumber) || a.fact.logIndex - b.fact.logIndex);
}

/** A memo can be copied by anybody: payer, beneficiary, store, amount and transaction have to agree as well. */
const isPaymentOf = (pay: PayFact, row: PaymentRow, fact: SettledOperation["fact"], paidInUsdMicros: bigint) =>
  pay.txHash === fact.txHash && pay.payer === fact.sender && pay.beneficiary === fact.sender && pay.projectId === row.project_id && pay.amountUsdMicros === paidInUsdMicros;
