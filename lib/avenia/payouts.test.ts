import { createServer } from "node:http";
import { mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { bucketOf } from "@/lib/dev/avenia/payout-api";
import { startAveniaSandbox } from "@/lib/dev/avenia/server";
import { aveniaPayouts } from "@/lib/payouts/providers/avenia";
import { newTxHash, startAveniaPayoutWorld } from "@/lib/test/payout-worlds";
import { publicKeys } from "./public-key";
import { verifyWebhook } from "./verify-webhook";
import { readWebhookEvent } from "./webhook-event";

type World = Awaited<ReturnType<typeof startAveniaPayoutWorld>>;
const DOLLARS = 100_000_000n;
let world: World;
beforeAll(async () => {
  world = await startAveniaPayoutWorld();
});
afterEach(() => vi.useRealTimers());
afterAll(() => world.stop());

const at = (time: string) => vi.useFakeTimers({ toFake: ["Date"], now: new Date(time) });
const pay = async (accountId: string, pixKey = "ana@padaria.com.br", payoutId = crypto.randomUUID(), { provider } = world) =>
  provider.submit(accountId, { payoutId, quoteToken: (await provider.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: true })).token, destination: { kind: "pix", pixKey }, message: "CocoPay" });
async function funded(times = 1n) {
  const { accountId } = await world.openAccount();
  await world.credit(accountId, times * DOLLARS);
  return accountId;
}
const inside = (accountId: string) => world.world.sandbox.world.state.subAccounts.find(({ id }) => id === accountId) ?? { id: "", accountType: "", name: "", isIdentified: false, createdAt: "" };
const bucket = (accountId: string) => bucketOf(world.world.sandbox.world, inside(accountId));

test("a hit costs one, a miss twenty, an empty bucket asks to wait, a minute brings two, a payment brings one", async () => {
  at("2026-11-28T12:00:00Z");
  const accountId = await funded();
  expect(bucket(accountId).left).toBe(1_000);
  await world.provider.lookUpKey(accountId, "ana@padaria.com.br");
  expect(bucket(accountId).left).toBe(999);
  await world.provider.lookUpKey(accountId, "naoexiste@pix.test");
  expect(bucket(accountId).left).toBe(979);
  bucket(accountId).take(978);
  await world.provider.lookUpKey(accountId, "naoexiste@pix.test");
  await expect(world.provider.lookUpKey(accountId, "ana@padaria.com.br")).rejects.toMatchObject({ failure: "busy" });
  const ticket = await pay(accountId);
  await expect.poll(async () => (await world.provider.read(accountId, ticket.ticketId)).state).toBe("paid");
  expect(bucket(accountId).left).toBe(1);
  at("2026-11-28T12:03:30Z");
  expect(bucket(accountId).left).toBe(7);
});

test("a price dies after fifteen seconds, and nothing is paid for it", async () => {
  at("2026-11-28T12:00:00Z");
  const accountId = await funded();
  const { token, expiresAt } = await world.provider.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: false });
  expect(expiresAt).toEqual(new Date("2026-11-28T12:00:15Z"));
  at("2026-11-28T12:00:16Z");
  await expect(world.provider.submit(accountId, { payoutId: "p", quoteToken: token, destination: { kind: "pix", pixKey: "ana@padaria.com.br" }, message: "" })).rejects.toMatchObject({ failure: "expired", reason: "quote-expired" });
  expect(await world.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
});

test("the limit of a month goes down, refuses, and is whole in the next; what failed does not count", async () => {
  at("2026-11-28T12:00:00Z");
  const accountId = await funded(4n);
  await world.post("/__sandbox/settings", { maxFiatOut: "1000.00" });
  expect(await world.provider.leftBrlCentavos(accountId)).toBe(100_000n);
  const failing = await pay(accountId, "falha@pix.test");
  await expect.poll(async () => (await world.provider.read(accountId, failing.ticketId)).state).toBe("failed");
  expect(await world.provider.leftBrlCentavos(accountId)).toBe(100_000n);
  await pay(accountId);
  expect(await world.provider.leftBrlCentavos(accountId)).toBe(100_000n - 54_078n);
  await expect(pay(accountId)).rejects.toMatchObject({ failure: "refused", reason: "limit-exceeded" });
  at("2026-12-01T03:00:00Z");
  expect(await world.provider.leftBrlCentavos(accountId)).toBe(100_000n);
  await pay(accountId);
  await world.post("/__sandbox/settings", { maxFiatOut: "100000.00" });
});

test("lento@ takes its time and can be hurried", async () => {
  const accountId = await funded();
  await world.post("/__sandbox/settings", { stepMs: 20 });
  const started = Date.now();
  const { ticketId } = await pay(accountId, "lento@pix.test");
  await expect.poll(async () => (await world.provider.read(accountId, ticketId)).state, { timeout: 10_000 }).toBe("paid");
  // A minute at the usual pace.
  expect(Date.now() - started).toBeGreaterThan(1_600);
  await world.post("/__sandbox/settings", { stepMs: 0 });
});

test("a receipt is there for what is paid, and for nothing else", async () => {
  const accountId = await funded(2n);
  const held = await pay(accountId, "retido@pix.test");
  await expect.poll(async () => (await world.provider.read(accountId, held.ticketId)).state).toBe("held");
  expect(await world.provider.receiptPdf(accountId, held.ticketId)).toBeNull();
  const back = await pay(accountId, "devolvido@pix.test");
  await expect.poll(async () => (await world.provider.read(accountId, back.ticketId)).state).toBe("returned");
  expect(await world.provider.receiptPdf(accountId, back.ticketId)).toBeNull();
  await world.advance(held.ticketId);
  expect(await world.provider.receiptPdf(accountId, held.ticketId)).not.toBeNull();
});

test("nobody reads another account's ticket or receipt", async () => {
  const [mine, other] = [await funded(), await funded()];
  const { ticketId } = await pay(mine);
  await expect(world.provider.read(other, ticketId)).rejects.toMatchObject({ failure: "refused" });
  await expect(world.provider.receiptPdf(other, ticketId)).rejects.toMatchObject({ failure: "refused" });
});

test("a deposit counts once for its place on the chain, and two of one transaction are told apart", async () => {
  const { accountId } = await world.openAccount();
  const txHash = newTxHash();
  expect(await world.provider.isCredited(accountId, { txHash, amountUsdMicros: 5_000_000n })).toBe(false);
  for (const logIndex of [3, 3, 4]) await world.post("/__sandbox/credit", { subAccountId: accountId, txHash, logIndex, amountUsdMicros: logIndex === 3 ? "5000000" : "7000000" });
  expect(await world.provider.balanceUsdMicros(accountId)).toBe(12_000_000n);
  for (const [amountUsdMicros, isCredited] of [[5_000_000n, true], [7_000_000n, true], [12_000_000n, false]] as const) expect(await world.provider.isCredited(accountId, { txHash, amountUsdMicros })).toBe(isCredited);
});

test("a lost answer before the ticket is no payout; one of a broken bank account is no", async () => {
  const accountId = await funded();
  const bank = { kind: "bank", holderName: "Ana Lima", document: "52998224725", bankCode: "341", branch: "0001", account: "12345-6", accountType: "savings" } as const;
  const { token } = await world.provider.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: false });
  await world.post("/__sandbox/faults", { call: "POST /v2/account/beneficiaries/bank-accounts/brl", kind: "timeout-after-accept" });
  await expect(world.provider.submit(accountId, { payoutId: "b-1", quoteToken: token, destination: bank, message: "" })).rejects.toMatchObject({ failure: "busy" });
  await expect(world.provider.submit(accountId, { payoutId: "b-1", quoteToken: token, destination: { ...bank, document: "1" }, message: "" })).rejects.toMatchObject({ failure: "refused" });
  expect(await world.provider.find(accountId, "b-1")).toBeNull();
  await world.provider.submit(accountId, { payoutId: "b-1", quoteToken: token, destination: bank, message: "" });
  expect(world.world.sandbox.world.state.beneficiaries.filter(({ subAccountId }) => subAccountId === accountId)).toHaveLength(1);
});

test("silence is uncertain, and no key or name stands in the words", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const provider = aveniaPayouts({ access: { ...world.world.access, baseUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, timeoutMs: 300 }, accountOf: () => Promise.reject(new Error("not asked for")) });
  const error: unknown = await provider.lookUpKey("a-1", "segredo@padaria.com.br").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ failure: "uncertain" });
  expect(String(error) + JSON.stringify(error)).not.toMatch(/segredo|avenia-test-key/);
  silent.closeAllConnections();
  silent.close();
});

test("webhooks of a payout are signed, come in any number and order, and name our id", async () => {
  const bodies: { body: Buffer; signature: string | null }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push({ body: Buffer.concat(chunks), signature: String(request.headers.signature) });
      // Taken at the second try only, as by a process that starts.
      response.writeHead(bodies.length % 2 === 0 ? 200 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const sandbox = world.world.sandbox.world;
  sandbox.state.webhooks.push({ id: "w", url, subscriptions: ["TICKET"] });
  sandbox.options.chaos = { twice: 1, late: 0.3 };
  const accountId = await funded();
  const payoutId = crypto.randomUUID();
  const { ticketId } = await pay(accountId, "ana@padaria.com.br", payoutId);
  await expect.poll(() => bodies.filter(({ body }) => body.includes("TICKET-COMPLETE") && body.includes(ticketId)).length, { timeout: 20_000 }).toBeGreaterThan(1);
  const events = bodies.map(({ body }) => readWebhookEvent(body));
  expect(events.filter((event) => event?.ticketId === ticketId).every((event) => event?.externalId === payoutId && event.subAccountId === accountId)).toBe(true);
  // The deposit that nobody announced is told too, without an id of ours.
  expect(events.some((event) => event?.subAccountId === accountId && event.externalId === null)).toBe(true);
  const keys = publicKeys(world.url);
  for (const { body, signature } of bodies) expect(await verifyWebhook(keys, body, signature)).toBe("genuine");
  expect(await verifyWebhook(keys, Buffer.from(`${bodies[0]?.body.toString()} `), bodies[0]?.signature ?? null)).toBe("forged");
  sandbox.state.webhooks.pop();
  sandbox.options.chaos = { twice: 0, late: 0 };
  receiver.closeAllConnections();
  receiver.close();
});

test("a restart forgets no dollar and pays on", async () => {
  const options = { stateFile: join(mkdtempSync(join(tmpdir(), "avenia-")), "state.json") };
  const before = await startAveniaPayoutWorld(options);
  const { accountId } = await before.openAccount();
  await before.credit(accountId, 2n * DOLLARS);
  await before.byHand(true);
  const { ticketId } = await pay(accountId, "ana@padaria.com.br", "r-1", before);
  await before.stop();
  const { options: sandboxOptions } = before.world.sandbox.world;
  const sandbox = await startAveniaSandbox({ ...sandboxOptions, port: Number(new URL(before.url).port) });
  await expect.poll(async () => (await before.provider.read(accountId, ticketId)).state).toBe("paid");
  expect(await before.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
  await sandbox.stop();
});

test("the statement lists what went out, lets go what is held, and trusts no text", async () => {
  const accountId = await funded();
  const { token } = await world.provider.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: false });
  const { ticketId } = await world.provider.submit(accountId, { payoutId: "s-1", quoteToken: token, destination: { kind: "pix", pixKey: "retido@pix.test" }, message: "<b>Oi</b>" });
  await expect.poll(async () => (await world.provider.read(accountId, ticketId)).state).toBe("held");
  const page = async () => (await fetch(`${world.url}/__sandbox/statement`)).text();
  expect(await page()).toContain("Em análise");
  expect(await page()).not.toContain("<b>Oi");
  expect((await fetch(`${world.url}/__sandbox/statement`, { method: "POST", body: new URLSearchParams({ ticket: ticketId }) })).status).toBe(200);
  expect((await world.provider.read(accountId, ticketId)).state).toBe("paid");
});
