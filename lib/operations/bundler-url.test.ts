import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { ENTRY_POINT } from "@/lib/chain/addresses";
import { confirm, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { UrlBundler } from "./bundler-url";
import { dispatchOnce } from "./run-bundler";

process.env.CHAIN_IDS = "84532";
type Asked = { jsonrpc: string; id: number; method: string; params: [Record<string, string>, string] };
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
let server: Server;
let url: string;
let asked: Asked[] = [];
let answer: (request: Asked) => object;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const parsed = JSON.parse(body) as Asked;
      asked.push(parsed);
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id: parsed.id, ...answer(parsed) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v2/84532/rpc`;
  world = await startChainWorld();
  store = await makeOpenStore(world);
});
afterAll(async () => {
  server.close();
  await world.stop();
});

async function signedPayment() {
  const payer = await makePayer(world, 2_000_000n);
  const id = await confirm(payer, store, 1_000_000n);
  await world.sign();
  return { id, payer, hash: must((await paymentOf(id)).user_op_hash) };
}
const statusOf = async (id: string) => must((await sql<{ status: string; is_due: boolean }[]>`SELECT status, next_attempt_at <= now() AS is_due FROM user_operations WHERE id = ${id}`)[0]);

test("an operation is offered as ERC-4337 says, and offered once", async () => {
  const { id, payer, hash } = await signedPayment();
  asked = [];
  answer = () => ({ result: hash });
  const bundler = new UrlBundler("84532", url);
  expect(await dispatchOnce(bundler, "84532")).toBe(true);
  expect(await dispatchOnce(bundler, "84532")).toBe(false);
  expect(asked).toHaveLength(1);
  const [request] = asked;
  expect(request).toMatchObject({ jsonrpc: "2.0", method: "eth_sendUserOperation" });
  const [op, entryPoint] = must(request).params;
  expect(entryPoint).toBe(ENTRY_POINT);
  expect(Object.keys(op).toSorted()).toEqual([
    "callData", "callGasLimit", "factory", "factoryData", "maxFeePerGas", "maxPriorityFeePerGas", "nonce", "paymaster", "paymasterData",
    "paymasterPostOpGasLimit", "paymasterVerificationGasLimit", "preVerificationGas", "sender", "signature", "verificationGasLimit",
  ]);
  expect(op.sender).toBe(payer.address);
  expect(Object.values(op).every((value) => /^0x[0-9a-f]*$/i.test(value))).toBe(true);
  expect(await statusOf(id)).toEqual({ status: "submitted", is_due: false });
});

test("a refused operation is signed again, a known one is left alone, an unknown answer is offered again", async () => {
  const bundler = new UrlBundler("84532", url);
  const refused = await signedPayment();
  answer = () => ({ error: { code: -32500, message: "AA10 sender already constructed" } });
  await dispatchOnce(bundler, "84532");
  expect((await statusOf(refused.id)).status).toBe("queued");

  const known = await signedPayment();
  answer = () => ({ error: { code: -32602, message: "already known" } });
  await dispatchOnce(bundler, "84532");
  expect((await statusOf(known.id)).status).toBe("submitted");

  const unknown = await signedPayment();
  answer = () => ({});
  await dispatchOnce(bundler, "84532");
  expect(await statusOf(unknown.id)).toEqual({ status: "submitted", is_due: false });
});
