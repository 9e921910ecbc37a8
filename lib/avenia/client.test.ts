import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeBrCode } from "@/lib/brcode/br-code";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { createSubAccount, findSubAccount, readAccount } from "./accounts";
import { decimalFromUnits, unitsFromDecimal } from "./decimals";
import { readIdentityAttempt, startIdentityAttempt } from "./identity";
import { quoteFixedRate } from "./quotes";
import { signRequest } from "./sign-request";
import vectors from "./signature-vectors.json";
import { ensureSubscription } from "./subscriptions";
import { createPixInTicket, findTicket, readTicket } from "./tickets";

let world: AveniaWorld;
beforeAll(async () => {
  world = await startAveniaWorld();
});
afterAll(() => world.stop());

test.each(vectors.requests)("$method $requestUri is signed as OpenSSL signs it", ({ signature, ...input }) => {
  expect(signRequest({ key: createPrivateKey(vectors.privateKeyPem), ...input })).toBe(signature);
});

const WALLET = "0xABcdEf0123456789abcdef0123456789abcdef01";

async function identified(name: string): Promise<string> {
  const subAccountId = await createSubAccount(world.access, { accountType: "INDIVIDUAL", name });
  const { attemptId, url } = await startIdentityAttempt(world.access, { subAccountId, redirectUrl: "http://localhost:3000/add" });
  await fetch(url, { method: "POST", body: new URLSearchParams({ verdict: "approve" }), redirect: "manual" });
  await expect.poll(async () => (await readIdentityAttempt(world.access, { subAccountId, attemptId })).state).toBe("approved");
  return subAccountId;
}

const price = (subAccountId: string, inputAmount = "100.00") =>
  quoteFixedRate(world.access, { subAccountId, inputAmount, input: { currency: "BRL", method: "PIX" }, output: { currency: "USDC", method: "BASE" } });

const ticketOf = async (subAccountId: string, externalId: string) =>
  createPixInTicket(world.access, { subAccountId, quoteToken: (await price(subAccountId)).token, externalId, walletAddress: WALLET, durationSeconds: 600, note: "CocoPay" });

test("from an unknown person to a code that a bank can pay", async () => {
  const name = "Marina 1";
  expect(await findSubAccount(world.access, name)).toBeNull();
  const subAccountId = await identified(name);
  expect(await findSubAccount(world.access, name)).toBe(subAccountId);
  expect(await readAccount(world.access, subAccountId)).toMatchObject({ isIdentified: true, wallets: [{ chain: "EVM" }] });

  const quote = await price(subAccountId);
  expect(quote).toMatchObject({ inputAmount: "100.00", outputAmount: "17.859712", fees: [{ type: "Conversion Fee", amount: "0.50", currency: "BRL" }, { type: "Gas Fee", amount: "0.20", currency: "BRL" }] });
  const made = await createPixInTicket(world.access, { subAccountId, quoteToken: quote.token, externalId: "t-1", walletAddress: WALLET, durationSeconds: 300, note: "CocoPay" });
  expect(decodeBrCode(made.brCode)).toMatchObject({ amountBrlCentavos: 10_000n, pointOfInitiation: "12" });
  expect(made.expiresAt.getTime() - Date.now()).toBeGreaterThan(290_000);
  const ticket = { id: made.id, status: "UNPAID", externalId: "t-1", brCode: made.brCode, walletAddress: WALLET.toLowerCase(), txHash: null, reason: null };
  expect(await readTicket(world.access, { subAccountId, ticketId: made.id })).toMatchObject(ticket);
  expect(await findTicket(world.access, { subAccountId, externalId: "t-1" })).toMatchObject(ticket);
  expect(await findTicket(world.access, { subAccountId, externalId: "t-2" })).toBeNull();
});

test("an account named Fail is rejected, whatever it shows", async () => {
  const subAccountId = await createSubAccount(world.access, { accountType: "INDIVIDUAL", name: "Fail 2" });
  const { attemptId, url } = await startIdentityAttempt(world.access, { subAccountId, redirectUrl: "http://localhost:3000/add" });
  expect(await readIdentityAttempt(world.access, { subAccountId, attemptId })).toMatchObject({ state: "pending" });
  await fetch(url, { method: "POST", body: new URLSearchParams({ verdict: "approve" }), redirect: "manual" });
  await expect.poll(async () => readIdentityAttempt(world.access, { subAccountId, attemptId })).toMatchObject({ state: "rejected", isRetryable: true, reason: "name does not match" });
  await expect(price(subAccountId)).rejects.toMatchObject({ failure: "refused", status: 400, reason: "account-not-identified" });
});

test("a price dies after its seconds, and belongs to its account", async () => {
  const [mine, other] = [await identified("Marina 3"), await identified("Bia 3")];
  const ticket = { externalId: "x", walletAddress: WALLET, durationSeconds: 600, note: "" };
  const { token } = await price(mine);
  await expect(createPixInTicket(world.access, { ...ticket, subAccountId: other, quoteToken: token })).rejects.toMatchObject({ failure: "refused", reason: "quote-of-another-account" });
  const held = world.sandbox.world.quotes.get(token);
  if (held) held.expiresAt = Date.now() - 1;
  await expect(createPixInTicket(world.access, { ...ticket, subAccountId: mine, quoteToken: token })).rejects.toMatchObject({ failure: "refused", reason: "quote-expired" });
});

test("a lost answer leaves one ticket, found by our own id", async () => {
  const subAccountId = await identified("Marina 4");
  await world.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind: "timeout-after-accept" });
  await expect(ticketOf(subAccountId, "t-4")).rejects.toMatchObject({ failure: "uncertain", status: null });
  expect(await findTicket(world.access, { subAccountId, externalId: "t-4" })).toMatchObject({ status: "UNPAID" });
  expect(world.sandbox.world.state.tickets.filter(({ externalId }) => externalId === "t-4")).toHaveLength(1);
});

test.each([
  ["500", "uncertain"],
  ["401", "unauthorized"],
  ["429", "busy"],
] as const)("HTTP %s is %s", async (kind, failure) => {
  await world.post("/__sandbox/faults", { call: "GET /v2/account/sub-accounts", kind });
  await expect(findSubAccount(world.access, "x")).rejects.toMatchObject({ failure });
  expect(await findSubAccount(world.access, "x")).toBeNull();
});

test("another's key, another key name and an old time are refused", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const access of [{ ...world.access, signingKey: privateKey }, { ...world.access, apiKey: "other" }, { ...world.access, now: () => Date.now() - 600_000 }]) {
    await expect(findSubAccount(access, "x")).rejects.toMatchObject({ failure: "unauthorized", status: 401 });
  }
});

test("silence and a closed port are uncertain, and no secret is in the words", async () => {
  const error = await findSubAccount({ ...world.access, baseUrl: "http://127.0.0.1:9", timeoutMs: 500 }, "Marina").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ failure: "uncertain", status: null });
  expect(JSON.stringify(error) + String(error)).not.toMatch(/Marina|avenia-test-key|BEGIN/);
});

test("an address is told once", async () => {
  expect(await ensureSubscription(world.access, "http://127.0.0.1:1/api/webhooks/avenia")).toBe("added");
  expect(await ensureSubscription(world.access, "http://127.0.0.1:1/api/webhooks/avenia")).toBe("known");
  expect(world.sandbox.world.state.webhooks).toHaveLength(1);
});

test.each([
  ["100", 2, 10_000n],
  ["100.5", 2, 10_050n],
  ["0.059999", 2, 5n],
  ["17.859712", 6, 17_859_712n],
])("%s with %i decimals is %s", (text, decimals, units) => {
  expect(unitsFromDecimal(text, decimals)).toBe(units);
});

test.each(["", "-1", "1,5", "1e3", "0x1", " 1"])("%j is no amount", (text) => {
  expect(() => unitsFromDecimal(text, 2)).toThrow();
  expect(decimalFromUnits(5n, 2)).toBe("0.05");
});
