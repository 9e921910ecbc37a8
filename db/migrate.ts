import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { runMigrations } from "graphile-worker";
import { fileURLToPath } from "node:url";
import postgres from "postgres";

const MIGRATION_LOCK = 727_274;
const folder = fileURLToPath(new URL("../drizzle", import.meta.url));

/** Brings a database to the present schema and queue, as its owner. Safe to repeat and to run from several machines at once. */
export async function migrateDatabase(databaseUrl: string) {
  const client = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await client`SELECT pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(client), { migrationsFolder: folder });
    await runMigrations({ connectionString: databaseUrl });
    // The queue's tables come from its own migrations, so their grants are renewed after each run.
    await client`GRANT USAGE ON SCHEMA graphile_worker TO cocopay_worker`;
    await client`GRANT ALL ON ALL TABLES IN SCHEMA graphile_worker TO cocopay_worker`;
    await client`GRANT ALL ON ALL SEQUENCES IN SCHEMA graphile_worker TO cocopay_worker`;
    await client`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO cocopay_worker`;
    await admitWorkerToQueue(client);
  } finally {
    await client.end();
  }
}

/** The queue's tables let nobody but their owner see a row, until a policy admits the worker's role. */
async function admitWorkerToQueue(client: postgres.Sql) {
  const tables = await client<{ name: string }[]>`SELECT relname AS name FROM pg_class WHERE relnamespace = 'graphile_worker'::regnamespace AND relrowsecurity`;
  for (const { name } of tables) {
    await client`DROP POLICY IF EXISTS cocopay_worker ON graphile_worker.${client(name)}`;
    await client`CREATE POLICY cocopay_worker ON graphile_worker.${client(name)} TO cocopay_worker USING (true) WITH CHECK (true)`;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) {
    console.error("DATABASE_URL is missing: name the database to migrate, as its owner.");
    process.exit(1);
  }
  await migrateDatabase(databaseUrl);
  console.log("The database is up to date.");
}
