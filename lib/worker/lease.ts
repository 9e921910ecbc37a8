import "server-only";
import type { TransactionSql } from "postgres";
import { openSession } from "@/db/client";
import { pause } from "./pause";

/** A transaction of postgres.js: the follower and the bundler write sets of rows with `unnest`. */
export type SqlTx = TransactionSql;

/** The database session that held a lock is gone; another process may hold it by now. */
export class LeaseLostError extends Error {
  constructor(name: string) {
    super(`The lease ${name} was lost with its database session`);
    this.name = "LeaseLostError";
  }
}

/**
 * The right of one process to do something alone: a session-level advisory lock. Everything that must not be done twice is
 * written through `transaction`, on the very session that holds the lock, so a process that lost it cannot write.
 */
export type Lease = {
  name: string;
  isHeld: () => boolean;
  transaction: <T>(run: (tx: SqlTx) => Promise<T>) => Promise<T>;
  release: () => Promise<void>;
};

const RETRY_MS = 300;

/** Tries once. Null when another process holds the lock. */
export async function tryLease(name: string): Promise<Lease | null> {
  const once = new AbortController();
  once.abort();
  return acquire(name, once.signal);
}

/** Waits until the lock is free. Null when the signal ended the wait; rejects when the database is out of reach. */
export const waitForLease = (name: string, signal: AbortSignal): Promise<Lease | null> => acquire(name, signal);

async function acquire(name: string, signal: AbortSignal): Promise<Lease | null> {
  let isOpen = true;
  const session = openSession(() => {
    isOpen = false;
  });
  try {
    for (;;) {
      const [row] = await session<{ held: boolean; pid: number }[]>`SELECT pg_try_advisory_lock(hashtextextended(${name}, 0)) AS held, pg_backend_pid() AS pid`;
      if (row?.held && isOpen) return leaseOf(name, session, row.pid, () => isOpen);
      await pause(RETRY_MS, signal);
      if (signal.aborted) break;
    }
  } catch (error) {
    await session.end({ timeout: 1 });
    throw error;
  }
  await session.end({ timeout: 1 });
  return null;
}

function leaseOf(name: string, session: ReturnType<typeof openSession>, pid: number, isOpen: () => boolean): Lease {
  return {
    name,
    isHeld: isOpen,
    transaction: async (run) => {
      if (!isOpen()) throw new LeaseLostError(name);
      const result = await session.begin(async (tx) => {
        // A client may reconnect by itself; a new session would not hold the lock.
        const [row] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        if (row?.pid !== pid) throw new LeaseLostError(name);
        return { value: await run(tx) };
      });
      return result.value;
    },
    release: () => session.end({ timeout: 1 }),
  };
}
