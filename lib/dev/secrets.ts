import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { DataFolder } from "./data-folder";
import { StartError } from "./start-error";

const OPERATORS = 3;

const Secrets = z.object({
  nextauthSecret: z.string(),
  keyEncryptionKeys: z.string(),
  operatorPrivateKeys: z.string(),
  paymasterSignerKey: z.string(),
  databaseOwnerPassword: z.string(),
  databaseWebPassword: z.string(),
  databaseWorkerPassword: z.string(),
});

/** Everything secret of one local stack, random at its first start and kept in a file that its account alone can read. */
export type Secrets = z.output<typeof Secrets>;

const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const privateKey = () => `0x${hex(32)}`;

function makeSecrets(): Secrets {
  return {
    nextauthSecret: hex(32),
    keyEncryptionKeys: `1:${randomBytes(32).toString("base64")}`,
    operatorPrivateKeys: Array.from({ length: OPERATORS }, privateKey).join(","),
    paymasterSignerKey: privateKey(),
    databaseOwnerPassword: hex(16),
    databaseWebPassword: hex(16),
    databaseWorkerPassword: hex(16),
  };
}

/** Reads the secrets, or makes them for a new folder. Data without its secrets can't be opened and says so. */
export function readSecrets(folder: DataFolder): Secrets {
  if (existsSync(folder.secrets)) {
    const parsed = Secrets.safeParse(readJson(folder.secrets));
    if (parsed.success) return parsed.data;
    throw new StartError(`The file ${folder.secrets} is damaged. Run \`npm start -- --reset\` to begin anew.`);
  }
  if (existsSync(folder.postgres) || existsSync(folder.chains)) {
    throw new StartError(`The data in ${folder.path} has lost its secrets.json. Put the file back, or run \`npm start -- --reset\` to begin anew.`);
  }
  const made = makeSecrets();
  writeFileSync(folder.secrets, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
