import "server-only";
import { holdingsOf } from "@/lib/balances/queries";
import { limitsOf } from "@/lib/limits/queries";
import { todayOf } from "@/lib/payments/queries";
import { currentRate } from "@/lib/rates/queries";

/** What an amount form needs: the rate, what can leave in one go, and what is left of the day. Nothing of a stranger's. */
export async function readAmounts(person: { userId: string; sessionId: string } | null) {
  const [rate, holdings, limits] = await Promise.all([currentRate(), person ? holdingsOf(person.userId) : [], person ? limitsOf(person) : null]);
  const dollars = holdings.filter(({ store }) => !store);
  return {
    rate: { brlPerUsdMicros: rate.brlPerUsdMicros, at: rate.quotedAt, isStale: rate.isStale },
    // One operation is one chain; what reaches only together is offered to be brought together.
    availableUsdMicros: person ? dollars.reduce((sum, { available }) => sum + available, 0n) : null,
    today: limits && todayOf(limits),
  };
}
