import { writeFileSync } from "node:fs";
import type { LocalChain } from "./chains";
import type { DataFolder } from "./data-folder";
import type { DatabaseAccess } from "./database";
import type { Secrets } from "./secrets";
import { StartError } from "./start-error";

/** What any program needs to run at all. Everything else of the caller's environment stays outside. */
const SYSTEM = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "SystemRoot"];
/** Settings that the person at the terminal may give; both processes read them. */
const SHARED = ["SMS_PROVIDER", "TWILIO_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_MESSAGING_SERVICE_SID", "RATE_PROVIDER", "PTAX_BASE_URL", "IRIS_URL", "TOPUP_PROVIDER", "AVENIA_BASE_URL", "PAYOUT_PROVIDER", "STARKBANK_BASE_URL", "STARKBANK_TREASURY_ADDRESS", "TRUSTED_PROXY_HOPS", "DATABASE_POOL_MAX", "LOG_LEVEL"];

/** Who we are at the bank's stand-in, and where dollars for it go. */
export const LOCAL_PROJECT_ID = "5656565656565656";
const LOCAL_TREASURY = "0x0000000000000000000000000000000000c0c07e";
/** Stark Bank pays and nobody named its address: its stand-in runs. */
export const isStarkbankLocal = (): boolean => process.env.PAYOUT_PROVIDER === "starkbank" && process.env.STARKBANK_BASE_URL === undefined;

type Variables = Record<string, string>;

const given = (names: string[]): Variables => Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

export type Environments = { web: Variables; worker: Variables; system: Variables };

type Input = { secrets: Secrets; database: DatabaseAccess; chains: LocalChain[]; appUrl: string; irisUrl: string | undefined; aveniaUrl: string; starkbankUrl: string };

/**
 * The environment of each process: shared settings, then what is its own. Keys that move money are in the worker's alone.
 * A value that the caller's environment names holds against the made one.
 */
export function environments({ secrets, database, chains, appUrl, irisUrl, aveniaUrl, starkbankUrl }: Input): Environments {
  const fromOutside = (name: string, made: string) => process.env[name] ?? made;
  const isStarkLocal = isStarkbankLocal();
  const shared: Variables = {
    APP_ENV: "development",
    CHAIN_IDS: chains.map(({ chainId }) => chainId).join(","),
    DEFAULT_CHAIN_ID: chains[0]?.chainId ?? "",
    NEXTAUTH_SECRET: fromOutside("NEXTAUTH_SECRET", secrets.nextauthSecret),
    ...Object.fromEntries(chains.map(({ chainId, rpcUrl }) => [`RPC_URL_${chainId}`, rpcUrl])),
    ...(irisUrl && { IRIS_URL: irisUrl }),
    AVENIA_BASE_URL: aveniaUrl,
    ...(isStarkLocal && { STARKBANK_BASE_URL: starkbankUrl, STARKBANK_TREASURY_ADDRESS: LOCAL_TREASURY }),
    ...given(SHARED),
  };
  const worker: Variables = {
    ...shared,
    ...database.worker,
    APP_URL: appUrl,
    KEY_ENCRYPTION_KEYS: fromOutside("KEY_ENCRYPTION_KEYS", secrets.keyEncryptionKeys),
    OPERATOR_PRIVATE_KEYS: fromOutside("OPERATOR_PRIVATE_KEYS", secrets.operatorPrivateKeys),
    PAYMASTER_SIGNER_KEY: fromOutside("PAYMASTER_SIGNER_KEY", secrets.paymasterSignerKey),
    AVENIA_API_KEY: fromOutside("AVENIA_API_KEY", secrets.aveniaApiKey),
    AVENIA_SIGNING_KEY: fromOutside("AVENIA_SIGNING_KEY", secrets.aveniaSigningKey),
    ...(isStarkLocal && { STARKBANK_PROJECT_ID: LOCAL_PROJECT_ID, STARKBANK_SIGNING_KEY: secrets.starkbankSigningKey }),
    ...given(["STARKBANK_PROJECT_ID", "STARKBANK_SIGNING_KEY"]),
    ...given(chains.flatMap(({ chainId }) => [`BUNDLER_URL_${chainId}`, `FIRST_BLOCK_${chainId}`])),
  };
  for (const { chainId, paymaster } of chains) {
    if (!paymaster) throw new StartError(`PAYMASTER_ADDRESS_${chainId} is missing: the chain at RPC_URL_${chainId} is not ours to deploy to, so name the paymaster on it.`);
    worker[`PAYMASTER_ADDRESS_${chainId}`] = paymaster;
  }
  // A second web process on another port has another address, so the file leaves it out (lib/dev/run-web.ts fills it in).
  const web: Variables = { ...shared, ...database.web };
  return { web, worker, system: given(SYSTEM) };
}

/** Writes both environments where `npm run web -- --env .data/web.env` and the worker's twin find them. */
export function writeEnvironmentFiles(folder: DataFolder, { web, worker }: Environments) {
  const text = (variables: Variables) => Object.entries(variables).map(([name, value]) => `${name}="${value}"\n`).join("");
  writeFileSync(folder.webEnv, text(web), { mode: 0o600 });
  writeFileSync(folder.workerEnv, text(worker), { mode: 0o600 });
}
