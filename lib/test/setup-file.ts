import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";

/** The name repeats global-setup's, which a test process cannot import without starting it. */
const TEMPLATE = "cocopay_template";

// Each test file is a process with a database of its own. Only files that touch the database pay for it: the copy takes 0.1 s.
const serverUrl = new URL(inject("postgresUrl"));
const name = `test_${randomBytes(6).toString("hex")}`;
const admin = postgres(serverUrl.href, { max: 1, onnotice: () => {} });
await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
await admin.end();
serverUrl.pathname = `/${name}`;

Object.assign(process.env, {
  APP_ENV: "test",
  APP_URL: "http://localhost:3000",
  DATABASE_URL: serverUrl.href,
  CHAIN_IDS: "84532,11155420",
  DEFAULT_CHAIN_ID: "84532",
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
  NEXTAUTH_URL: "http://localhost:3000",
  KEY_ENCRYPTION_KEYS: `1:${randomBytes(32).toString("base64")}`,
  OPERATOR_PRIVATE_KEYS: `0x${randomBytes(32).toString("hex")}`,
  PAYMASTER_SIGNER_KEY: `0x${randomBytes(32).toString("hex")}`,
  LOG_LEVEL: "silent",
});

afterAll(async () => {
  const { closeDatabase } = await import("@/db/client");
  await closeDatabase();
});
