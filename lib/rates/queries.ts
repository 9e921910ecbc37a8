import "server-only";
import { desc } from "drizzle-orm";
import { db } from "@/db/client";
import { exchangeRates } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { isRateStale, type Rate } from "./rules";

/** Every page and quote asks; the rate changes once an hour at most. */
const CACHE_MS = 5_000;
let cached: { rate: Rate; readAt: number } | undefined;

/** The newest stored rate, and whether the screen must say that it is old. Fails with rate_unavailable before the first one came. */
export async function currentRate(now = new Date()): Promise<Rate & { isStale: boolean }> {
  if (!cached || now.getTime() - cached.readAt > CACHE_MS) {
    const [row] = await db.select().from(exchangeRates).orderBy(desc(exchangeRates.quotedAt)).limit(1);
    if (!row) throw new DomainError("rate_unavailable");
    cached = { rate: { brlPerUsdMicros: row.brlPerUsdMicros, quotedAt: row.quotedAt, source: row.source }, readAt: now.getTime() };
  }
  return { ...cached.rate, isStale: isRateStale(cached.rate.quotedAt, now) };
}
