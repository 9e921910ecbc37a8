import "server-only";
import { sql } from "@/db/client";
import { publicClient } from "@/lib/chain/clients";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";

type Word = "ok" | "down";
export type Health = { status: Word; database: Word; chains: { chainId: ChainId; block: number | null }[]; worker: Word };

/** Each part is asked on its own and has this long to answer. */
const ANSWER_LIMIT_MS = 2_000;
/** The follower writes its cursor with every look at the chain, so one that is older means that nobody follows. */
const WORKER_SILENCE_SECONDS = 10;

/** Asks the database, each chain's node, and through the cursors the worker. Never throws. */
export async function checkHealth(): Promise<Health> {
  const { CHAIN_IDS } = env();
  const [database, worker, ...chains] = await Promise.all([
    within(sql`SELECT 1`.then(() => true)),
    within(areChainsFollowed(CHAIN_IDS)),
    ...CHAIN_IDS.map(async (chainId) => ({ chainId, block: await within(publicClient(chainId).getBlockNumber().then(Number)) })),
  ]);
  const isUp = database === true && worker === true && chains.every(({ block }) => block !== null);
  return { status: word(isUp), database: word(database === true), chains, worker: word(worker === true) };
}

const word = (isUp: boolean): Word => (isUp ? "ok" : "down");

async function areChainsFollowed(chainIds: readonly ChainId[]): Promise<boolean> {
  const [row] = await sql<{ followed: number }[]>`
    SELECT count(*)::int AS followed FROM chain_cursors
    WHERE chain_id = ANY (${sql.array([...chainIds])}::chain_id[]) AND updated_at > now() - make_interval(secs => ${WORKER_SILENCE_SECONDS})`;
  return row?.followed === chainIds.length;
}

/** The answer, or null when it failed or took too long. */
async function within<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ANSWER_LIMIT_MS)));
  try {
    return await Promise.race([answer, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    // A failure after the limit has nobody left to tell.
    answer.catch(() => {});
  }
}
