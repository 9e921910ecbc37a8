import "server-only";
import { lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { rateLimits } from "@/db/schema";
import { LIMITS } from "./rules";

const LONGEST_SECONDS = Math.max(...Object.values(LIMITS).map(({ seconds }) => seconds));

/** Removes counters of windows that have ended. The worker runs it daily. */
export async function removeOldWindows() {
  await db.delete(rateLimits).where(lt(rateLimits.windowStart, sql`now() - make_interval(secs => ${LONGEST_SECONDS})`));
}
