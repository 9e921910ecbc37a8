import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/auth/derive-key";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { CURRENCIES } from "@/lib/money";

/**
 * A price that was shown: what settles (dollars, chain, store), what it was made from (rate and its time), and until when it
 * holds. It travels signed through the payer's browser, so no row is written before a payment is.
 */
const Fields = z.object({
  payerId: z.uuid(),
  storeId: z.uuid(),
  shortCode: z.string().min(3).max(20),
  chainId: z.enum(CHAIN_IDS),
  currency: z.enum(CURRENCIES),
  amountUsdMicros: z.coerce.bigint(),
  amountBrlCentavos: z.coerce.bigint(),
  brlPerUsdMicros: z.coerce.bigint(),
  rateAt: z.coerce.date(),
  rewardUnits: z.coerce.bigint(),
  expiresAt: z.coerce.date(),
});
export type Quote = z.output<typeof Fields>;

const QUOTE_BYTES_MAX = 2_000;
const macOf = (body: string) => keyedHash("quote", body);

/** The quote as text for a URL: base64url JSON and its HMAC-SHA256. */
export function signQuote(quote: Quote): string {
  const json = JSON.stringify(quote, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  const body = Buffer.from(json).toString("base64url");
  return `${body}.${macOf(body).toString("base64url")}`;
}

/** The quote in a text of ours, for this payer; it may have ended. Fails with quote_invalid for anything else. */
export function openQuote(text: string, payerId: string): Quote {
  const [body = "", mac = "", ...rest] = text.length > QUOTE_BYTES_MAX ? [] : text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = macOf(body);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError("quote_invalid");
  const quote = Fields.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (quote.payerId !== payerId) throw new DomainError("quote_invalid");
  return quote;
}

/** SHA-256 of everything that money depends on: a key that comes back with other contents is refused. */
export function fingerprintOf(quote: Quote): string {
  const { storeId, chainId, amountUsdMicros, amountBrlCentavos } = quote;
  return createHash("sha256").update(JSON.stringify(["payment/v1", storeId, chainId, amountUsdMicros.toString(), amountBrlCentavos.toString()])).digest("hex");
}
