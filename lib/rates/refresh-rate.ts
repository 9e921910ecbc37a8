import "server-only";
import { db } from "@/db/client";
import { exchangeRates } from "@/db/schema";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { fetchPtaxRate } from "./ptax";
import type { Rate } from "./rules";
import { fetchSandboxRate } from "./sandbox";

/** Stores the source's present rate; repeating it within the same quotation changes nothing. Fails when the source does. */
export async function refreshRate(now = new Date()): Promise<Rate> {
  const { RATE_PROVIDER, PTAX_BASE_URL } = env();
  const rate = RATE_PROVIDER === "ptax" ? await fetchPtaxRate(PTAX_BASE_URL, now) : await fetchSandboxRate(now);
  invariant(rate.brlPerUsdMicros > 500_000n && rate.brlPerUsdMicros < 100_000_000n, "a rate between R$ 0.50 and R$ 100 a dollar");
  await db.insert(exchangeRates).values({ id: newId(), ...rate }).onConflictDoNothing();
  return rate;
}
