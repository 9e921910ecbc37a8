import "server-only";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres, { type Options } from "postgres";
import { env } from "@/lib/env";
import * as schema from "./schema";

function connect(max: number, options: Pick<Options<Record<string, never>>, "max_lifetime" | "idle_timeout" | "onclose"> = {}) {
  const { DATABASE_URL, DATABASE_ROLE } = env();
  return postgres(DATABASE_URL, {
    ...options,
    max,
    onnotice: () => {},
    // The database has the same setting, but a dump restored elsewhere loses it, and the days of store_daily_stats depend on it.
    connection: { application_name: "cocopay", TimeZone: "America/Sao_Paulo", ...(DATABASE_ROLE ? { role: DATABASE_ROLE } : {}) },
  });
}

function open() {
  const max = env().DATABASE_POOL_MAX;
  // Drizzle changes its client's serializers, so raw queries have a client of their own (web/STACK.md, trap 3).
  const sql = connect(max);
  const client = connect(max);
  return { sql, client, db: drizzle(client, { schema }) };
}

type Connections = ReturnType<typeof open>;
// Next reloads modules in development; the pools live on the process, not on the module.
const holder = globalThis as typeof globalThis & { cocopayDatabase?: Connections };
const connections = () => (holder.cocopayDatabase ??= open());

/** A value that is made at its first use, so that importing a module never opens a connection (the build has no database). */
function lazily<T extends object>(get: () => T): T {
  return new Proxy((() => {}) as unknown as T, {
    get: (_target, key) => {
      const owner = get();
      const value: unknown = Reflect.get(owner, key);
      return typeof value === "function" ? value.bind(owner) : value;
    },
    apply: (_target, _this, args: unknown[]) => (get() as unknown as (...args: unknown[]) => unknown)(...args),
  });
}

/** Drizzle, for use cases and pages. */
export const db: Connections["db"] = lazily(() => connections().db);

/** postgres.js, for the pay path and the follower: prepared statements, one round trip. */
export const sql: Connections["sql"] = lazily(() => connections().sql);

/** The handle inside `db.transaction`. A function that takes a Tx is atomic with its caller. */
export type Tx = Parameters<Parameters<Connections["db"]["transaction"]>[0]>[0];

/**
 * A connection outside the pools for what lives exactly as long as a database session: advisory locks. It is never recycled
 * by age or idleness; `onClose` says when it is gone, and with it every lock. The caller ends it.
 */
export const openSession = (onClose: () => void) => connect(1, { max_lifetime: null, idle_timeout: 0, onclose: onClose });

/** Ends every connection: tests and commands call it before they leave. */
export async function closeDatabase() {
  const open_ = holder.cocopayDatabase;
  delete holder.cocopayDatabase;
  if (open_) await Promise.all([open_.sql.end({ timeout: 5 }), open_.client.end({ timeout: 5 })]);
}
