import "server-only";
import { sql } from "@/db/client";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { publicClient } from "@/lib/chain/clients";
import { readBlocks, readLogs, type BlockHeader, type ChainEvent } from "@/lib/chain/logs";
import { isNonceUsed } from "@/lib/chain/operator";
import { paymasterAddress } from "@/lib/chain/paymaster";
import { readRevnetState } from "@/lib/chain/revnet-state";
import { readSigners } from "@/lib/chain/signers";
import { operationNonce } from "@/lib/chain/user-operation";
import type { ArrivalFact, Block, ExpiredFact, Position, RangeFacts, RevnetFact, RevnetState, SignersFact } from "./facts";
import { expectedArrivals } from "./settle-consolidations";

/** Hashes are kept for this many blocks below the head: the deepest reorg that is undone block by block. */
export const BLOCKS_KEPT = 2_000n;
/** Operations proven dead in one range; more wait for the next. */
const EXPIRED_MAX = 200;
/** The sequence below the nonce key; ours is always 0. */
const SEQUENCE_MASK = (1n << 64n) - 1n;
const ZERO_ADDRESS = `0x${"00".repeat(20)}`;

/** The chain changed while it was read; the next tick reads it again. */
export class ChainMovedError extends Error {
  constructor(chainId: ChainId) {
    super(`Chain ${chainId} moved while it was read`);
    this.name = "ChainMovedError";
  }
}

export type RangeInput = {
  chainId: ChainId;
  after: { number: bigint; hash: string };
  /** Inclusive. */
  to: bigint;
  head: BlockHeader;
  /** Stores whose revnet state was already read at this head. */
  fresh: Set<string>;
};

/**
 * Everything that the blocks behind the cursor mean to us, checked to be of one chain: headers link to the cursor and each
 * event carries its header's hash. Revnet states and unused nonces are read at the head, which is never older than the range.
 * Fails with ChainMovedError; throws when the node is out of reach.
 */
export async function readRange({ chainId, after, to, head, fresh }: RangeInput): Promise<RangeFacts> {
  const from = after.number + 1n;
  const keepsEach = to + BLOCKS_KEPT >= head.number;
  const [ours, headers] = await Promise.all([readOurs(chainId), readBlocks({ chainId, fromBlock: keepsEach ? from : to, toBlock: to })]);
  const input = { chainId, fromBlock: from, toBlock: to, paymaster: paymasterAddress(chainId) };
  const expected = { nonces: ours.expected.nonces as Hex[], suckers: ours.expected.suckers as Address[] };
  const events = await readLogs({ ...input, accounts: ours.accounts, projectIds: ours.projectIds, tokens: ours.tokens, expected });
  await assertOneChain({ chainId, after, headers, events, keepsEach });

  const revnets = await readRevnets(chainId, events, head, await timesOf(chainId, headers, events));
  const newborn = revnets.filter(({ projectId }) => !ours.projectIds.includes(projectId));
  if (newborn.length > 0) {
    // A store can be paid in the range that deploys it: its token and project join the filters now.
    const more = await readLogs({ ...input, accounts: [], projectIds: newborn.map(({ projectId }) => projectId), tokens: newborn.map(({ tokenAddress }) => tokenAddress as Address) });
    events.push(...more.filter(({ kind }) => kind === "transfer" || kind === "pay" || kind === "reservedDistributed" || kind === "loan"));
  }

  const minedAt = await timesOf(chainId, headers, events);

  const last = headers.at(-1);
  if (!last || last.number !== to) throw new ChainMovedError(chainId);
  const facts = {
    chainId,
    after,
    last: blockOf(last),
    blocks: headers.map(blockOf),
    transfers: events.flatMap((event) => (event.kind === "transfer" ? [{ ...placeOf(event), token: event.token, from: event.from, to: event.to, amountUnits: event.amountUnits }] : [])),
    operations: events.flatMap((event) =>
      event.kind === "operation" && (event.nonce & SEQUENCE_MASK) === 0n
        ? [{ ...placeOf(event), userOpHash: event.userOpHash, sender: event.sender, nonceKey: event.nonce >> 64n, success: event.success, reason: event.revertReason }]
        : [],
    ),
    pays: events.flatMap((event) =>
      event.kind === "pay"
        ? [{ ...placeOf(event), projectId: event.projectId, payer: event.payer, beneficiary: event.beneficiary, amountUsdMicros: event.amountUsdMicros, rewardUnits: event.rewardUnits, memo: event.memo, minedAt: dateOf(minedAt.get(event.blockNumber) ?? last.timestamp) }]
        : [],
    ),
    revnets,
    loans: events.flatMap((event) => (event.kind === "loan" ? [{ ...placeOf(event), event: event.loan, minedAt: dateOf(minedAt.get(event.blockNumber) ?? last.timestamp) }] : [])),
    arrivals: events.flatMap((event): ArrivalFact[] => {
      if (event.kind === "minted") return [{ ...placeOf(event), recipient: event.mintRecipient, units: event.amountUsdMicros, nonce: event.nonce }];
      return event.kind === "claimed" ? [{ ...placeOf(event), recipient: event.beneficiary, units: event.projectTokenUnits, sucker: event.sucker, index: event.index }] : [];
    }),
  };
  const changed = events.flatMap((event) => (event.kind === "signersChanged" ? [event.account] : []));
  const [states, expired, signers] = await Promise.all([
    readStates(chainId, facts, head, fresh),
    to === head.number ? readExpired(chainId, facts.last.minedAt) : [],
    readSignersOf(chainId, changed, head.number),
  ]);
  return { ...facts, states, expired, signers };
}

const dateOf = (timestamp: number) => new Date(timestamp * 1000);
const blockOf = ({ number, hash, parentHash, timestamp }: BlockHeader): Block => ({ number, hash, parentHash, minedAt: dateOf(timestamp) });
const placeOf = ({ blockNumber, blockHash, transactionHash, logIndex }: ChainEvent): Position => ({ blockNumber, blockHash, txHash: transactionHash, logIndex });

/** Read after the head: whatever an account or a store did up to it, its row was there before. */
async function readOurs(chainId: ChainId) {
  const [accounts, deployments, expected] = await Promise.all([
    sql<{ address: Address }[]>`
      SELECT address FROM smart_accounts WHERE chain_id = ${chainId}::chain_id
      UNION SELECT address FROM store_accounts WHERE chain_id = ${chainId}::chain_id`,
    sql<{ project_id: number; token_address: Address }[]>`
      SELECT project_id, token_address FROM store_deployments WHERE chain_id = ${chainId}::chain_id AND project_id IS NOT NULL AND token_address IS NOT NULL`,
    expectedArrivals(sql, chainId),
  ]);
  return { expected, accounts: accounts.map((row) => row.address), projectIds: deployments.map((row) => row.project_id), tokens: deployments.map((row) => row.token_address) };
}

async function assertOneChain({ chainId, after, headers, events, keepsEach }: { chainId: ChainId; after: RangeInput["after"]; headers: BlockHeader[]; events: ChainEvent[]; keepsEach: boolean }) {
  const hashOf = new Map(headers.map(({ number, hash }) => [number, hash]));
  if (events.some((event) => (hashOf.get(event.blockNumber) ?? event.blockHash) !== event.blockHash)) throw new ChainMovedError(chainId);
  if (keepsEach) {
    let parent = after.hash;
    for (const header of headers) {
      if (header.parentHash !== parent) throw new ChainMovedError(chainId);
      parent = header.hash;
    }
    return;
  }
  // Deep below the head only the ends are compared.
  const [start] = await readBlocks({ chainId, fromBlock: after.number, toBlock: after.number });
  if (start?.hash !== after.hash) throw new ChainMovedError(chainId);
}

/** Times of the blocks that deployed revnets, were paid in or lent; headers of a long catch-up are not all there. */
async function timesOf(chainId: ChainId, headers: BlockHeader[], events: ChainEvent[]) {
  const times = new Map(headers.map(({ number, timestamp }) => [number, timestamp]));
  const dated = events.filter(({ kind }) => kind === "revnetDeployed" || kind === "pay" || kind === "loan").map(({ blockNumber }) => blockNumber);
  const missing = [...new Set(dated)].filter((number) => !times.has(number));
  const found = await Promise.all(missing.map((number) => readBlocks({ chainId, fromBlock: number, toBlock: number })));
  for (const { number, timestamp } of found.flat()) times.set(number, timestamp);
  return times;
}

async function readRevnets(chainId: ChainId, events: ChainEvent[], head: BlockHeader, minedAt: Map<bigint, number>): Promise<RevnetFact[]> {
  const deployed = events.flatMap((event) => (event.kind === "revnetDeployed" ? [event] : []));
  return Promise.all(
    deployed.map(async (event) => {
      const { tokenAddress } = await readRevnetState(chainId, event.projectId, head.number);
      return { ...placeOf(event), projectId: event.projectId, caller: event.caller, tokenAddress, minedAt: dateOf(minedAt.get(event.blockNumber) ?? head.timestamp) };
    }),
  );
}

/** The states of the stores that were paid or lent, or whose tokens were made or burned, in the range. */
async function readStates(chainId: ChainId, facts: Pick<RangeFacts, "pays" | "transfers" | "revnets" | "loans">, head: BlockHeader, fresh: Set<string>): Promise<RevnetState[]> {
  const projectIds = new Set([...facts.pays.map(({ projectId }) => projectId), ...facts.revnets.map(({ projectId }) => projectId), ...facts.loans.map(({ event }) => event.projectId)]);
  const tokens = facts.transfers.filter(({ from, to }) => from === ZERO_ADDRESS || to === ZERO_ADDRESS).map(({ token }) => token);
  const callers = facts.revnets.map(({ caller }) => caller);
  const rows = await sql<{ store_id: string; project_id: number | null; caller: string | null }[]>`
    SELECT d.store_id, d.project_id, a.address AS caller
    FROM store_deployments d LEFT JOIN store_accounts a ON a.store_id = d.store_id AND a.chain_id = d.chain_id
    WHERE d.chain_id = ${chainId}::chain_id
      AND (d.project_id = ANY (${[...projectIds]}::integer[]) OR d.token_address = ANY (${[...new Set(tokens)]}::text[]) OR a.address = ANY (${callers}::text[]))`;
  const projectOf = new Map(facts.revnets.map(({ caller, projectId }) => [caller, projectId]));
  const states = await Promise.all(
    rows.map(async (row) => {
      const projectId = projectOf.get(row.caller ?? "") ?? row.project_id;
      if (projectId === null || fresh.has(row.store_id)) return [];
      fresh.add(row.store_id);
      return [await readStateOf(chainId, row.store_id, projectId, head.number)];
    }),
  );
  return states.flat();
}

/** A store's revnet at a block, as its row keeps it. */
export async function readStateOf(chainId: ChainId, storeId: string, projectId: number, block: bigint): Promise<RevnetState> {
  const { surplusUsdMicros, supplyUnits, pendingReservedUnits, borrowedUsdMicros, collateralUnits, cashOutTaxRate, cashOutDelayUntil } = await readRevnetState(chainId, projectId, block);
  return { storeId, surplusUsdMicros, supplyUnits, pendingReservedUnits, borrowedUsdMicros, collateralUnits, cashOutTaxRate, cashOutDelayUntil: cashOutDelayUntil === 0 ? null : dateOf(cashOutDelayUntil), blockNumber: block };
}

/** Who may sign for these accounts at a block. An account's first signer is an event as well, so each one is read when it is created. */
export const readSignersOf = (chainId: ChainId, accounts: readonly string[], block: bigint): Promise<SignersFact[]> =>
  Promise.all([...new Set(accounts)].map(async (account) => ({ account, signers: await readSigners(publicClient(chainId), account as Address, block) })));

/** Operations whose sponsorship ended before this block, and which the entry point has not seen up to now. */
async function readExpired(chainId: ChainId, blockTime: Date): Promise<ExpiredFact[]> {
  const rows = await sql<{ id: string; sender: Address; user_op_hash: string }[]>`
    SELECT id, sender, user_op_hash FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND status IN ('prepared', 'submitted') AND valid_until < ${blockTime} ORDER BY valid_until LIMIT ${EXPIRED_MAX}`;
  const used = await Promise.all(rows.map((row) => isNonceUsed(chainId, row.sender, operationNonce(row.id))));
  return rows.flatMap((row, index) => (used[index] ? [] : [{ operationId: row.id, userOpHash: row.user_op_hash }]));
}
