import { constants, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { publicKeys, REFETCH_COOLDOWN_MS } from "./public-key";
import { verifyWebhook } from "./verify-webhook";
import { readWebhookEvent } from "./webhook-event";

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const [first, second] = [pair(), pair()];
let served: { key: typeof first; form: "pkcs1" | "spki"; isText: boolean; status: number };
let asked = 0;
let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    const pem = createPublicKey(served.key).export({ format: "pem", type: served.form }).toString();
    response.writeHead(served.status).end(served.isText ? pem : JSON.stringify({ publicKey: pem }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  served = { key: first, form: "pkcs1", isText: false, status: 200 };
  asked = 0;
});

const body = Buffer.from('{"id":"e-1","subscription":"TICKET","subAccountId":"s-1","data":{"ticket":{"id":"t-1","status":"PAID"}}}');
const signed = (key = first, bytes = body, padding = constants.RSA_PKCS1_PSS_PADDING) =>
  sign("sha256", bytes, { key, padding, ...(padding === constants.RSA_PKCS1_PSS_PADDING ? { saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN } : {}) }).toString("base64");

function clock() {
  let now = 1_000_000_000;
  return { keys: publicKeys(baseUrl, { now: () => now }), pass: (ms: number) => (now += ms) };
}

test.each([
  ["pkcs1", false],
  ["spki", true],
] as const)("a genuine webhook passes with a key in %s, as text: %s", async (form, isText) => {
  served = { ...served, form, isText };
  const { keys } = clock();
  expect(await verifyWebhook(keys, body, signed())).toBe("genuine");
  expect(await verifyWebhook(keys, body, signed())).toBe("genuine");
  expect(asked).toBe(1);
});

test("one changed byte, another's key, the wrong padding and no signature are forged", async () => {
  const { keys } = clock();
  expect(await verifyWebhook(keys, Buffer.from(body.toString().replace("PAID", "paid")), signed())).toBe("forged");
  expect(await verifyWebhook(keys, body, signed(second))).toBe("forged");
  expect(await verifyWebhook(keys, body, signed(first, body, constants.RSA_PKCS1_PADDING))).toBe("forged");
  for (const header of [null, "", "no base64 !", "AAAA", signed().slice(0, -4)]) expect(await verifyWebhook(keys, body, header)).toBe("forged");
});

test("a flood of forgeries costs the provider one question in thirty seconds", async () => {
  const { keys, pass } = clock();
  expect(await verifyWebhook(keys, body, signed())).toBe("genuine");
  await Promise.all(Array.from({ length: 20 }, () => verifyWebhook(keys, body, signed(second))));
  expect(asked).toBe(1);
  pass(REFETCH_COOLDOWN_MS);
  await Promise.all(Array.from({ length: 20 }, () => verifyWebhook(keys, body, signed(second))));
  expect(asked).toBe(2);
});

test("a rotated key is found at the first miss, and the old one counts no more", async () => {
  const { keys, pass } = clock();
  expect(await verifyWebhook(keys, body, signed())).toBe("genuine");
  served.key = second;
  pass(REFETCH_COOLDOWN_MS);
  expect(await verifyWebhook(keys, body, signed(second))).toBe("genuine");
  expect(await verifyWebhook(keys, body, signed(first))).toBe("forged");
});

test("a key is asked for again after an hour", async () => {
  const { keys, pass } = clock();
  await verifyWebhook(keys, body, signed());
  pass(3_600_001);
  expect(await verifyWebhook(keys, body, signed())).toBe("genuine");
  expect(asked).toBe(2);
});

test("without a key nothing is said", async () => {
  served.status = 503;
  const { keys } = clock();
  expect(await verifyWebhook(keys, body, signed())).toBe("unknown");
});

test.each([
  ["bare", { id: "e-1", subscription: "TICKET", subAccountId: "s-1", data: { ticket: { id: "t-1", status: "PAID" } } }],
  ["wrapped, with accountId", { event: { id: "e-1", subscription: "TICKET", accountId: "s-1", data: { ticket: { id: "t-1" } } } }],
  ["by ticketId", { event: { id: "e-1", subscription: "TICKET", accountId: "s-1", data: { ticketId: "t-1" } } }],
])("an event %s is read", (_form, json) => {
  expect(readWebhookEvent(Buffer.from(JSON.stringify(json)))).toEqual({ id: "e-1", subscription: "TICKET", subAccountId: "s-1", ticketId: "t-1", externalId: null, attemptId: null });
});

test("an event without an id is known by its bytes", () => {
  const bytes = Buffer.from('{"subscription":"KYC","accountId":"s-1","data":{"attempt":{"id":"a-1"}}}');
  expect(readWebhookEvent(bytes)?.id).toMatch(/^[0-9a-f]{64}$/);
  expect(readWebhookEvent(bytes)).toEqual(readWebhookEvent(Buffer.from(bytes)));
});

test.each(["", "null", "[]", '"x"', "{}", '{"subscription":5}', '{"event":{}}', "{"])("%j is no event", (text) => {
  expect(readWebhookEvent(Buffer.from(text))).toBeNull();
});
