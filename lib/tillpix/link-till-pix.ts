import "server-only";
import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { USDC } from "@/lib/chain/addresses";
import { invariant } from "@/lib/errors";
import { nonceKeyOf } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { log } from "@/lib/log";
import { decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import { changePix, lockPix, type TillPixRow } from "./change-status";
import { takeCharge } from "./sync-till-pix";

const LOOK_AGAIN_MS = 1_000;
/** For this long somebody waits at the till; afterwards the minute's round is enough. */
const LOOKS_FOR_MS = 120_000;
const QUICK_TRIES = 3;
const MINUTES_A_FAILURE = 5;

/**
 * Joins a till Pix with the dollars that the follower saw in the store's own account, and puts their payment into the store's revnet into the outbox,
 * once. It works whichever came first, the provider's word or the block. A deposit that could not land is made anew, under a new payment, as
 * long as nobody else paid the charge. Worker only, safe to repeat.
 */
export async function linkTillPix(pixId: string, now = new Date()): Promise<void> {
  const chainId = await db.transaction(async (tx) => {
    // The store's lock before the row, as everything that takes from a store has it.
    await tx.execute(sql`SELECT store_lock(p.store_id) FROM till_pix p WHERE p.id = ${pixId}`);
    const row = await lockPix(tx, pixId);
    if (!row?.txHash) return null;
    const arrivedUsdMicros = await arrivedBy(tx, row);
    if (row.status === "paid_twice") {
      if (arrivedUsdMicros > 0n) await changePix(tx, row, "paid_twice", { arrivedUsdMicros });
      return null;
    }
    if (row.status === "converting") return depositAgain(tx, row);
    if (row.status !== "paid") return null;
    if (arrivedUsdMicros === 0n) {
      if (now.getTime() - (row.paidAt ?? row.updatedAt).getTime() < LOOKS_FOR_MS) await lookAgain(tx, pixId);
      return null;
    }
    if (await isTakenByAnother(tx, row)) {
      log().error({ pixId }, "the provider named one transaction for two Pix");
      return null;
    }
    return deposit(tx, row, arrivedUsdMicros, now);
  });
  if (chainId) hintOperations(chainId);
}

async function deposit(tx: Tx, row: TillPixRow, arrivedUsdMicros: bigint, now: Date): Promise<TillPixRow["chainId"] | null> {
  invariant(row.transactionId, "a paid Pix has its payment");
  const [answer] = await tx.execute<{ result: "queued" | "again" | "short" | "not_ready" | "not_found" }>(
    sql`SELECT till_pix_deposit(${row.id}, ${decimalFromUsdMicros(arrivedUsdMicros)}::numeric, ${USDC[row.chainId]}, ${nonceKeyOf(row.transactionId).toString()}::numeric) AS result`,
  );
  if (answer?.result === "queued" || answer?.result === "again") {
    await changePix(tx, row, "converting", { arrivedUsdMicros });
    return row.chainId;
  }
  if (answer?.result === "not_found") {
    // The payment ended before its dollars came; they are there now.
    if (await takeCharge(tx, row)) await lookAgain(tx, row.id, now);
    return null;
  }
  log().warn({ pixId: row.id, result: answer?.result }, "a Pix can't be paid in yet");
  return null;
}

/** Only a payment that failed is made anew: one on its way, or confirmed, stays. */
async function depositAgain(tx: Tx, row: TillPixRow): Promise<null> {
  const [last] = await tx.execute<{ status: string; failures: number; minutes: number }>(sql`
    SELECT t.status, (SELECT count(*)::int FROM transactions f WHERE f.charge_id = t.charge_id AND f.origin = 'pix' AND f.status = 'failed') AS failures,
           trunc(extract(epoch FROM now() - t.created_at) / 60)::int AS minutes
    FROM transactions t WHERE t.id = ${row.transactionId}`);
  if (last?.status !== "failed") return null;
  // After a few quick ones it goes on slowly: the dollars are safe in the store's account, and somebody may have to look.
  if (last.failures >= QUICK_TRIES && last.minutes < Math.min(last.failures * MINUTES_A_FAILURE, 60)) return null;
  if (!(await takeCharge(tx, row))) return null;
  await lookAgain(tx, row.id);
  return null;
}

const lookAgain = (tx: Tx, pixId: string, now = new Date()) => enqueue(tx, "tillpix.link", { pixId }, { key: `tillpix.link:${pixId}`, runAt: new Date(now.getTime() + LOOK_AGAIN_MS) });

/** Dollars that this transaction brought to the store's account, by the journal; zero while the follower has not seen it. */
async function arrivedBy(tx: Tx, { chainId, txHash, storeId }: TillPixRow): Promise<bigint> {
  const [row] = await tx.execute<{ arrived: string }>(sql`
    SELECT COALESCE(sum(c.delta), 0)::text AS arrived
    FROM balance_changes c JOIN store_token_balances b ON b.id = c.balance_id
    WHERE b.store_id = ${storeId} AND b.chain_id = ${chainId}::chain_id AND b.token_address = ${USDC[chainId]} AND c.holder = 'store' AND c.tx_hash = ${txHash} AND c.delta > 0`);
  return BigInt(row?.arrived ?? 0);
}

async function isTakenByAnother(tx: Tx, row: TillPixRow): Promise<boolean> {
  const rows = await tx.execute(sql`
    SELECT 1 FROM till_pix WHERE chain_id = ${row.chainId}::chain_id AND tx_hash = ${row.txHash} AND store_id = ${row.storeId} AND arrived_usd IS NOT NULL AND id <> ${row.id} LIMIT 1`);
  return rows.length > 0;
}
