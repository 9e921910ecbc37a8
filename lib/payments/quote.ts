import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/auth/derive-key";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { CURRENCIES } from "@/lib/money";
import { OTHER_STORES_MAX } from "./choose-parts";
import { QUOTE_CHARACTERS_MAX, STORES_OFF_MAX } from "./rules";

const Rewards = z.object({
  kind: z.enum(["own", "other"]),
  storeId: z.uuid(),
  amountUsdMicros: z.coerce.bigint(),
  units: z.coerce.bigint(),
  feeUsdMicros: z.coerce.bigint(),
  surplusUsdMicros: z.coerce.bigint(),
});
const Dollars = z.object({ kind: z.literal("dollars"), amountUsdMicros: z.coerce.bigint() });

/**
 * A price that was shown: what settles (dollars, chain, store, and the parts that make it up), what it was made from (rate and its
 * time, the payer's choice of parts), and until when it holds. It travels signed through the payer's browser, so no row is written
 * before a payment is.
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
  /** In their order: this store's rewards, other stores', dollars. They add up to the price. */
  parts: z.array(z.discriminatedUnion("kind", [Rewards, Dollars])).min(1).max(OTHER_STORES_MAX + 2),
  choice: z.object({ isDollarsOnly: z.boolean(), offStoreIds: z.array(z.uuid()).max(STORES_OFF_MAX) }),
  rewardUnits: z.coerce.bigint(),
  /** The charge that it pays, whose amounts and rate stand in it, and how much of the amount is a tip. */
  charge: z.object({ id: z.uuid(), tipUsdMicros: z.coerce.bigint(), tipBrlCentavos: z.coerce.bigint() }).optional(),
  expiresAt: z.coerce.date(),
});
export type Quote = z.output<typeof Fields>;

const macOf = (body: string) => keyedHash("quote", body);

/** The quote as text for a URL: base64url JSON and its HMAC-SHA256. */
export function signQuote(quote: Quote): string {
  const json = JSON.stringify(quote, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  const body = Buffer.from(json).toString("base64url");
  return `${body}.${macOf(body).toString("base64url")}`;
}

/** The quote in a text of ours, for this payer; it may have ended. Fails with quote_invalid for anything else. */
export function openQuote(text: string, payerId: string): Quote {
  const [body = "", mac = "", ...rest] = text.length > QUOTE_CHARACTERS_MAX ? [] : text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = macOf(body);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError("quote_invalid");
  const quote = Fields.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  // Signed by an older version of this app a minute ago: as good as none.
  if (!quote.success || quote.data.payerId !== payerId) throw new DomainError("quote_invalid");
  return quote.data;
}

/** SHA-256 of everything that money depends on: a key that comes back with other contents is refused. */
export function fingerprintOf(quote: Quote): string {
  const { storeId, chainId, amountUsdMicros, amountBrlCentavos, parts, charge } = quote;
  const shares = parts.map((part) => (part.kind === "dollars" ? ["dollars", part.amountUsdMicros.toString()] : [part.kind, part.storeId, part.amountUsdMicros.toString(), part.units.toString()]));
  return createHash("sha256").update(JSON.stringify(["payment/v2", storeId, chainId, amountUsdMicros.toString(), amountBrlCentavos.toString(), shares, ...(charge ? [charge.id, charge.tipUsdMicros.toString(), charge.tipBrlCentavos.toString()] : [])])).digest("hex");
}
