import { generateKeyPairSync } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { makeStore } from "@/lib/test/factories";
import { starkbankBooks } from "./starkbank-books";

const SIGNING_KEY = Buffer.from(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" })).toString("base64");
const STARK_KEY = Buffer.from(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey.export({ format: "pem", type: "pkcs8" })).toString("base64");
const AVENIA = { AVENIA_BASE_URL: "http://127.0.0.1:9", AVENIA_API_KEY: "a-key-for-tests", AVENIA_SIGNING_KEY: SIGNING_KEY };
const STARK = { STARKBANK_BASE_URL: "http://127.0.0.1:9", STARKBANK_TREASURY_ADDRESS: `0x${"7".repeat(40)}`, STARKBANK_PROJECT_ID: "1", STARKBANK_SIGNING_KEY: STARK_KEY };
const ALL = [...Object.keys(AVENIA), ...Object.keys(STARK), "PAYOUT_PROVIDER"];

beforeEach(() => vi.resetModules());

/** A process as it starts with an environment. */
async function started(values: Record<string, string>) {
  for (const name of ALL) vi.stubEnv(name, values[name]);
  const [{ payoutProvider, payoutProviderName }, { ProviderError }] = await Promise.all([import("."), import("../provider")]);
  return { payoutProvider, payoutProviderName, ProviderError };
}

test.each([
  ["nothing", {}, null],
  ["the stand-in", AVENIA, "avenia"],
  ["Avenia", { ...AVENIA, PAYOUT_PROVIDER: "avenia" }, "avenia"],
  ["Stark Bank", { ...AVENIA, ...STARK, PAYOUT_PROVIDER: "starkbank" }, "starkbank"],
  ["Stark Bank without a treasury", { ...AVENIA, ...STARK, STARKBANK_TREASURY_ADDRESS: "", PAYOUT_PROVIDER: "avenia" }, "avenia"],
])("with %s new payouts go through it", async (_what, values, name) => {
  const clean = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  expect((await started(clean)).payoutProviderName()).toBe(name);
});

test("a payout's own provider is there after another was chosen; one that is not set up asks to wait", async () => {
  const both = await started({ ...AVENIA, ...STARK, PAYOUT_PROVIDER: "starkbank" });
  expect([both.payoutProvider("avenia").name, both.payoutProvider("starkbank").name]).toEqual(["avenia", "starkbank"]);
  expect(both.payoutProvider("avenia")).toBe(both.payoutProvider("avenia"));
  vi.resetModules();
  const one = await started(AVENIA);
  expect(() => one.payoutProvider("starkbank")).toThrow(one.ProviderError);
  vi.resetModules();
  const { AVENIA_SIGNING_KEY: _, ...keyless } = AVENIA;
  const web = await started(keyless);
  expect(() => web.payoutProvider("avenia")).toThrow(web.ProviderError);
});

test("the books count what this store sent to the treasury by the chain's word, and nobody else's", async () => {
  const [one, two] = [await makeStore(), await makeStore()];
  const add = ({ storeId, actor }: typeof one, provider: string, funded: string | null) =>
    sql`INSERT INTO payouts (id, store_id, requested_by, amount_usd, payout_type, destination, state, provider, submission_id, funded_usd) VALUES (${newId()}, ${storeId}, ${actor.userId}, 99, 'pix', '{}', 'funded', ${provider}, ${newId()}, ${funded}::numeric)`;
  await add(one, "starkbank", "10.000001");
  await add(one, "starkbank", "0.5");
  await add(one, "starkbank", null);
  await add(one, "avenia", "7");
  await add(two, "starkbank", "3");
  const books = starkbankBooks({ chainId: "84532", treasuryAddress: `0x${"7".repeat(40)}` });
  expect([await books.depositedUsdMicros(one.storeId), await books.depositedUsdMicros(two.storeId), await books.depositedUsdMicros(newId())]).toEqual([10_500_001n, 3_000_000n, 0n]);
});
