import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/auth/derive-key";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { CURRENCIES } from "@/lib/money";
import { NOTE_MAX, type SendTo } from "./rules";

const To = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("person"), userId: z.uuid() }),
  z.object({ kind: z.literal("phone"), phone: z.string().regex(/^\+\d{8,15}$/) }),
  z.object({ kind: z.literal("address"), address: z.string().regex(/^0x[0-9a-f]{40}$/) }),
]);

/** Whom somebody chose to send to, before there is an amount. */
const Choice = z.object({ payerId: z.uuid(), to: To });

/**
 * A send that was shown: to whom, how much, on which chain, of what rate, and until when it holds. It travels signed through the
 * sender's browser, as a payment's price does.
 */
const Quote = z.object({
  payerId: z.uuid(),
  to: To,
  /** The request that this pays. */
  requestId: z.uuid().nullable(),
  chainId: z.enum(CHAIN_IDS),
  currency: z.enum(CURRENCIES),
  amountUsdMicros: z.coerce.bigint(),
  amountBrlCentavos: z.coerce.bigint(),
  brlPerUsdMicros: z.coerce.bigint(),
  rateAt: z.coerce.date(),
  note: z.string().max(NOTE_MAX).nullable(),
  expiresAt: z.coerce.date(),
});
export type SendQuote = z.output<typeof Quote>;

const BYTES_MAX = 3_000;
type Kind = "send-quote" | "send-choice";
/** A choice is no quote: each kind has its own word under the MAC. */
const macOf = (kind: Kind, body: string) => keyedHash("send-quote", `${kind}:${body}`);

function sign(kind: Kind, value: object): string {
  const json = JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
  const body = Buffer.from(json).toString("base64url");
  return `${body}.${macOf(kind, body).toString("base64url")}`;
}

function open<S extends z.ZodType<{ payerId: string }>>(kind: Kind, schema: S, text: string, payerId: string): z.output<S> {
  const [body = "", mac = "", ...rest] = text.length > BYTES_MAX ? [] : text.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = macOf(kind, body);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new DomainError("quote_invalid");
  const value = schema.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (value.payerId !== payerId) throw new DomainError("quote_invalid");
  return value;
}

/** The choice as text for an address bar, so that no number stands there in plain. */
export const signChoice = (payerId: string, to: SendTo): string => sign("send-choice", { payerId, to });
/** Fails with quote_invalid for anything that is not this person's own choice. */
export const openChoice = (text: string, payerId: string): SendTo => open("send-choice", Choice, text, payerId).to;

export const signSendQuote = (quote: SendQuote): string => sign("send-quote", quote);
/** The quote in a text of ours, for this sender; it may have ended. Fails with quote_invalid. */
export const openSendQuote = (text: string, payerId: string): SendQuote => open("send-quote", Quote, text, payerId);

/** SHA-256 of everything that money depends on: a key that comes back with other contents is refused. */
export function sendFingerprint({ to, requestId, chainId, amountUsdMicros, amountBrlCentavos, note }: SendQuote): string {
  const whom = to.kind === "person" ? to.userId : to.kind === "phone" ? to.phone : to.address;
  return createHash("sha256").update(JSON.stringify(["send/v1", to.kind, whom, requestId, chainId, amountUsdMicros.toString(), amountBrlCentavos.toString(), note])).digest("hex");
}
