import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { bucketOf, isEnabled } from "@/lib/flags/is-enabled";
import { isOnFor } from "@/lib/flags/rules";
import { newId } from "@/lib/ids";
import { booksOf, chainsHold, finish, startBridgedWorld, type BridgedWorld } from "@/lib/test/consolidation-world";
import { makePayer } from "@/lib/test/chain-world";
import { makeOwner } from "@/lib/test/own-keys";
import { consolidateIdle } from "./consolidate-idle";

let world: BridgedWorld;
beforeAll(async () => {
  world = await startBridgedWorld();
});
afterAll(() => world.stop());

/** Each question is asked later than the flag's cache lives. */
let clock = Date.now();
const tonight = () => new Date((clock += 20_000));
const setFlag = (enabled: boolean, rules: object[] = []) => sql`
  INSERT INTO feature_flags (name, enabled, rules) VALUES ('consolidation', ${enabled}, ${sql.json(rules as never)}) ON CONFLICT (name) DO UPDATE SET enabled = excluded.enabled, rules = excluded.rules`;

describe("the night", () => {
  beforeEach(() => sql`DELETE FROM feature_flags`);

  test("brings idle managed dollars together for free, once, and nobody else's", async () => {
    const idle = await makePayer(world.worlds, 9_000_000n);
    const poor = await makePayer(world.worlds, 5_000_000n);
    const { payer: owner } = await makeOwner(world.worlds, 9_000_000n);
    const frozen = await makePayer(world.worlds, 9_000_000n);
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${frozen.userId}`;
    await sql`UPDATE transactions SET created_at = now() - INTERVAL '2 days'`;

    expect(await consolidateIdle(tonight())).toBe(0);
    await setFlag(true, [{ type: "user_id", values: [newId()] }]);
    expect(await consolidateIdle(tonight())).toBe(0);
    await setFlag(true);
    expect(await consolidateIdle(tonight())).toBe(1);
    expect(await consolidateIdle(tonight())).toBe(0);
    await finish(world);
    expect(await booksOf(idle)).toEqual({ dollars: 18_000_000n });
    expect(await chainsHold(world, idle)).toBe(18_000_000n);
    const rows = await sql<{ user_id: string; started_by: string; stage: string }[]>`SELECT user_id, started_by, stage FROM consolidations`;
    expect(rows).toEqual([{ user_id: idle.userId, started_by: "night", stage: "arrived" }]);
    for (const other of [poor, owner, frozen]) expect(rows.some((row) => row.user_id === other.userId)).toBe(false);
    const [audit] = await sql`SELECT 1 FROM audit_logs WHERE user_id = ${idle.userId} AND action = 'money.brought_together_at_night'`;
    expect(audit).toBeDefined();
  });

  test("leaves whoever moved money lately alone", async () => {
    const busy = await makePayer(world.worlds, 9_000_000n);
    await sql`INSERT INTO transactions (id, from_user_id, type, status, amount_usd, chain_id) VALUES (${newId()}, ${busy.userId}, 'received', 'confirmed', 1, '84532')`;
    await setFlag(true);
    expect(await consolidateIdle(tonight())).toBe(0);
  });
});

describe("flags", () => {
  const someone = { userId: newId(), bucket: 4_200 };

  test("off is off for all, on without rules is on for all, and rules pick", () => {
    expect(isOnFor({ enabled: false, rules: [] }, someone)).toBe(false);
    expect(isOnFor({ enabled: true, rules: [] }, someone)).toBe(true);
    expect(isOnFor({ enabled: true, rules: [{ type: "user_id", values: [someone.userId] }] }, someone)).toBe(true);
    expect(isOnFor({ enabled: true, rules: [{ type: "user_id", values: [newId()] }] }, someone)).toBe(false);
    expect(isOnFor({ enabled: true, rules: [{ type: "percentage", value: 42 }] }, someone)).toBe(false);
    expect(isOnFor({ enabled: true, rules: [{ type: "percentage", value: 42.01 }] }, someone)).toBe(true);
  });

  test("a person's place is fixed, spread evenly, and another one for each flag", () => {
    const people = Array.from({ length: 2_000 }, () => newId());
    const low = people.filter((userId) => bucketOf("consolidation", userId) < 2_500).length;
    expect(low).toBeGreaterThan(400);
    expect(low).toBeLessThan(600);
    expect(people.every((userId) => bucketOf("consolidation", userId) === bucketOf("consolidation", userId))).toBe(true);
    expect(people.some((userId) => bucketOf("consolidation", userId) !== bucketOf("other", userId))).toBe(true);
  });

  test("a switch is felt within ten seconds, and rules that nobody understands are off", async () => {
    await setFlag(true);
    const at = tonight().getTime();
    expect(await isEnabled("consolidation", someone.userId, at)).toBe(true);
    await setFlag(true, [{ type: "moon" }]);
    expect(await isEnabled("consolidation", someone.userId, at + 9_000)).toBe(true);
    expect(await isEnabled("consolidation", someone.userId, at + 10_000)).toBe(false);
    clock = at + 10_000;
  });
});
