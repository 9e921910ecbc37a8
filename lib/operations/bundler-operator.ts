import "server-only";
import { sql } from "@/db/client";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { addressOfKey } from "@/lib/chain/keys";
import { readHead } from "@/lib/chain/logs";
import { bundleGas, minedNonce, receiptOf, sendRawTransaction, signBundle, signOperatorTransaction, simulateBundle, simulateOperatorCall, type OperatorTransaction } from "@/lib/chain/operator";
import { replacementFees } from "@/lib/chain/replacement";
import type { OperationFees } from "@/lib/chain/user-operation";
import { idAt, newId } from "@/lib/ids";
import { log } from "@/lib/log";
import type { Lease, SqlTx } from "@/lib/worker/lease";
import type { Bundler } from "./bundler";
import { chainConditions } from "./chain-conditions";
import { operationsOfBundle, setAside, type Outgoing } from "./outgoing";
import { callOf, dueCall, endCalls, freeCall, lockQueuedCall, reopenCalls, setCallAside } from "./outgoing-calls";
import { BUNDLE_GAS_MAX, BUNDLE_OPERATIONS_MAX } from "./rules";

/** Bundles of one operator that wait to be mined at once, at following nonces. */
const OPEN_MAX = 8;
/** A node may have lost a transaction: its bytes are sent again this often. */
const RESEND_MS = 2_000;
/** A transaction is stuck when so many blocks and so much time went by without it. */
const STUCK_BLOCKS = 3n;
const STUCK_MS = 6_000;
/** No bundle is worth more than this a unit of gas; above it only the same bytes are sent again. */
const MAX_FEE_WEI = 200_000_000_000n;
/** Mined bundles are looked at again this long after, for reorgs that took them back. */
const LOOK_BACK_MS = 3_600_000;
const SWEEP_MS = 1_000;
const PLAIN_TRANSFER_GAS = 21_000n;

export type OperatorOptions = { chainId: ChainId; operatorKey: Hex; lease: Lease; stuckMs?: number };

type OpenRow = { id: string; nonce: number; txHash: Hex; raw: Hex; operationIds: string[]; callId: string | null };
type Seen = { sentAt: number; block: bigint; at: number };

/**
 * Our own bundler with one operator's key. The lease (one process a chain and operator) is a database session, and everything
 * is written on it. What was sent is in `operator_transactions` before it is sent: after a crash the same bytes go out again.
 */
export class OperatorBundler implements Bundler {
  readonly #chainId: ChainId;
  readonly #key: Hex;
  readonly #operator: Address;
  readonly #lease: Lease;
  readonly #stuckMs: number;
  #openCount = 0;
  /** Whether every open transaction was sent again since this process took the lease. */
  #hasResumed = false;
  #sweptAt = 0;
  readonly #seen = new Map<string, Seen>();

  constructor({ chainId, operatorKey, lease, stuckMs = STUCK_MS }: OperatorOptions) {
    this.#chainId = chainId;
    this.#key = operatorKey;
    this.#operator = addressOfKey(operatorKey);
    this.#lease = lease;
    this.#stuckMs = stuckMs;
  }

  hasRoom() {
    return this.#openCount < OPEN_MAX;
  }

  async book(operations: readonly Outgoing[]) {
    const bundle = await this.#passing(oneBundle(operations));
    if (bundle.length === 0) return null;
    const [{ fees }, mined] = await Promise.all([chainConditions(this.#chainId), minedNonce(this.#chainId, this.#operator)]);
    const transaction = await this.#record(bundle, fees, mined);
    return transaction && (() => this.#transmit(transaction.raw));
  }

  /** Signs a bundle at the operator's next nonce and commits it with its operations. Null when other bundles took all of them meanwhile. */
  #record(operations: readonly Outgoing[], fees: OperationFees, mined: number): Promise<OperatorTransaction | null> {
    return this.#lease.transaction(async (tx) => {
      const bundle = await lockUnsent(tx, operations);
      if (bundle.length === 0) return null;
      const nonce = await this.#nextNonce(tx, mined);
      const transaction = await signBundle({ chainId: this.#chainId, operatorKey: this.#key, operator: this.#operator, ops: bundle.map(({ op }) => op), nonce, fees });
      await this.#insert(tx, transaction, fees, bundle);
      this.#openCount += 1;
      return transaction;
    });
  }

  /**
   * Books the next call of our own, which no account of a person signs: a transaction at the operator's next nonce, like a bundle. One that
   * reverts now is set aside and tried again later.
   */
  async bookCall(): Promise<(() => Promise<void>) | null> {
    const call = await dueCall(this.#chainId);
    if (!call) return null;
    const { target: to, data, valueWei: value } = call;
    const simulated = await simulateOperatorCall({ chainId: this.#chainId, operator: this.#operator, to, data, value });
    if (simulated.status === "reverts") {
      await setCallAside(call, simulated.reason);
      return null;
    }
    const [{ fees }, mined] = await Promise.all([chainConditions(this.#chainId), minedNonce(this.#chainId, this.#operator)]);
    const transaction = await this.#lease.transaction(async (tx) => {
      if (!(await lockQueuedCall(tx, call))) return null;
      const nonce = await this.#nextNonce(tx, mined);
      const signed = await signOperatorTransaction({ chainId: this.#chainId, operatorKey: this.#key, nonce, to, data, value, gas: simulated.gas, fees });
      await this.#insert(tx, signed, fees, [], call.id);
      this.#openCount += 1;
      return signed;
    });
    return transaction && (() => this.#transmit(transaction.raw));
  }

  async tend() {
    if (!this.#hasResumed || Date.now() - this.#sweptAt > SWEEP_MS) {
      await this.#reopenOrphans();
      await this.#freeStrays();
      this.#sweptAt = Date.now();
    }
    const open = await this.#openRows();
    this.#openCount = open.length;
    const [lowest] = open;
    if (!lowest) {
      this.#hasResumed = true;
      return { isOpen: false, hasMined: false };
    }
    const mined = await minedNonce(this.#chainId, this.#operator);
    let hasMined = false;
    for (const row of open.filter(({ nonce }) => nonce < mined)) hasMined = (await this.#settle(row)) || hasMined;
    const waiting = open.filter(({ nonce }) => nonce >= mined);
    if (!this.#hasResumed) {
      for (const row of waiting) await this.#transmit(row.raw);
      this.#hasResumed = true;
    }
    const [first] = waiting;
    if (first) await this.#urge(first);
    this.#openCount = waiting.length;
    return { isOpen: waiting.length > 0, hasMined };
  }

  /** The operations that the entry point takes together now; each refused one is set aside and the rest is tried again. */
  async #passing(operations: readonly Outgoing[]): Promise<Outgoing[]> {
    let bundle = [...operations];
    for (let tries = operations.length; bundle.length > 0 && tries >= 0; tries -= 1) {
      const answer = await simulateBundle({ chainId: this.#chainId, ops: bundle.map(({ op }) => op), operator: this.#operator });
      if (answer.status === "ok") return bundle;
      if (answer.status === "refused") {
        const refused = bundle[answer.index];
        if (!refused) break;
        await setAside(this.#chainId, refused, answer.reason);
        bundle = bundle.filter((operation) => operation !== refused);
      } else if (bundle.length === 1 && bundle[0]) {
        await setAside(this.#chainId, bundle[0], answer.reason);
        return [];
      } else {
        // No operation is named: the first alone is either sent or set aside, and the others come next.
        bundle = bundle.slice(0, 1);
      }
    }
    return [];
  }

  async #nextNonce(tx: SqlTx, mined: number): Promise<number> {
    const [row] = await tx<{ next: number | null }[]>`
      SELECT (max(nonce) + 1)::integer AS next FROM operator_transactions WHERE chain_id = ${this.#chainId}::chain_id AND operator = ${this.#operator} AND status = 'sent'`;
    return Math.max(mined, row?.next ?? 0);
  }

  /** Records what will be sent. After a reorg the same bytes may be signed anew before the sweep sees the orphan: then its row is open again. */
  async #insert(tx: SqlTx, transaction: OperatorTransaction, fees: OperationFees, bundle: readonly Outgoing[], callId: string | null = null) {
    const ids = bundle.map(({ id }) => id);
    await tx`
      INSERT INTO operator_transactions (id, chain_id, operator, nonce, tx_hash, raw_transaction, operation_ids, call_id, max_fee_per_gas)
      VALUES (${newId()}, ${this.#chainId}::chain_id, ${this.#operator}, ${transaction.nonce}, ${transaction.hash}, ${transaction.raw}, ${ids}::uuid[], ${callId}, ${fees.maxFeePerGas.toString()}::numeric)
      ON CONFLICT ON CONSTRAINT operator_transactions_hash_key DO UPDATE SET status = 'sent'`;
    await tx`UPDATE user_operations SET tx_hash = ${transaction.hash} WHERE id = ANY (${ids}::uuid[]) AND status = 'submitted'`;
    if (callId) await tx`UPDATE operator_calls SET status = 'sent', tx_hash = ${transaction.hash} WHERE id = ${callId}`;
  }

  /** Sends recorded bytes. A node that is out of reach, or a nonce that is gone, is the next tend's business. */
  async #transmit(raw: Hex) {
    try {
      const result = await sendRawTransaction(this.#chainId, raw);
      if (result === "nonce_used" || result === "underpriced") log().info({ chainId: this.#chainId, operator: this.#operator, result }, "bundle not taken");
    } catch (error) {
      if (!isChainUnreachable(error)) log().error({ err: error, chainId: this.#chainId, operator: this.#operator }, "bundle refused by the node");
    }
  }

  async #openRows(): Promise<OpenRow[]> {
    const rows = await sql<{ id: string; nonce: number; tx_hash: Hex; raw_transaction: Hex; operation_ids: string[]; call_id: string | null }[]>`
      SELECT id, nonce::integer AS nonce, tx_hash, raw_transaction, operation_ids, call_id FROM operator_transactions
      WHERE chain_id = ${this.#chainId}::chain_id AND operator = ${this.#operator} AND status = 'sent' ORDER BY nonce, id`;
    return rows.map((row) => ({ id: row.id, nonce: row.nonce, txHash: row.tx_hash, raw: row.raw_transaction, operationIds: row.operation_ids, callId: row.call_id }));
  }

  /** Closes a row whose nonce is mined: by itself, or by another transaction at that nonce. True when it was itself, with success. */
  async #settle(row: OpenRow): Promise<boolean> {
    this.#seen.delete(row.txHash);
    const receipt = await receiptOf(this.#chainId, row.txHash);
    if (receipt?.isSuccess) {
      await this.#lease.transaction((tx) => markMined(tx, row.id, row.txHash));
      return true;
    }
    if (receipt) {
      log().warn({ chainId: this.#chainId, txHash: row.txHash }, "bundle reverted: its operations are bundled again");
      await this.#close(row, "mined", []);
      return false;
    }
    // Replaced: what the winner carries is the follower's business, the rest is bundled again.
    const winner = await this.#minedSibling(row);
    await this.#close(row, "replaced", winner?.operation_ids ?? []);
    return winner !== null;
  }

  async #minedSibling(row: OpenRow) {
    const siblings = await sql<{ id: string; tx_hash: Hex; operation_ids: string[] }[]>`
      SELECT id, tx_hash, operation_ids FROM operator_transactions
      WHERE chain_id = ${this.#chainId}::chain_id AND operator = ${this.#operator} AND nonce = ${row.nonce} AND id <> ${row.id} ORDER BY id DESC`;
    for (const sibling of siblings) {
      const receipt = await receiptOf(this.#chainId, sibling.tx_hash);
      if (receipt?.isSuccess) {
        await this.#lease.transaction((tx) => markMined(tx, sibling.id, sibling.tx_hash));
        return sibling;
      }
    }
    return null;
  }

  /** Ends a row; operations that it carried and nobody landed are free for the next bundle, with the same signed bytes. */
  async #close(row: OpenRow, status: "mined" | "replaced", landed: readonly string[]) {
    await this.#lease.transaction(async (tx) => {
      await tx`UPDATE operator_transactions SET status = ${status} WHERE id = ${row.id}`;
      await tx`
        WITH freed AS (
          SELECT id FROM user_operations WHERE id = ANY (${row.operationIds}::uuid[]) AND tx_hash = ${row.txHash} AND status = 'submitted' AND id <> ALL (${[...landed]}::uuid[])
          ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE user_operations o SET tx_hash = NULL FROM freed WHERE o.id = freed.id`;
      if (row.callId) await freeCall(tx, row.callId, row.txHash);
    });
  }

  /** The lowest open nonce holds up all others: its bytes are sent again, and when blocks pass it by it is replaced. */
  async #urge(row: OpenRow) {
    const head = await readHead(this.#chainId);
    const seen = this.#seen.get(row.txHash) ?? { sentAt: Date.now(), block: head.number, at: Date.now() };
    this.#seen.set(row.txHash, seen);
    if (head.number - seen.block >= STUCK_BLOCKS && Date.now() - seen.at >= this.#stuckMs) return this.#replace(row);
    if (Date.now() - seen.sentAt < RESEND_MS) return;
    seen.sentAt = Date.now();
    await this.#transmit(row.raw);
  }

  /** A new transaction at the same nonce with higher fees and what is still good of the bundle; an empty one just frees the nonce. */
  async #replace(row: OpenRow) {
    const { fees: suggested, nextBlockTime } = await chainConditions(this.#chainId);
    const fees = replacementFees(row.raw, suggested);
    if (fees.maxFeePerGas > MAX_FEE_WEI) {
      log().error({ chainId: this.#chainId, txHash: row.txHash }, "stuck bundle is not worth higher fees");
      return this.#transmit(row.raw);
    }
    const bundle = await this.#passing(await operationsOfBundle(this.#chainId, row.txHash, nextBlockTime));
    const input = { chainId: this.#chainId, operatorKey: this.#key, nonce: row.nonce, fees };
    const call = row.callId ? await this.#presentCall(row.callId) : null;
    const transaction = call
      ? await signOperatorTransaction({ ...input, to: call.target, data: call.data, value: call.valueWei, gas: call.gas })
      : bundle.length > 0
        ? await signBundle({ ...input, operator: this.#operator, ops: bundle.map(({ op }) => op) })
        : await signOperatorTransaction({ ...input, to: this.#operator, data: "0x", gas: PLAIN_TRANSFER_GAS });
    log().warn({ chainId: this.#chainId, nonce: row.nonce, operations: bundle.length }, "stuck bundle replaced");
    await this.#lease.transaction(async (tx) => {
      await tx`UPDATE operator_transactions SET status = 'replaced' WHERE id = ${row.id}`;
      await tx`SELECT 1 FROM user_operations WHERE tx_hash = ${row.txHash} AND id = ANY (${row.operationIds}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
      await tx`UPDATE user_operations SET tx_hash = NULL WHERE tx_hash = ${row.txHash} AND id = ANY (${row.operationIds}::uuid[]) AND status = 'submitted'`;
      await this.#insert(tx, transaction, fees, bundle, call?.id ?? null);
      if (row.callId && !call) await freeCall(tx, row.callId, row.txHash);
    });
    await this.#transmit(transaction.raw);
  }

  /** A stuck call that is still worth sending, with the gas that it needs now. */
  async #presentCall(callId: string) {
    const call = await callOf(callId);
    if (!call) return null;
    const simulated = await simulateOperatorCall({ chainId: this.#chainId, operator: this.#operator, to: call.target, data: call.data, value: call.valueWei });
    return simulated.status === "ok" ? { ...call, gas: simulated.gas } : null;
  }

  /** After a reorg the operator's nonce count went back: bundles above it are open again, and their bytes are sent again. */
  async #reopenOrphans() {
    const mined = await minedNonce(this.#chainId, this.#operator);
    const since = idAt(Date.now() - LOOK_BACK_MS);
    const orphans = await sql<{ id: string; tx_hash: string }[]>`
      SELECT id, tx_hash FROM operator_transactions
      WHERE chain_id = ${this.#chainId}::chain_id AND operator = ${this.#operator} AND status = 'mined' AND nonce >= ${mined} AND id > ${since}`;
    if (orphans.length === 0) return;
    await this.#lease.transaction(async (tx) => {
      await tx`UPDATE operator_transactions SET status = 'sent' WHERE id = ANY (${orphans.map(({ id }) => id)}::uuid[])`;
      await reopenCalls(tx, this.#chainId, orphans.map((orphan) => orphan.tx_hash));
    });
    this.#hasResumed = false;
  }

  /** Operations on their way whose bundle is not: it was mined without them, or left the chain for good. */
  async #freeStrays() {
    const rows = await sql<{ id: string; tx_hash: Hex }[]>`
      SELECT o.id, o.tx_hash FROM user_operations o
      WHERE o.chain_id = ${this.#chainId}::chain_id AND o.status = 'submitted' AND o.tx_hash IS NOT NULL AND o.submitted_at < now() - INTERVAL '2 seconds'
        AND NOT EXISTS (SELECT 1 FROM operator_transactions t WHERE t.chain_id = o.chain_id AND t.tx_hash = o.tx_hash AND t.status = 'sent')
      ORDER BY o.submitted_at LIMIT 50`;
    for (const row of rows) {
      const receipt = await receiptOf(this.#chainId, row.tx_hash);
      if (receipt?.isSuccess) continue;
      await sql`UPDATE user_operations SET tx_hash = NULL WHERE id = ${row.id} AND status = 'submitted' AND tx_hash = ${row.tx_hash}`;
    }
  }
}

async function markMined(tx: SqlTx, id: string, txHash: string) {
  await tx`UPDATE operator_transactions SET status = 'mined' WHERE id = ${id}`;
  await endCalls(tx, txHash);
}

/** One operation a sender, oldest first, within the bundle's bounds. */
function oneBundle(operations: readonly Outgoing[]): Outgoing[] {
  const senders = new Set<string>();
  const bundle: Outgoing[] = [];
  for (const operation of operations) {
    if (senders.has(operation.sender)) continue;
    if (bundle.length > 0 && bundleGas([...bundle, operation].map(({ op }) => op)) > BUNDLE_GAS_MAX) continue;
    senders.add(operation.sender);
    bundle.push(operation);
    if (bundle.length === BUNDLE_OPERATIONS_MAX) break;
  }
  return bundle;
}

/** Of these, the ones that still wait for a bundle in the very version that was simulated, locked in id order. */
async function lockUnsent(tx: SqlTx, operations: readonly Outgoing[]): Promise<Outgoing[]> {
  const rows = await tx<{ id: string; user_op_hash: string }[]>`
    SELECT id, user_op_hash FROM user_operations WHERE id = ANY (${operations.map(({ id }) => id)}::uuid[]) AND status = 'submitted' AND tx_hash IS NULL ORDER BY id FOR NO KEY UPDATE`;
  const waiting = new Map(rows.map((row) => [row.id, row.user_op_hash]));
  return operations.filter(({ id, userOpHash }) => waiting.get(id) === userOpHash);
}
