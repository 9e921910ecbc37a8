import "server-only";
import { sql } from "@/db/client";
import type { CustodyStatus } from "@/lib/accounts/rules";
import type { ChainId } from "@/lib/chain/chains";
import { isChainUnreachable } from "@/lib/chain/clients";
import { notifyLive } from "@/lib/follower/notify";
import { idAt, nonceKeyOf } from "@/lib/ids";
import { log } from "@/lib/log";
import { RETURN_WAIT_MINUTES } from "@/lib/refunds/rules";
import { pause, type Waker } from "@/lib/worker/pause";
import type { SqlTx } from "@/lib/worker/lease";
import { presentConditions } from "./chain-conditions";
import { ATTEMPTS_MAX, isWithinSponsorship, retryDelayMs, TRANSACTION_KINDS, type OperationKind } from "./rules";
import { signQueued, type QueuedOperation, type SigningResult } from "./sign-operation";

/** Operations prepared at once by one lane: as many reads of the node travel together. */
const BATCH = 16;
/** Lanes of one process and chain: while one waits for its commit, another simulates. */
export const LANES = 2;
/** The outbox is looked at this often without a hint; every commit that queues sends one. */
const POLL_MS = 250;
const RETRY_MS = 500;
/** A chain's clock may jump (a block after a pause), so a start in the future is looked at again this soon. */
const NOT_STARTED_MAX_SECONDS = 1;
/** After a fault of ours, which somebody has to mend. */
const BROKEN_RETRY_MS = 5_000;
/** What a person moved and could not be signed within this time is over: nobody waits at a counter for an hour. */
const WAIT_HOURS_MAX = 1;
const DAY_MS = 86_400_000;

export type SubmitOptions = { chainId: ChainId; signal: AbortSignal; waker: Waker; onSubmitted: () => void };

/** One lane of the outbox: signs, or prepares for its owner, and records what is due, for as long as the process lives. Several lanes and workers never take the same row. */
export async function runSubmitLane({ chainId, signal, waker, onSubmitted }: SubmitOptions): Promise<void> {
  let isHinted = false;
  while (!signal.aborted) {
    try {
      const { taken, submitted } = await submitDue(chainId);
      // A hint with nothing queued is an owner's signature, which the web process recorded: the bundler sends it.
      if (submitted > 0 || (isHinted && taken === 0)) onSubmitted();
      isHinted = taken < BATCH && (await waker.wait(POLL_MS, signal));
    } catch (error) {
      if (!isChainUnreachable(error)) log().error({ err: error, chainId }, "submitting failed");
      await pause(RETRY_MS, signal);
    }
  }
}

type Row = {
  id: string; kind: OperationKind; subject_id: string; sender: string; attempts: number; is_late: boolean;
  custody: CustodyStatus | null; user_id: string | null; store_id: string | null; initial_owner: string | null; salt: string | null; deployed: boolean | null;
};

/**
 * Takes the oldest due operations off the outbox, signs them, and records what was signed. The rows stay locked until the
 * record commits, so a second worker passes them by and a crash leaves them as they were. Nothing is sent here: the bundler
 * sends what is recorded. Throws when the node or the database is out of reach.
 */
export async function submitDue(chainId: ChainId, limit = BATCH): Promise<{ taken: number; submitted: number }> {
  const [due] = await sql`SELECT 1 FROM user_operations WHERE chain_id = ${chainId}::chain_id AND status = 'queued' AND error_code IS NULL AND next_attempt_at <= now() LIMIT 1`;
  if (!due) return { taken: 0, submitted: 0 };
  const conditions = await presentConditions(chainId);
  const outcome = await sql.begin(async (tx) => {
    const rows = await onePerNewAccount(tx, chainId, await takeDue(tx, chainId, limit));
    const sponsored = await sponsoredToday(tx, chainId, rows.map(({ sender }) => sender));
    const results = await Promise.all(
      rows.map(async (row): Promise<Outcome> => {
        if (row.is_late) return { row, result: { status: "late" } };
        if (!isWithinSponsorship(sponsored.get(row.sender) ?? NOTHING_SPONSORED)) return { row, result: { status: "reverts", reason: "The account's sponsored operations of a day are used up" } };
        const operation = queuedOf(chainId, row);
        if (!operation) return { row, result: { status: "reverts", reason: "The sender's account is not ours" } };
        return { row, result: await signQueued(operation, conditions) };
      }),
    );
    await recordBuilt(tx, results);
    await recordUnsigned(tx, results);
    const holdersOf = (status: SigningResult["status"]) => results.flatMap(({ row, result }) => (result.status === status ? [row.user_id] : []));
    return { taken: rows.length, submitted: holdersOf("signed").length, waiting: holdersOf("prepared").flatMap((userId) => userId ?? []) };
  });
  // Their screens ask for the signature now.
  if (outcome.waiting.length > 0) await notifyLive({ userIds: new Set(outcome.waiting), storeIds: new Set() });
  return { taken: outcome.taken, submitted: outcome.submitted };
}

/**
 * Oldest first. An account without code gets one operation on its way at a time (two would both create it), and so does the
 * deployment of revnets on a chain (two would count on the same project id). Any other account may have several: their nonce
 * keys differ, reservations cover all of them, and each takes its own allowance and uses it up; they only never share a bundle.
 */
const takeDue = (tx: SqlTx, chainId: ChainId, limit: number) => tx<Row[]>`
  SELECT o.id, o.kind, o.subject_id, o.sender, o.attempts, a.custody_status AS custody,
         o.kind = ANY (${TRANSACTION_KINDS as string[]}::text[]) AND o.queued_at < now() - make_interval(hours => ${WAIT_HOURS_MAX})
           OR o.kind = 'reward_return' AND o.queued_at < now() - make_interval(mins => ${RETURN_WAIT_MINUTES}) AS is_late,
         a.user_id, s.store_id, COALESCE(a.initial_owner_address, a.owner_address, s.initial_owner_address) AS initial_owner,
         COALESCE(a.salt, s.salt) AS salt, COALESCE(a.deployed, s.deployed) AS deployed
  FROM user_operations o
  LEFT JOIN smart_accounts a ON a.chain_id = o.chain_id AND a.address = o.sender
  LEFT JOIN store_accounts s ON s.chain_id = o.chain_id AND s.address = o.sender
  WHERE o.chain_id = ${chainId}::chain_id AND o.status = 'queued' AND o.error_code IS NULL AND o.next_attempt_at <= now()
    AND (COALESCE(a.deployed, s.deployed, TRUE) OR NOT EXISTS (
      SELECT 1 FROM user_operations f WHERE f.chain_id = o.chain_id AND f.sender = o.sender AND f.status IN ('prepared', 'submitted')))
    AND (o.kind <> 'store_deployment' OR NOT EXISTS (
      SELECT 1 FROM user_operations f WHERE f.chain_id = o.chain_id AND f.kind = 'store_deployment' AND f.status = 'submitted'))
  ORDER BY o.created_at, o.id LIMIT ${limit} FOR NO KEY UPDATE OF o SKIP LOCKED`;

/** Keeps the first operation of each account that has no code yet, unless another lane or worker is at that account. */
async function onePerNewAccount(tx: SqlTx, chainId: ChainId, rows: Row[]): Promise<Row[]> {
  const guardOf = (row: Row) => (row.kind === "store_deployment" ? `deployment:${chainId}` : row.deployed === false ? `account:${chainId}:${row.sender}` : null);
  const guards = [...new Set(rows.flatMap((row) => guardOf(row) ?? []))];
  if (guards.length === 0) return rows;
  const held = await tx<{ name: string }[]>`SELECT name FROM unnest(${guards}::text[]) AS name WHERE pg_try_advisory_xact_lock(hashtextextended(name, 0))`;
  // A lane that held the guard a moment ago may have committed since the rows were taken.
  const busy = await tx<{ sender: string; kind: string }[]>`
    SELECT sender, kind FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND status IN ('prepared', 'submitted') AND (sender = ANY (${rows.map((row) => row.sender)}::text[]) OR kind = 'store_deployment')`;
  const free = new Set(held.map(({ name }) => name));
  for (const { sender, kind } of busy) {
    free.delete(`account:${chainId}:${sender}`);
    if (kind === "store_deployment") free.delete(`deployment:${chainId}`);
  }
  return rows.filter((row) => {
    const guard = guardOf(row);
    return guard === null || free.delete(guard);
  });
}

const NOTHING_SPONSORED = { operations: 0, gas: 0n };

/** What the paymaster promised to pay for these accounts within a day. Nonce keys are UUIDv7, so a day is one range of the unique index. */
async function sponsoredToday(tx: SqlTx, chainId: ChainId, senders: readonly string[]) {
  const rows = await tx<{ sender: string; operations: number; gas: string }[]>`
    SELECT sender, count(*)::integer AS operations,
           sum((signed_operation->>'callGasLimit')::numeric + (signed_operation->>'verificationGasLimit')::numeric + (signed_operation->>'preVerificationGas')::numeric)::text AS gas
    FROM user_operations
    WHERE chain_id = ${chainId}::chain_id AND sender = ANY (${[...new Set(senders)]}::text[]) AND nonce_key > ${nonceKeyOf(idAt(Date.now() - DAY_MS)).toString()}::numeric
      AND signed_operation IS NOT NULL
    GROUP BY sender`;
  return new Map(rows.map((row) => [row.sender, { operations: row.operations, gas: BigInt(row.gas) }]));
}

function queuedOf(chainId: ChainId, row: Row): QueuedOperation | null {
  const holder = row.user_id ? { userId: row.user_id } : row.store_id ? { storeId: row.store_id } : null;
  if (!holder || !row.initial_owner || !row.salt) return null;
  return { id: row.id, chainId, kind: row.kind, subjectId: row.subject_id, sender: row.sender, holder, initialOwner: row.initial_owner, salt: row.salt, isDeployed: row.deployed ?? false, signedBy: row.custody === "self_custody" ? "owner" : "server" };
}

type Outcome = { row: Row; result: SigningResult | { status: "late" } };

/**
 * What will be sent, before anything is: after a crash the same bytes go out again, never others. A prepared one lacks only its
 * owner's signature, which record_signature adds.
 */
async function recordBuilt(tx: SqlTx, outcomes: readonly Outcome[]) {
  const built = outcomes.flatMap(({ row, result }) => (result.status === "signed" || result.status === "prepared" ? [{ row, ...result }] : []));
  if (built.length === 0) return;
  await tx`
    UPDATE user_operations o SET
      signed_operation = built.operation, user_op_hash = built.hash, status = built.status, submitted_at = CASE WHEN built.status = 'submitted' THEN now() END,
      attempts = o.attempts + 1, tx_hash = NULL,
      -- An earlier version of it may still be valid: only the later end proves both dead.
      valid_until = GREATEST(o.valid_until, built.valid_until)
    FROM unnest(
      ${built.map(({ row }) => row.id)}::uuid[], ${built.map(({ stored }) => JSON.stringify(stored))}::text[]::jsonb[],
      ${built.map(({ hash }) => hash)}::text[], ${built.map(({ validUntil }) => validUntil.toISOString())}::timestamptz[],
      ${built.map(({ status }) => (status === "signed" ? "submitted" : "prepared"))}::text[]
    ) AS built (id, operation, hash, valid_until, status)
    WHERE o.id = built.id`;
}

/**
 * What could not be signed. A reverting simulation is tried again a few times (a deposit on its way, a moved project id), then
 * refused: `error_code` on a queued row, which the follower ends and releases. It was never signed, so it can never land.
 * A start in the future and a node out of reach count no attempt.
 */
async function recordUnsigned(tx: SqlTx, outcomes: readonly Outcome[]) {
  for (const { row, result } of outcomes) {
    if (result.status === "late") {
      await tx`UPDATE user_operations SET error_code = 'expired', error_message = 'Could not be signed in time' WHERE id = ${row.id}`;
    } else if (result.status === "refused") {
      log().warn({ operationId: row.id, kind: row.kind, code: result.code }, "operation refused at signing");
      await tx`UPDATE user_operations SET error_code = ${result.code}, error_message = 'Refused when it was to be signed' WHERE id = ${row.id}`;
    } else if (result.status === "not_started") {
      await tx`UPDATE user_operations SET next_attempt_at = now() + make_interval(secs => ${Math.min(result.seconds, NOT_STARTED_MAX_SECONDS)}) WHERE id = ${row.id}`;
    } else if (result.status === "unreachable" || result.status === "broken") {
      const waitMs = result.status === "broken" ? BROKEN_RETRY_MS : RETRY_MS;
      await tx`UPDATE user_operations SET next_attempt_at = now() + make_interval(secs => ${waitMs / 1000}) WHERE id = ${row.id}`;
    } else if (result.status === "reverts") {
      const attempts = row.attempts + 1;
      const isRefused = attempts >= ATTEMPTS_MAX;
      log().warn({ operationId: row.id, kind: row.kind, reason: result.reason, attempts }, "operation would revert");
      await tx`
        UPDATE user_operations SET attempts = ${attempts}, next_attempt_at = now() + make_interval(secs => ${retryDelayMs(attempts) / 1000}),
          error_code = ${isRefused ? "would_revert" : null}, error_message = ${isRefused ? result.reason : null}
        WHERE id = ${row.id}`;
    }
  }
}
