import { expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { consumeLimit, refundLimit } from "./consume-limit";
import { removeOldWindows } from "./remove-old-windows";
import { LIMITS } from "./rules";

const times = LIMITS.code_send_phone.times;

test("counts up to the limit, then says how long to wait, for each subject alone", async () => {
  for (let i = 0; i < times; i += 1) await consumeLimit(db, "code_send_phone", "one");
  await expect(consumeLimit(db, "code_send_phone", "one")).rejects.toMatchObject({ code: "too_many_requests", details: { seconds: expect.any(Number) } });
  await consumeLimit(db, "code_send_phone", "two");
  await consumeLimit(db, "code_send_day_phone", "one");
});

test("requests at once cannot pass the limit together", async () => {
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => consumeLimit(db, "code_send_phone", "many")));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(times);
});

test("what is given back can be used again, and never more than was taken", async () => {
  for (let i = 0; i < times; i += 1) await consumeLimit(db, "code_send_phone", "three");
  await refundLimit(db, "code_send_phone", "three");
  await consumeLimit(db, "code_send_phone", "three");
  for (let i = 0; i < 10; i += 1) await refundLimit(db, "code_send_phone", "three");
  for (let i = 0; i < times; i += 1) await consumeLimit(db, "code_send_phone", "three");
  await expect(consumeLimit(db, "code_send_phone", "three")).rejects.toMatchObject({ code: "too_many_requests" });
});

test("the next window begins anew, and old windows go", async () => {
  for (let i = 0; i < times; i += 1) await consumeLimit(db, "code_send_phone", "four");
  await sql`UPDATE rate_limits SET window_start = window_start - interval '2 days'`;
  await consumeLimit(db, "code_send_phone", "four");
  await removeOldWindows();
  expect(await sql`SELECT count(*)::int AS n FROM rate_limits`).toEqual([{ n: 1 }]);
});
