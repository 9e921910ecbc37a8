import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { signBody } from "@/lib/dev/avenia/deliver";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { POST } from "./route";

let world: AveniaWorld;
beforeAll(async () => {
  world = await startAveniaWorld();
});
afterAll(() => world.stop());

const body = '{"id":"e-1","subscription":"TICKET","subAccountId":"s-1","data":{"ticket":{"id":"t-1"}}}';
const signed = (text: string) => signBody(world.sandbox.world.state.privateKeyPem, text);
const send = async (text: BodyInit, headers: Record<string, string>) => (await POST(new Request("http://localhost:3000/api/webhooks/avenia", { method: "POST", body: text, headers, duplex: "half" } as RequestInit))).status;
const rows = async () => (await sql`SELECT 1 FROM webhook_inbox`).length;

test("a genuine one is taken, once", async () => {
  expect(await send(body, { signature: signed(body) })).toBe(200);
  expect(await send(body, { signature: signed(body) })).toBe(200);
  expect(await rows()).toBe(1);
});

test("a forged one, one without a signature and one that says nothing leave no row", async () => {
  const before = await rows();
  expect(await send(body.replace("t-1", "t-2"), { signature: signed(body) })).toBe(401);
  expect(await send(body, {})).toBe(401);
  expect(await send("{}", { signature: signed("{}") })).toBe(400);
  expect(await rows()).toBe(before);
});

test("a body too large is refused by what it states and by what it is", async () => {
  const large = "x".repeat(70_000);
  expect(await send(large, { signature: signed(large), "content-length": "70000" })).toBe(413);
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode("x".repeat(10_000)));
    },
  });
  expect(await send(endless, { signature: "AAAA", "content-length": "10" })).toBe(413);
});

test("a provider whose key can't be had is asked to send again, not told that it lied", async () => {
  vi.resetModules();
  vi.stubEnv("AVENIA_BASE_URL", "http://127.0.0.1:9");
  const { POST: another } = await import("./route");
  expect((await another(new Request("http://localhost:3000/x", { method: "POST", body, headers: { signature: signed(body) } }))).status).toBe(503);
});
