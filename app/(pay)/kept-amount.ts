import { CURRENCIES, type Currency } from "@/lib/money";

export type KeptAmount = { shortCode: string; cents: bigint; currency: Currency };

/** Cents of a URL are ours, so they are digits and short; anything else is no amount. */
const CENTS = /^\d{1,12}$/;

/** The amount in a pay page's query (`amount` in cents, `currency`), or null. */
export function amountOfQuery(query: { amount?: unknown; currency?: unknown }): Pick<KeptAmount, "cents" | "currency"> | null {
  const currency = CURRENCIES.find((known) => known === query.currency);
  return currency && typeof query.amount === "string" && CENTS.test(query.amount) ? { cents: BigInt(query.amount), currency } : null;
}

/** The charge inside a path that a sign-in leads back to, or null. */
export const keptCharge = (next: string): string | null => /^\/c\/([0-9a-f-]{36})$/.exec(new URL(next, "http://localhost").pathname)?.[1] ?? null;

/** The payment inside a path that a sign-in leads back to, or null. */
export function keptAmount(next: string): KeptAmount | null {
  const { pathname, searchParams } = new URL(next, "http://localhost");
  const shortCode = /^\/p\/([A-Za-z0-9]{3,20})$/.exec(pathname)?.[1];
  const amount = amountOfQuery(Object.fromEntries(searchParams));
  return shortCode && amount ? { shortCode, ...amount } : null;
}
