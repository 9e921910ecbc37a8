import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { newId, nonceKeyOf } from "@/lib/ids";
import { SILENCE_MS, SilenceWatch } from "./silence";

const HEAD = { number: 7n, hash: "0x07", parentHash: "0x06", timestamp: 1_000 } as const;
const cursor = async () => (await sql<{ stalled: boolean; unreachable: boolean; age: number }[]>`
  SELECT stalled_at > now() - INTERVAL '1 second' AS stalled, unreachable_at > now() - INTERVAL '1 second' AS unreachable, extract(epoch FROM now() - updated_at)::float AS age FROM chain_cursors`)[0];
const addOperation = (secondsAgo: number) => {
  const id = newId();
  return sql`INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key, status, submitted_at) VALUES (${id}, '84532', 'payment', ${id}, '0xa', ${nonceKeyOf(id).toString()}::numeric, 'submitted', now() - make_interval(secs => ${secondsAgo}))`;
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await sql`DELETE FROM user_operations`;
  await sql`DELETE FROM chain_cursors`;
  await sql`INSERT INTO chain_cursors (chain_id, genesis_hash, block_number, block_hash, block_time, updated_at) VALUES ('84532', '0x00', 7, '0x07', now(), now() - INTERVAL '1 hour')`;
});
afterEach(() => void vi.useRealTimers());

test("a chain that stands still while an operation waits for it is silent; while nothing waits it is only idle", async () => {
  const watch = new SilenceWatch("84532");
  watch.answered(HEAD);
  vi.setSystemTime(Date.now() + SILENCE_MS + 1_000);
  watch.answered(HEAD);
  expect(await watch.beat()).toBe(false);
  expect(await cursor()).toMatchObject({ stalled: null, unreachable: null });
  await addOperation(40);
  vi.setSystemTime(Date.now() + 2_000);
  expect(await watch.beat()).toBe(true);
  expect(await cursor()).toMatchObject({ stalled: true });
});

test("a chain that moves is not silent, however long an operation waits", async () => {
  const watch = new SilenceWatch("84532");
  await addOperation(100);
  vi.setSystemTime(Date.now() + SILENCE_MS + 1_000);
  watch.answered({ ...HEAD, hash: "0x08" });
  await watch.beat();
  expect(await cursor()).toMatchObject({ stalled: null });
  expect((await cursor())?.age).toBeLessThan(1);
});

test("polls without an answer are noted, and a silence in which no worker ran counts as well", async () => {
  const watch = new SilenceWatch("84532");
  watch.failed();
  vi.setSystemTime(Date.now() + 2_000);
  await watch.beat();
  expect(await cursor()).toMatchObject({ unreachable: true, stalled: null });
  await watch.begin();
  expect(await cursor()).toMatchObject({ stalled: null });
  await sql`UPDATE chain_cursors SET updated_at = now() - INTERVAL '2 minutes'`;
  await watch.begin();
  expect(await cursor()).toMatchObject({ stalled: true });
});
