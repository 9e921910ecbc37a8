import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/auth/derive-key";
import { DomainError } from "@/lib/errors";
import { ClaimTerms, CLAIMS_AT_ONCE_MAX, CLAIM_WAYS, termsToJson } from "./rules";

/** What was shown of a claim, one or several stores at once, and until when it holds. It travels signed through the browser, like a payment's price. */
const Fields = z.object({
  personId: z.uuid(),
  way: z.enum(CLAIM_WAYS),
  items: z.array(ClaimTerms).min(1).max(CLAIMS_AT_ONCE_MAX),
  brlPerUsdMicros: z.coerce.bigint(),
  rateAt: z.coerce.date(),
  expiresAt: z.coerce.date(),
  /** As it was asked for, so that it can be asked again: an amount in micro-dollars, or null for all. */
  askedUsdMicros: z.coerce.bigint().nullable(),
});
export type ClaimQuote = z.output<typeof Fields>;

export const CLAIM_QUOTE_CHARACTERS_MAX = 12_000;
/** A payment's quote is no claim's: the text says what it is for. */
const macOf = (body: string) => keyedHash("quote", `claim:${body}`);

/** The quote as text for a URL: base64url JSON and its HMAC-SHA256. */
export function signClaim(quote: ClaimQuote): string {
  const body = Buffer.from(JSON.stringify({ ...quote, items: quote.items.map(termsToJson) }, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value))).toString("base64url");
  return `${body}.${macOf(body).toString("base64url")}`;
}

/** The quote in a text of ours, for this person; it may have ended. Fails with quote_invalid for anything else. */
export function openClaim(text: string, personId: string): ClaimQuote {
  const [body = "", mac = "", ...rest] = text.length > CLAIM_QUOTE_CHARACTERS_MAX ? [] : text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = macOf(body);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError("quote_invalid");
  const quote = Fields.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (quote.personId !== personId) throw new DomainError("quote_invalid");
  return quote;
}

/** SHA-256 of what is taken and from where; prices may move under one key, the claim may not. */
export const claimFingerprint = ({ way, storeId, chainId, units, loan }: ClaimTerms): string =>
  createHash("sha256").update(JSON.stringify(["claim/v1", way, storeId, chainId, units.toString(), loan?.number.toString() ?? null])).digest("hex");
