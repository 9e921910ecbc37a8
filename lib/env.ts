import { z } from "zod";
import { CHAIN_IDS, CHAINS } from "./chain/chains";

/** Placeholders and published test keys: a production start with any of them refuses, by name. */
const WELL_KNOWN = [/^0x(.)\1{63}$/i, /^(dev|test|secret|change|default|example)/i, /^0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80$/i];

const secret = z.string().min(32, "must have at least 32 characters");
const chainList = z
  .string()
  .transform((text) => text.split(",").map((id) => id.trim()))
  .pipe(z.array(z.enum(CHAIN_IDS)).min(1));

/** What every process reads. One line each: what it is for. */
const Shared = z.object({
  /** development (sandbox providers by default), test, or production (refuses sandboxes and default secrets). */
  APP_ENV: z.enum(["development", "test", "production"]).default("development"),
  /** Where people reach the app: origin of links, QR codes, cookies and the check of a form's Origin. */
  APP_URL: z.url().transform((url) => new URL(url).origin),
  /** The domain that passkeys belong to: the host of APP_URL (the default) or a domain above it. Never change it once there are passkeys. */
  RP_ID: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "must be a domain in lower case").optional(),
  /** PostgreSQL 15 or newer. In production the login of this process is a member of cocopay_web or cocopay_worker. */
  DATABASE_URL: z.string().startsWith("postgres"),
  /** Role taken at connection when DATABASE_URL logs in as the owner (development only). */
  DATABASE_ROLE: z.enum(["cocopay_web", "cocopay_worker"]).optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(20),
  /** Chains in use, and the one that payments settle on unless money is elsewhere. RPC_URL_<id> names each one's node. */
  CHAIN_IDS: chainList,
  DEFAULT_CHAIN_ID: z.enum(CHAIN_IDS),
  /** Signs sessions, and (through derived keys) quotes and code hashes. */
  NEXTAUTH_SECRET: secret,
  SMS_PROVIDER: z.enum(["sandbox", "twilio"]).default("sandbox"),
  TWILIO_BASE_URL: z.url().default("https://api.twilio.com"),
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_API_KEY: z.string().optional(),
  TWILIO_API_SECRET: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().optional(),
  /** Where the exchange rate comes from: a fixed table, or the central bank's PTAX. */
  RATE_PROVIDER: z.enum(["sandbox", "ptax"]).default("sandbox"),
  PTAX_BASE_URL: z.url().default("https://olinda.bcb.gov.br"),
  /** Circle's attestation service, which dollars wait for between chains. Left out it is Circle's own for the kind of the default chain. */
  IRIS_URL: z.url().optional(),
  /** Who turns Pix into dollars: a stand-in on this machine, or Avenia. Without AVENIA_BASE_URL adding funds is not offered. */
  TOPUP_PROVIDER: z.enum(["sandbox", "avenia"]).default("sandbox"),
  /** The provider's address without a path: the worker asks it, the web process fetches its public key for webhooks. */
  AVENIA_BASE_URL: z.url().optional(),
  /** The map's style (MapLibre's JSON) at its tile server; without it the map shows the stores on plain ground. */
  MAP_STYLE_URL: z.url().optional(),
  /** Whole months that the product's events are kept. */
  ANALYTICS_RETENTION_MONTHS: z.coerce.number().int().min(2).max(120).default(24),
  /**
   * Who turns a store's dollars into reais: Avenia's stand-in on this machine, Avenia, or Stark Bank out of a balance in reais of our own. Without an
   * address payouts in reais are not offered.
   */
  PAYOUT_PROVIDER: z.enum(["sandbox", "avenia", "starkbank"]).default("sandbox"),
  STARKBANK_BASE_URL: z.url().optional(),
  /** Where stores' dollars go when Stark Bank pays: our own address on Base. */
  STARKBANK_TREASURY_ADDRESS: z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address").transform((address) => address.toLowerCase()).optional(),
  /** How many proxies in front of us are ours: the client's address is that many entries from the right of X-Forwarded-For. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(0),
  /** WalletConnect's project; without it that way of connecting a wallet is not offered. */
  NEXT_PUBLIC_WC_PROJECT_ID: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hex digits").optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/** What only the worker reads: everything that can move money. The web process is started without these. */
const Worker = z.object({
  /** What seals managed keys: keys of this environment, or a cloud's key management service. What the other one sealed opens while its variables are given. */
  KEY_ENCRYPTION_PROVIDER: z.enum(["environment", "aws-kms"]).default("environment"),
  /** `version:base64 of 32 bytes`, comma separated; the highest version seals, the others still open. */
  KEY_ENCRYPTION_KEYS: z.string().regex(/^\d+:[A-Za-z0-9+/=]{44}(,\d+:[A-Za-z0-9+/=]{44})*$/, "must be version:base64 pairs of 32-byte keys").optional(),
  /** `version:id or ARN of a symmetric key`, comma separated; the highest version seals. Credentials come from where AWS looks for them. */
  KMS_KEYS: z.string().regex(/^\d+:[\w:/.-]+(,\d+:[\w:/.-]+)*$/, "must be version:key pairs").optional(),
  KMS_REGION: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region, such as sa-east-1").optional(),
  /** Another address of the service, for tests; refused in production. */
  KMS_ENDPOINT: z.url().optional(),
  /** Keys that pay for bundles, comma separated. */
  OPERATOR_PRIVATE_KEYS: z.string().regex(/^0x[0-9a-fA-F]{64}(,0x[0-9a-fA-F]{64})*$/, "must be 32-byte hex keys"),
  /** Our key at the payment provider, and the private key that signs requests to it (PEM in base64). */
  AVENIA_API_KEY: z.string().min(8).optional(),
  AVENIA_SIGNING_KEY: z.base64().optional(),
  /** Our project at Stark Bank, and the key on secp256k1 that signs requests to it (PEM in base64). */
  STARKBANK_PROJECT_ID: z.string().regex(/^\d+$/, "must be the project's number").optional(),
  STARKBANK_SIGNING_KEY: z.base64().optional(),
  /** Signs sponsorships for the verifying paymaster at PAYMASTER_ADDRESS_<chain id>. */
  PAYMASTER_SIGNER_KEY: z.string().regex(/^0x[0-9a-fA-F]{64}$/, "must be a 32-byte hex key"),
});

export type Env = z.output<typeof Shared>;
export type WorkerEnv = z.output<typeof Worker>;

class EnvironmentError extends Error {
  constructor(problems: string[]) {
    super(`CocoPay cannot start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "EnvironmentError";
  }
}

/** Browsers let a page use passkeys of its own host or of a domain above it, and nobody else's. */
const isHostOrAbove = ({ APP_URL, RP_ID }: { APP_URL: string; RP_ID?: string | undefined }) => {
  const { hostname } = new URL(APP_URL);
  return RP_ID === undefined || hostname === RP_ID || (RP_ID.includes(".") && hostname.endsWith(`.${RP_ID}`));
};

function parse<S extends z.ZodType>(schema: S): z.output<S> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${process.env[String(issue.path[0])] ? issue.message : "is missing"}`));
}

const IRIS_URLS = { mainnet: "https://iris-api.circle.com", testnet: "https://iris-api-sandbox.circle.com" } as const;

/** Where messages between chains are attested, without a slash at the end. */
export const irisUrl = (): string => (process.env.IRIS_URL || IRIS_URLS[CHAINS[env().DEFAULT_CHAIN_ID].kind]).replace(/\/$/, "");

let shared: Env | undefined;
let worker: WorkerEnv | undefined;

/** The environment, parsed once per process. A bad or missing variable stops the start and is named. */
export function env(): Env {
  return (shared ??= parse(Shared.refine(isHostOrAbove, { path: ["RP_ID"], message: "must be the host of APP_URL or a domain above it" })));
}

/** The worker's own part; the web process never calls it. */
export function workerEnv(): WorkerEnv {
  return (worker ??= parse(
    Worker.refine((values) => values.KEY_ENCRYPTION_PROVIDER !== "environment" || values.KEY_ENCRYPTION_KEYS, { path: ["KEY_ENCRYPTION_KEYS"] })
      .refine((values) => values.KEY_ENCRYPTION_PROVIDER !== "aws-kms" || values.KMS_KEYS, { path: ["KMS_KEYS"] })
      .refine((values) => values.KEY_ENCRYPTION_PROVIDER !== "aws-kms" || values.KMS_REGION, { path: ["KMS_REGION"] }),
  ));
}

/** The node of a chain, from RPC_URL_<id>. Fails with a sentence that names the variable. */
export function chainVariable(name: "RPC_URL" | "PAYMASTER_ADDRESS", chainId: string): string {
  const value = process.env[`${name}_${chainId}`];
  if (!value) throw new EnvironmentError([`${name}_${chainId}: is missing`]);
  return value;
}

/**
 * The node that browsers ask, from PUBLIC_RPC_URL_<id>: it sees people's addresses and must not carry a secret in its URL. Locally it is
 * the chain's own node.
 */
export function browserRpcUrl(chainId: string): string {
  const own = process.env[`PUBLIC_RPC_URL_${chainId}`];
  return own || env().APP_ENV === "production" ? (own ?? "") : chainVariable("RPC_URL", chainId);
}

/** Origins of the nodes that browsers ask, for the content security policy. */
export const browserRpcOrigins = (): string[] => [...new Set(env().CHAIN_IDS.map(browserRpcUrl).flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])))];

/** Hosts that pages with wallets may ask besides: Base account for its calls' state, WalletConnect for its relay where it is set up. */
export const walletHosts = (): string[] => ["https://rpc.wallet.coinbase.com", ...(env().NEXT_PUBLIC_WC_PROJECT_ID ? ["wss://relay.walletconnect.org", "wss://relay.walletconnect.com", "https://verify.walletconnect.org"] : [])];

/** Where the map's style and tiles come from, for the policy of pages with a map. */
export const mapOrigins = (): string[] => {
  const { MAP_STYLE_URL } = env();
  return MAP_STYLE_URL ? [new URL(MAP_STYLE_URL).origin] : [];
};

/**
 * Everything that makes a production start unsafe: sandboxes, missing provider keys, plain http, published secrets.
 * Called at the start of web and worker; throws one error that names every variable.
 */
export function assertProductionReady(process_: "web" | "worker") {
  const values = env();
  if (values.APP_ENV !== "production") return;
  const problems: string[] = [];
  if (!values.APP_URL.startsWith("https://")) problems.push("APP_URL: must begin with https:// in production");
  if (values.DATABASE_ROLE) problems.push("DATABASE_ROLE: log in as a member of the role instead (DATABASE_URL)");
  if (values.MAP_STYLE_URL && !values.MAP_STYLE_URL.startsWith("https://")) problems.push("MAP_STYLE_URL: must begin with https:// in production");
  if (values.SMS_PROVIDER === "sandbox") problems.push("SMS_PROVIDER: is the sandbox; set twilio");
  if (values.RATE_PROVIDER === "sandbox") problems.push("RATE_PROVIDER: is the sandbox; set ptax");
  if (values.IRIS_URL && !/^https:\/\/iris-api(-sandbox)?\.circle\.com\/?$/.test(values.IRIS_URL)) problems.push("IRIS_URL: is not Circle's; leave it out in production");
  if (values.TOPUP_PROVIDER === "sandbox") problems.push("TOPUP_PROVIDER: is the sandbox; set avenia");
  if (!values.AVENIA_BASE_URL?.startsWith("https://")) problems.push("AVENIA_BASE_URL: must begin with https:// in production");
  if (values.PAYOUT_PROVIDER === "sandbox") problems.push("PAYOUT_PROVIDER: is the sandbox; set avenia or starkbank");
  if (values.PAYOUT_PROVIDER === "starkbank") {
    if (!values.STARKBANK_BASE_URL?.startsWith("https://")) problems.push("STARKBANK_BASE_URL: must begin with https:// in production");
    if (!values.STARKBANK_TREASURY_ADDRESS) problems.push("STARKBANK_TREASURY_ADDRESS: is missing");
  }
  if (values.SMS_PROVIDER === "twilio") {
    for (const name of ["TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_MESSAGING_SERVICE_SID"] as const) {
      if (!values[name]) problems.push(`${name}: is missing`);
    }
  }
  for (const id of values.CHAIN_IDS) {
    if (!process.env[`RPC_URL_${id}`]) problems.push(`RPC_URL_${id}: is missing`);
    if (process_ === "web" && !process.env[`PUBLIC_RPC_URL_${id}`]) problems.push(`PUBLIC_RPC_URL_${id}: is missing; browsers ask this node`);
    if (process_ === "worker" && !process.env[`PAYMASTER_ADDRESS_${id}`]) problems.push(`PAYMASTER_ADDRESS_${id}: is missing`);
  }
  const secrets: [string, string][] = [["NEXTAUTH_SECRET", values.NEXTAUTH_SECRET]];
  if (process_ === "worker") {
    const own = workerEnv();
    secrets.push(["PAYMASTER_SIGNER_KEY", own.PAYMASTER_SIGNER_KEY], ...(own.KEY_ENCRYPTION_KEYS ?? "").split(",").map((entry): [string, string] => ["KEY_ENCRYPTION_KEYS", entry.replace(/^\d+:/, "")]));
    for (const name of ["AVENIA_API_KEY", "AVENIA_SIGNING_KEY"] as const) if (!own[name]) problems.push(`${name}: is missing`);
    if (values.PAYOUT_PROVIDER === "starkbank") for (const name of ["STARKBANK_PROJECT_ID", "STARKBANK_SIGNING_KEY"] as const) if (!own[name]) problems.push(`${name}: is missing`);
    if (own.KMS_ENDPOINT) problems.push("KMS_ENDPOINT: is for tests; leave it out in production");
    for (const key of own.OPERATOR_PRIVATE_KEYS.split(",")) secrets.push(["OPERATOR_PRIVATE_KEYS", key]);
  } else {
    for (const name of ["KEY_ENCRYPTION_KEYS", "OPERATOR_PRIVATE_KEYS", "PAYMASTER_SIGNER_KEY", "AVENIA_API_KEY", "AVENIA_SIGNING_KEY", "STARKBANK_SIGNING_KEY"]) {
      if (process.env[name]) problems.push(`${name}: belongs to the worker; the web process must not have it`);
    }
  }
  for (const [name, value] of secrets) {
    if (WELL_KNOWN.some((pattern) => pattern.test(value)) || /^(.)\1*=*$/.test(value)) problems.push(`${name}: is a default or published value`);
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
}
