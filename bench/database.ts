import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { freePort } from "@/lib/dev/ports";
import { startPostgres } from "@/lib/dev/postgres";

/** A durable server of its own (fsync on, as in production) with a migrated database, and the environment that names it. */
export async function startBenchDatabase({ pool = 32 }: { pool?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cocopay-bench-"));
  chmodSync(folder, 0o755);
  const server = await startPostgres({ databaseDir: join(folder, "data"), port: await freePort(), password: "bench" });
  const create = async (name: string) => {
    const admin = postgres(server.url("postgres"), { max: 1, onnotice: () => {} });
    await admin.unsafe(`CREATE DATABASE ${name}`);
    await admin.end();
    return server.url(name);
  };
  const url = await create("ours");
  await migrateDatabase(url);
  Object.assign(process.env, {
    APP_ENV: "test",
    APP_URL: "http://localhost:3000",
    DATABASE_URL: url,
    DATABASE_POOL_MAX: String(pool),
    CHAIN_IDS: "84532",
    DEFAULT_CHAIN_ID: "84532",
    // The content security policy names it; who needs a chain starts one.
    RPC_URL_84532: "http://127.0.0.1:1",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    KEY_ENCRYPTION_KEYS: `1:${randomBytes(32).toString("base64")}`,
    LOG_LEVEL: "error",
  });
  return {
    create,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
