import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { signBody } from "@/lib/dev/avenia/deliver";
import { newId } from "@/lib/ids";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { makeStore } from "@/lib/test/factories";
import { readWebhook } from "@/lib/topups/read-webhook";
import { takeWebhook } from "@/lib/topups/take-webhook";
import { takeStarkWebhook } from "./take-stark-webhook";

const stark = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
const bank = createServer((_request, response) => {
  response.end(JSON.stringify({ publicKeys: [{ content: createPublicKey(stark).export({ format: "pem", type: "spki" }).toString() }] }));
});
let world: AveniaWorld;
beforeAll(async () => {
  await new Promise<void>((resolve) => bank.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("STARKBANK_BASE_URL", `http://127.0.0.1:${(bank.address() as AddressInfo).port}`);
  world = await startAveniaWorld();
});
beforeEach(async () => {
  await sql`DELETE FROM graphile_worker._private_jobs`;
});
afterAll(async () => {
  bank.close();
  await world.stop();
});

async function makePayout({ provider = "avenia", state = "submitted", ticketId = null as string | null } = {}) {
  const { storeId, actor } = await makeStore();
  const [id, submissionId, accountId] = [newId(), newId(), newId()];
  await sql`INSERT INTO payouts (id, store_id, requested_by, amount_usd, payout_type, destination, state, provider, submission_id, external_id)
    VALUES (${id}, ${storeId}, ${actor.userId}, 10, 'pix', '{}', ${state}, ${provider}, ${submissionId}, ${ticketId})`;
  await sql`INSERT INTO payout_accounts (store_id, provider, account_id, identity, deposit_address) VALUES (${storeId}, ${provider}, ${accountId}, 'confirmed', ${`0x${"a".repeat(40)}`})`;
  return { id, submissionId, accountId };
}
const looked = async () => (await sql<{ id: string }[]>`SELECT payload->>'payoutId' AS id FROM graphile_worker._private_jobs JOIN graphile_worker._private_tasks t ON t.id = task_id WHERE t.identifier = 'payouts.advance'`).map(({ id }) => id);

async function hear(ticket: { id: string; externalId: string }, subAccountId: string) {
  const body = JSON.stringify({ id: newId(), subscription: "TICKET", subAccountId, data: { ticket } });
  expect(await takeWebhook(Buffer.from(body), signBody(world.sandbox.world.state.privateKeyPem, body))).toBe("taken");
  const [kept] = await sql<{ id: string }[]>`SELECT id FROM webhook_inbox WHERE processed_at IS NULL ORDER BY received_at DESC LIMIT 1`;
  await readWebhook(kept?.id ?? "");
  return (await sql<{ outcome: string }[]>`SELECT outcome FROM webhook_inbox WHERE id = ${kept?.id ?? ""}`)[0]?.outcome;
}

test("an order is known by our id before we know theirs, and by theirs", async () => {
  const [fresh, known] = [await makePayout(), await makePayout({ ticketId: "t-77" })];
  expect(await hear({ id: "t-1", externalId: fresh.submissionId }, fresh.accountId)).toBe("applied");
  expect(await hear({ id: "t-77", externalId: "" }, known.accountId)).toBe("applied");
  expect((await looked()).toSorted()).toEqual([fresh.id, known.id].toSorted());
});

test("an event told ten times is one look that waits", async () => {
  const payout = await makePayout();
  for (let time = 0; time < 10; time += 1) await hear({ id: "t-2", externalId: payout.submissionId }, payout.accountId);
  expect(await looked()).toEqual([payout.id]);
});

test("dollars that nobody ordered wake what waits for them in that store, and nothing else", async () => {
  const [waiting, over, other] = [await makePayout({ state: "funded" }), await makePayout({ state: "completed" }), await makePayout({ state: "funded" })];
  expect(await hear({ id: "d-1", externalId: "" }, waiting.accountId)).toBe("applied");
  expect(await hear({ id: "d-2", externalId: "" }, over.accountId)).toBe("unknown");
  expect(await hear({ id: "d-3", externalId: "" }, "nobody")).toBe("unknown");
  expect(await looked()).toEqual([waiting.id]);
  expect(await looked()).not.toContain(other.id);
});

test("an unknown order, another provider's, and an id that is none move nothing", async () => {
  const { submissionId, accountId } = await makePayout({ provider: "starkbank" });
  expect(await hear({ id: "t-3", externalId: submissionId }, accountId)).toBe("unknown");
  expect(await hear({ id: "t-4", externalId: newId() }, accountId)).toBe("unknown");
  expect(await hear({ id: "t-5", externalId: "'; DROP TABLE payouts; --" }, accountId)).toBe("unknown");
  expect(await looked()).toEqual([]);
});

const tell = (text: string, signature: string | null) => takeStarkWebhook(Buffer.from(text), signature);
const signed = (text: string) => sign("sha256", Buffer.from(text), stark).toString("base64");

test("the bank's own webhook moves its payout; a forged one does not", async () => {
  const payout = await makePayout({ provider: "starkbank" });
  const body = JSON.stringify({ event: { id: "1", subscription: "transfer", log: { type: "success", transfer: { id: "123", externalId: payout.submissionId } } } });
  expect(await tell(body, null)).toBe("forged");
  expect(await tell(body.replace("123", "124"), signed(body))).toBe("forged");
  expect(await tell("{}", signed("{}"))).toBe("unreadable");
  expect(await looked()).toEqual([]);
  expect(await tell(body, signed(body))).toBe("taken");
  expect(await tell(body, signed(body))).toBe("taken");
  expect(await looked()).toEqual([payout.id]);
});
