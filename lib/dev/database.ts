import postgres from "postgres";
import { migrateDatabase } from "../../db/migrate";
import type { DataFolder } from "./data-folder";
import { startPostgres, type PostgresServer } from "./postgres";
import type { Secrets } from "./secrets";
import { StartError } from "./start-error";

const NAME = "cocopay";
const WEB_LOGIN = "cocopay_web_login";
const WORKER_LOGIN = "cocopay_worker_login";

/** How the processes reach the database. With a database from outside both log in as its owner and take their role. */
export type DatabaseAccess = {
  ownerUrl: string;
  web: Record<string, string>;
  worker: Record<string, string>;
  server: PostgresServer | undefined;
};

/** Starts the embedded server and makes its database and logins, or uses DATABASE_URL; migrates either one. */
export async function prepareDatabase({ folder, secrets, port, onLog }: { folder: DataFolder; secrets: Secrets; port: number; onLog: (text: string) => void }): Promise<DatabaseAccess> {
  const outside = process.env.DATABASE_URL;
  if (outside) {
    await migrateOutside(outside);
    const access = (role: string) => ({ DATABASE_URL: outside, DATABASE_ROLE: role });
    return { ownerUrl: outside, web: access("cocopay_web"), worker: access("cocopay_worker"), server: undefined };
  }
  const server = await startPostgres({ databaseDir: folder.postgres, port, password: secrets.databaseOwnerPassword, onLog });
  try {
    const ownerUrl = server.url(NAME);
    await createDatabase(server.url("postgres"));
    await migrateDatabase(ownerUrl);
    const web = await createLogin(ownerUrl, { login: WEB_LOGIN, role: "cocopay_web", password: secrets.databaseWebPassword });
    const worker = await createLogin(ownerUrl, { login: WORKER_LOGIN, role: "cocopay_worker", password: secrets.databaseWorkerPassword });
    return { ownerUrl, web: { DATABASE_URL: web }, worker: { DATABASE_URL: worker }, server };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function migrateOutside(url: string) {
  try {
    await migrateDatabase(url);
  } catch (error) {
    const { hostname, port, pathname } = new URL(url);
    throw new StartError(`The database ${hostname}:${port || 5432}${pathname} of DATABASE_URL can't be used: ${error instanceof Error ? error.message || error.name : String(error)}`);
  }
}

async function createDatabase(adminUrl: string) {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [found] = await admin`SELECT 1 FROM pg_database WHERE datname = ${NAME}`;
    if (!found) await admin.unsafe(`CREATE DATABASE ${NAME}`);
  } finally {
    await admin.end();
  }
}

/** A login that may do what its role may, and no more. Answers its connection string. */
async function createLogin(ownerUrl: string, { login, role, password }: { login: string; role: string; password: string }): Promise<string> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const [found] = await owner`SELECT 1 FROM pg_roles WHERE rolname = ${login}`;
    // Names are constants of this file and the password is hexadecimal: nothing here needs quoting by the driver.
    await owner.unsafe(`${found ? "ALTER" : "CREATE"} ROLE ${login} LOGIN PASSWORD '${password}'`);
    await owner.unsafe(`GRANT ${role} TO ${login}`);
  } finally {
    await owner.end();
  }
  const url = new URL(ownerUrl);
  url.username = login;
  url.password = password;
  return url.href;
}

/**
 * Checks that each chain is the one that the database was filled from, by its first block. Fails with a sentence that
 * says what to do.
 */
export async function assertChainsMatch(ownerUrl: string, chains: { chainId: string; rpcUrl: string; isOutside: boolean }[]) {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    for (const { chainId, rpcUrl, isOutside } of chains) {
      const [cursor] = await owner<{ genesisHash: string }[]>`SELECT genesis_hash AS "genesisHash" FROM chain_cursors WHERE chain_id = ${chainId}`;
      if (!cursor || cursor.genesisHash === (await firstBlockHash(chainId, rpcUrl))) continue;
      throw new StartError(
        isOutside
          ? `The chain at RPC_URL_${chainId} is not the one that this database was filled from. Point RPC_URL_${chainId} to that chain, or use an empty database.`
          : `The local chain ${chainId} is not the one that this database was filled from (one of the two was reset). ${process.env.DATABASE_URL ? "Use an empty database in DATABASE_URL and run" : "Run"} \`npm start -- --reset\` to begin anew.`,
      );
    }
  } finally {
    await owner.end();
  }
}

const RPC_TIMEOUT_MS = 10_000;

async function firstBlockHash(chainId: string, rpcUrl: string): Promise<string> {
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: ["0x0", false] });
    const answer = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body, signal: AbortSignal.timeout(RPC_TIMEOUT_MS) });
    const { result } = (await answer.json()) as { result?: { hash?: string } };
    if (result?.hash) return result.hash;
  } catch {
    // Told below: whatever went wrong, the node does not answer as a node does.
  }
  throw new StartError(`The chain ${chainId} does not answer at ${new URL(rpcUrl).host}. Check RPC_URL_${chainId}.`);
}
