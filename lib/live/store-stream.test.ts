import { createHash, randomBytes } from "node:crypto";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { newId } from "@/lib/ids";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment, makeStoreEvent } from "@/lib/test/paid-payment";
import { closeLiveHub } from "./hub";
import { personStream } from "./person-stream";
import { openStoreStream } from "./store-stream";

type Message = { event: string; id?: string; data: { kind?: string; payment?: { id: string; state: string }; reason?: string } };

const open: AbortController[] = [];
afterEach(() => open.splice(0).forEach((controller) => controller.abort()));
afterAll(closeLiveHub);

async function signIn(actor: Actor): Promise<Actor> {
  const sessionId = newId();
  await sql`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${actor.userId}, ${createHash("sha256").update(randomBytes(16)).digest("hex")}, 'phone', now() + interval '1 day')`;
  return { ...actor, sessionId };
}

/** Reads a stream into a list that grows; `until` waits for the first message that fits. */
function listen(response: Response) {
  const messages: Message[] = [];
  const arrivals: number[] = [];
  let isOver = false;
  let wake = () => {};
  void (async () => {
    if (!response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
      if (done || value === undefined) break;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
        if (fields.event) {
          messages.push({ event: fields.event, ...(fields.id ? { id: fields.id } : {}), data: JSON.parse(fields.data ?? "{}") });
          arrivals.push(performance.now());
        }
      }
      wake();
    }
    isOver = true;
    wake();
  })();
  const until = async (fits: () => boolean, timeoutMs = 8_000) => {
    const end = Date.now() + timeoutMs;
    while (!fits() && Date.now() < end)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    expect(fits(), `not seen among ${JSON.stringify(messages)}`).toBe(true);
  };
  const payments = () => messages.filter(({ event }) => event === "payment");
  return { messages, arrivals, payments, until, ready: () => until(() => messages.some(({ event }) => event === "ready")), isOver: () => isOver };
}

async function connect(actor: Actor, storeId: string, after: string | null = null) {
  const controller = new AbortController();
  open.push(controller);
  const response = await openStoreStream(actor, { storeId, after, signal: controller.signal });
  return { ...listen(response), response, controller };
}

describe("the store's stream", () => {
  test("says what is needed for a stream to pass every proxy", async () => {
    const { storeId, actor } = await makeStore();
    const { response, ready } = await connect(await signIn(actor), storeId);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("cache-control")).toContain("no-transform");
    await ready();
  });

  test("brings each event once, in order, within a moment of its hint, to every till", async () => {
    const { storeId, actor } = await makeStore();
    const one = await signIn(actor);
    const tills = [await connect(one, storeId), await connect(one, storeId)];
    for (const till of tills) await till.ready();
    const ids: string[] = [];
    const sentAt: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { id } = await makePayment({ storeId });
      sentAt.push(performance.now());
      ids.push(await makeStoreEvent({ storeId, transactionId: id }));
      await tills[0]!.until(() => tills[0]!.payments().length === count + 1);
    }
    for (const till of tills) {
      await till.until(() => till.payments().length === 5);
      expect(till.payments().map(({ id }) => id)).toEqual(ids);
      expect(till.payments().every(({ data }) => data.kind === "paid" && data.payment?.state === "paid")).toBe(true);
    }
    const first = tills[0]!;
    const delays = first.messages.flatMap(({ event }, index) => (event === "payment" ? [first.arrivals[index]!] : [])).map((at, index) => at - sentAt[index]!);
    expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThan(500);
  });

  test("a lost hint costs one look, not a payment", async () => {
    const { storeId, actor } = await makeStore();
    const till = await connect(await signIn(actor), storeId);
    await till.ready();
    await makeStoreEvent({ storeId, transactionId: (await makePayment({ storeId })).id, isHinted: false });
    await till.until(() => till.payments().length === 1, 4_000);
  });

  test("after a reconnection exactly what was missed comes, and nothing of other stores", async () => {
    const { storeId, actor } = await makeStore();
    const other = await makeStore();
    const signedIn = await signIn(actor);
    const seen = await makeStoreEvent({ storeId, transactionId: (await makePayment({ storeId })).id });
    await makeStoreEvent({ storeId: other.storeId, transactionId: (await makePayment({ storeId: other.storeId })).id });
    const { id: takenBack } = await makePayment({ storeId, status: "pending" });
    const missed = [await makeStoreEvent({ storeId, transactionId: takenBack }), await makeStoreEvent({ storeId, transactionId: takenBack, kind: "checking_again" })];
    const till = await connect(signedIn, storeId, seen);
    await till.ready();
    expect(till.payments().map(({ id, data }) => [id, data.kind, data.payment?.state])).toEqual([[missed[0], "paid", "checking"], [missed[1], "checking_again", "checking"]]);
    const fresh = await connect(signedIn, storeId, "no number");
    await fresh.ready();
    expect(fresh.payments()).toEqual([]);
  });

  test("catches up on more than one look brings", async () => {
    const { storeId, actor } = await makeStore();
    const { id } = await makePayment({ storeId });
    await sql`INSERT INTO store_events (store_id, transaction_id, kind, block_number) SELECT ${storeId}, ${id}, 'confirmed_again', 1 FROM generate_series(1, 450)`;
    const till = await connect(await signIn(actor), storeId, "0");
    await till.until(() => till.payments().length === 450, 2_000);
    expect(new Set(till.payments().map((message) => message.id)).size).toBe(450);
  });

  test.each([
    ["a revoked session", "signed_out", (actor: Actor) => sql`UPDATE sessions SET revoked_at = now() WHERE id = ${actor.sessionId}`],
    ["a removed member", "not_found", (actor: Actor) => sql`DELETE FROM store_members WHERE user_id = ${actor.userId}`],
  ] as const)("%s is cut off within five seconds, and hears no payment that comes with it", async (_name, reason, revoke) => {
    const { storeId, actor } = await makeStore({ role: "staff" });
    const signedIn = await signIn(actor);
    const till = await connect(signedIn, storeId);
    await till.ready();
    await revoke(signedIn);
    await makeStoreEvent({ storeId, transactionId: (await makePayment({ storeId })).id });
    await till.until(till.isOver, 5_000);
    expect(till.messages.at(-1)).toMatchObject({ event: "closed", data: { reason } });
    expect(till.payments()).toEqual([]);
  });

  test("strangers find nothing", async () => {
    const { storeId } = await makeStore();
    const { actor } = await makePerson();
    await expect(openStoreStream(await signIn(actor), { storeId, after: null, signal: new AbortController().signal })).rejects.toMatchObject({ code: "not_found" });
  });

  test("listening begins again after the database cut every connection", async () => {
    const { storeId, actor } = await makeStore();
    const till = await connect(await signIn(actor), storeId);
    await till.ready();
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cocopay-live' AND datname = current_database()`;
    const { id } = await makePayment({ storeId });
    await makeStoreEvent({ storeId, transactionId: id });
    await till.until(() => till.payments().length === 1, 4_000);
    // The hint works again, faster than the clock would be.
    await expect.poll(async () => (await sql`SELECT 1 FROM pg_stat_activity WHERE application_name = 'cocopay-live' AND datname = current_database() AND query ILIKE 'listen%'`).length, { timeout: 5_000 }).toBe(1);
  });

  test("one session holds a bounded number of streams", async () => {
    const { storeId, actor } = await makeStore();
    const signedIn = await signIn(actor);
    const streams = [];
    for (let count = 0; count < 17; count += 1) streams.push(await connect(signedIn, storeId));
    expect(streams.map(({ response }) => response.status)).toEqual([...Array<number>(16).fill(200), 429]);
    streams[0]!.controller.abort();
    expect((await connect(signedIn, storeId)).response.status).toBe(200);
  });
});

test("a person's stream says change when a payment or a balance moved", async () => {
  const { actor } = await makePerson({ dollarsUsdMicros: 5_000_000n });
  const controller = new AbortController();
  open.push(controller);
  const stream = listen(await personStream({ actor: await signIn(actor), signal: controller.signal }));
  const changes = () => stream.messages.filter(({ event }) => event === "change").length;
  await stream.ready();
  expect(changes()).toBe(1);
  await sql`UPDATE token_balances SET balance = balance - 1 WHERE user_id = ${actor.userId} AND chain_id = '84532'`;
  await sql`SELECT pg_notify('live', ${JSON.stringify({ userId: actor.userId })})`;
  await stream.until(() => changes() === 2, 1_500);
  const { storeId } = await makeStore();
  await makePayment({ storeId, payerId: actor.userId });
  await stream.until(() => changes() === 3, 4_000);
});
