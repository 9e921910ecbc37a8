import "server-only";
import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { keyedHash } from "@/lib/auth/derive-key";
import { DomainError } from "@/lib/errors";
import { LIMITS, type LimitName } from "./rules";

/** The subject is hashed: the table must not become a list of phones and addresses. */
const keyOf = (name: LimitName, subject: string) => `${name}:${keyedHash("rate-limit", subject).subarray(0, 16).toString("base64url")}`;

/** The start of the present fixed window, by the database's clock, which all processes share. */
const windowStart = (seconds: number) => sql`to_timestamp(floor(extract(epoch FROM now()) / ${seconds}::int) * ${seconds}::int)`;

/**
 * Counts one more for the subject, atomically and in one statement.
 * Fails with: too_many_requests {seconds until the window ends}.
 */
export async function consumeLimit(runner: Tx | typeof db, name: LimitName, subject: string) {
  const { times, seconds } = LIMITS[name];
  const [row] = await runner.execute<{ count: number; seconds_left: number }>(sql`
    INSERT INTO rate_limits AS counted (key, window_start, count) VALUES (${keyOf(name, subject)}, ${windowStart(seconds)}, 1)
    ON CONFLICT (key, window_start) DO UPDATE SET count = counted.count + 1
    RETURNING count, greatest(1, ceil(extract(epoch FROM window_start) + ${seconds}::int - extract(epoch FROM now())))::int AS seconds_left`);
  if (row && row.count > times) throw new DomainError("too_many_requests", { seconds: row.seconds_left });
}

/** Takes one back in the present window: the try turned out to be an honest one. */
export async function refundLimit(runner: Tx | typeof db, name: LimitName, subject: string) {
  await runner.execute(sql`
    UPDATE rate_limits SET count = greatest(count - 1, 0)
    WHERE key = ${keyOf(name, subject)} AND window_start = ${windowStart(LIMITS[name].seconds)}`);
}
