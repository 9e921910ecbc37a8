import { generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { publicKeys, REFETCH_COOLDOWN_MS } from "@/lib/avenia/public-key";
import { starkbankPayouts } from "@/lib/payouts/providers/starkbank";
import { startStarkPayoutWorld } from "@/lib/test/payout-worlds";
import { lookUpDictKey } from "./dict-keys";
import { signStarkRequest } from "./request";
import { createTransfer, findTransfers, readBrlBalance, readTransfer, readTransferReceipt } from "./transfers";
import { readStarkEvent, verifyStarkWebhook } from "./webhooks";

const DOLLARS = 100_000_000n;
const PIX = { kind: "pix", pixKey: "ana@padaria.com.br" } as const;
let world: Awaited<ReturnType<typeof startStarkPayoutWorld>>;
beforeAll(async () => {
  world = await startStarkPayoutWorld();
});
afterEach(() => (world.clock.now = () => Date.now()));
afterAll(() => world.stop());

async function funded() {
  const { accountId } = await world.openAccount();
  await world.credit(accountId, DOLLARS);
  return accountId;
}
const quote = (accountId: string) => world.provider.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: false });

test("a request is signed over who, when and what, on secp256k1", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const signature = signStarkRequest({ key: privateKey, accessId: "project/1", time: 1_796_000_000, body: '{"a":1}' });
  expect(verify("sha256", Buffer.from('project/1:1796000000:{"a":1}'), publicKey, Buffer.from(signature, "base64"))).toBe(true);
  // DER: a sequence of two integers.
  expect(Buffer.from(signature, "base64")[0]).toBe(0x30);
});

test("another's key and another project are refused, and nothing is said of the key that was asked for", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  for (const access of [{ ...world.access, signingKey: privateKey }, { ...world.access, projectId: "1" }]) {
    await expect(readBrlBalance(access)).rejects.toMatchObject({ failure: "unauthorized", status: 401 });
  }
  const error: unknown = await lookUpDictKey({ ...world.access, baseUrl: "http://127.0.0.1:9", timeoutMs: 500 }, "segredo@padaria.com.br").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ failure: "uncertain", status: null });
  expect(String(error) + JSON.stringify(error)).not.toContain("segredo");
});

test("the directory counts here too", async () => {
  const before = world.sandbox.bank.bucket.left;
  expect(await lookUpDictKey(world.access, "naoexiste@pix.test")).toBeNull();
  expect(before - world.sandbox.bank.bucket.left).toBe(20);
  const left = world.sandbox.bank.bucket.left;
  world.sandbox.bank.bucket.take(left);
  await expect(world.provider.lookUpKey("", "ana@padaria.com.br")).rejects.toMatchObject({ failure: "busy" });
  world.sandbox.bank.bucket.give(left);
});

test("our id is taken once: the second order answers the first transfer", async () => {
  const accountId = await funded();
  await world.credit(accountId, DOLLARS);
  const payoutId = randomUUID();
  const input = { payoutId, destination: PIX, message: "CocoPay" };
  const first = await world.provider.submit(accountId, { ...input, quoteToken: (await quote(accountId)).token });
  const second = await world.provider.submit(accountId, { ...input, quoteToken: (await quote(accountId)).token });
  expect(second.ticketId).toBe(first.ticketId);
  expect(await findTransfers(world.access, `payout-${payoutId}`)).toHaveLength(1);
  expect(await world.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
});

test("a transfer keeps what it was asked with, beyond a page of others", async () => {
  const receiver = { name: "Ana Lima", taxId: "52998224725", bankCode: "341", branchCode: "0001", accountNumber: "1-2", accountType: "checking" };
  const tag = `t-${randomUUID()}`;
  await Promise.all(Array.from({ length: 105 }, (_, index) => createTransfer(world.access, { amountBrlCentavos: BigInt(index + 1), externalId: randomUUID(), tags: [tag], description: "", receiver })));
  const found = await findTransfers(world.access, tag);
  expect(found.map(({ amountBrlCentavos }) => Number(amountBrlCentavos)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 105 }, (_, index) => index + 1));
  const [one] = found;
  await expect.poll(async () => (await readTransfer(world.access, one?.id ?? "")).status).toBe("success");
  expect(Buffer.from(await readTransferReceipt(world.access, one?.id ?? "")).subarray(0, 5).toString()).toBe("%PDF-");
});

test("a price that somebody changed, or that is over, is none", async () => {
  const accountId = await funded();
  const { token, expiresAt } = await quote(accountId);
  const [body = "", seal = ""] = token.split(".");
  const more = Buffer.from(Buffer.from(body, "base64url").toString().replace(/"outputBrlCentavos":"\d+"/, '"outputBrlCentavos":"9999999"')).toString("base64url");
  for (const forged of [`${more}.${seal}`, body, "", "."]) {
    await expect(world.provider.submit(accountId, { payoutId: "f", quoteToken: forged, destination: PIX, message: "" })).rejects.toMatchObject({ failure: "expired" });
  }
  world.clock.now = () => expiresAt.getTime() + 1;
  await expect(world.provider.submit(accountId, { payoutId: "f", quoteToken: token, destination: PIX, message: "" })).rejects.toMatchObject({ failure: "expired" });
  expect(await world.provider.find(accountId, "f")).toBeNull();
});

test("what a store sent is what it has, until it is paid out; nobody spends another store's dollars, nor reads its transfers", async () => {
  const [mine, other] = [await funded(), (await world.openAccount()).accountId];
  const { ticketId } = await world.provider.submit(mine, { payoutId: randomUUID(), quoteToken: (await quote(mine)).token, destination: PIX, message: "" });
  expect([await world.provider.balanceUsdMicros(mine), await world.provider.balanceUsdMicros(other)]).toEqual([0n, 0n]);
  await expect(world.provider.submit(other, { payoutId: randomUUID(), quoteToken: (await quote(other)).token, destination: PIX, message: "" })).rejects.toMatchObject({ failure: "refused", reason: "insufficient-balance" });
  await expect(world.provider.read(other, ticketId)).rejects.toMatchObject({ failure: "refused" });
});

test("an empty balance in reais and an old rate are ours to mend: ask later", async () => {
  const accountId = await funded();
  const { token } = await quote(accountId);
  const { bank } = world.sandbox;
  const kept = bank.balance;
  bank.balance = 0n;
  await expect(world.provider.submit(accountId, { payoutId: randomUUID(), quoteToken: token, destination: PIX, message: "" })).rejects.toMatchObject({ failure: "busy", reason: "treasury-empty" });
  expect(await world.provider.leftBrlCentavos(accountId)).toBe(0n);
  bank.balance = kept;
  const stale = starkbankPayouts({ access: world.access, books: { treasuryAddress: "", depositedUsdMicros: () => Promise.resolve(0n), isDeposited: () => Promise.resolve(false), rate: () => Promise.resolve({ brlPerUsdMicros: 1n, isStale: true }) } });
  await expect(stale.quote(accountId, { amountUsdMicros: DOLLARS, isThirdParty: false })).rejects.toMatchObject({ failure: "busy" });
});

test("webhooks: genuine, forged, and with a key that rotated", async () => {
  const taken: { body: Buffer; signature: string }[] = [];
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      taken.push({ body: Buffer.concat(chunks), signature: String(request.headers["digital-signature"]) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  await world.post("/__sandbox/settings", { webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` });
  let now = 1_000_000;
  const keys = publicKeys(world.url, { now: () => now });
  const paid = async () => {
    const accountId = await funded();
    const payoutId = randomUUID();
    await world.provider.submit(accountId, { payoutId, quoteToken: (await quote(accountId)).token, destination: PIX, message: "" });
    await expect.poll(() => taken.some(({ body }) => body.includes(payoutId) && body.includes('"type":"success"'))).toBe(true);
    return taken.findLast(({ body }) => body.includes(payoutId)) ?? { body: Buffer.from(""), signature: "" };
  };
  const first = await paid();
  expect(await verifyStarkWebhook(keys, first.body, first.signature)).toBe("genuine");
  expect(readStarkEvent(first.body)).toMatchObject({ subscription: "transfer", externalId: expect.any(String) as string, transferId: expect.any(String) as string });
  const stranger = sign("sha256", first.body, generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey).toString("base64");
  for (const signature of [stranger, "", null, "AAAA", first.signature.slice(4)]) expect(await verifyStarkWebhook(keys, first.body, signature)).toBe("forged");
  expect(await verifyStarkWebhook(keys, Buffer.from(first.body.toString().replace("success", "failed")), first.signature)).toBe("forged");

  await world.post("/__sandbox/rotate-key", {});
  now += REFETCH_COOLDOWN_MS;
  const second = await paid();
  expect(await verifyStarkWebhook(keys, second.body, second.signature)).toBe("genuine");
  expect(await verifyStarkWebhook(keys, first.body, first.signature)).toBe("forged");
  expect(await verifyStarkWebhook(publicKeys("http://127.0.0.1:9"), first.body, first.signature)).toBe("unknown");
  for (const text of ["", "null", "{}", '{"event":{"id":"1"}}']) expect(readStarkEvent(Buffer.from(text))).toBeNull();
  receiver.closeAllConnections();
  receiver.close();
});
