import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/auth/derive-key";
import { DomainError } from "@/lib/errors";
import { CURRENCIES } from "@/lib/money";
import { PayoutTerms, type PayoutWay } from "./rules";

/** Where a payout goes, as the form says it: the own balance, a member's, or a saved destination. */
export const PayoutTo = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("balance"), userId: z.uuid() }),
  z.object({ kind: z.literal("saved"), destinationId: z.uuid() }),
]);
export type PayoutTo = z.output<typeof PayoutTo>;

/** A payout as it was shown, and until when it holds. It travels signed through the browser, like a payment's price. */
const Fields = z.object({
  userId: z.uuid(),
  storeId: z.uuid(),
  to: PayoutTo,
  terms: PayoutTerms,
  /** As it was asked for, so that it can be asked again; null for all there is. */
  asked: z.object({ currency: z.enum(CURRENCIES), cents: z.coerce.bigint() }).nullable(),
  /** What each way would bring, for the choice; null where a way is closed now. */
  nets: z.object({ cash_out: z.coerce.bigint().nullable(), borrow: z.coerce.bigint().nullable() } satisfies Record<PayoutWay, z.ZodType>),
  /** The price that was asked of the partner; null where dollars arrive as dollars. */
  priceId: z.uuid().nullable(),
  /** The payout that waits for a new amount, when this funds it again. */
  againId: z.uuid().nullable(),
  brlPerUsdMicros: z.coerce.bigint(),
  rateAt: z.coerce.date(),
  expiresAt: z.coerce.date(),
});
export type PayoutQuote = z.output<typeof Fields>;

const CHARACTERS_MAX = 6_000;
/** A payment's quote is no payout's: the text says what it is for. */
const macOf = (body: string) => keyedHash("quote", `payout:${body}`);

/** The quote as text for a URL: base64url JSON and its HMAC-SHA256. */
export function signPayout(quote: PayoutQuote): string {
  const body = Buffer.from(JSON.stringify(quote, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value))).toString("base64url");
  return `${body}.${macOf(body).toString("base64url")}`;
}

/** The quote in a text of ours, for this person and store; it may have ended. Fails with quote_invalid for anything else. */
export function openPayout(text: string, { userId, storeId }: { userId: string; storeId: string }): PayoutQuote {
  const [body = "", mac = "", ...rest] = text.length > CHARACTERS_MAX ? [] : text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = macOf(body);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError("quote_invalid");
  const quote = Fields.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!quote.success || quote.data.userId !== userId || quote.data.storeId !== storeId) throw new DomainError("quote_invalid");
  return quote.data;
}

/** SHA-256 of what is taken and where it goes; prices may move under one key, the payout may not. */
export function payoutFingerprint({ storeId, to, terms, againId }: PayoutQuote): string {
  const where = to.kind === "balance" ? ["balance", to.userId] : ["saved", to.destinationId];
  return createHash("sha256").update(JSON.stringify(["payout/v1", storeId, where, terms.way, terms.chainId, terms.amountUsdMicros.toString(), againId])).digest("hex");
}
