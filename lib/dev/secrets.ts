import { generateKeyPairSync, randomBytes } from "node:crypto";
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
  aveniaApiKey: z.string(),
  /** PEM in base64: the half that signs, and the half that the stand-in provider knows. */
  aveniaSigningKey: z.string(),
  aveniaClientPublicKey: z.string(),
  starkbankSigningKey: z.string(),
});

/** Everything secret of one local stack, random at its first start and kept in a file that its account alone can read. */
export type Secrets = z.output<typeof Secrets>;

const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const privateKey = () => `0x${hex(32)}`;

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

/** Younger than the first stacks: a folder without these gets them. */
function makeProviderSecrets() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const stark = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
  return { starkbankSigningKey: base64(stark.export({ format: "pem", type: "pkcs8" })), aveniaApiKey: hex(24), aveniaSigningKey: base64(privateKey.export({ format: "pem", type: "pkcs8" })), aveniaClientPublicKey: base64(publicKey.export({ format: "pem", type: "spki" })) };
}

function makeSecrets(): Secrets {
  return {
    ...makeProviderSecrets(),
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
    const kept = readJson(folder.secrets);
    const parsed = Secrets.safeParse(kept);
    if (parsed.success) return parsed.data;
    const completed = Secrets.safeParse({ ...makeProviderSecrets(), ...(typeof kept === "object" ? kept : {}) });
    if (completed.success) return writeSecrets(folder, completed.data);
    throw new StartError(`The file ${folder.secrets} is damaged. Run \`npm start -- --reset\` to begin anew.`);
  }
  if (existsSync(folder.postgres) || existsSync(folder.chains)) {
    throw new StartError(`The data in ${folder.path} has lost its secrets.json. Put the file back, or run \`npm start -- --reset\` to begin anew.`);
  }
  return writeSecrets(folder, makeSecrets());
}

function writeSecrets(folder: DataFolder, secrets: Secrets): Secrets {
  writeFileSync(folder.secrets, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
