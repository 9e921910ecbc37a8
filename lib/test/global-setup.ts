import { rmSync, mkdtempSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "../../db/migrate";
import { freePort } from "../dev/ports";
import { startPostgres } from "../dev/postgres";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where each test file makes its own database from the migrated template. */
    postgresUrl: string;
  }
}

export const TEMPLATE = "cocopay_template";

/** One real PostgreSQL server for the run, migrated once into a template. */
export default async function setup(project: TestProject) {
  const databaseDir = mkdtempSync(join(tmpdir(), "cocopay-test-"));
  chmodSync(databaseDir, 0o755);
  const server = await startPostgres({ databaseDir: join(databaseDir, "data"), port: await freePort(), password: "test", isThrowaway: true });
  const admin = postgres(server.url("postgres"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${TEMPLATE}`);
  await migrateDatabase(server.url(TEMPLATE));
  await admin.end();
  project.provide("postgresUrl", server.url("postgres"));
  return async () => {
    await server.stop();
    rmSync(databaseDir, { recursive: true, force: true });
  };
}
