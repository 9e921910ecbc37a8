import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const Price = z.object({ accountId: z.string(), inputUsdMicros: z.string().regex(/^\d+$/), outputBrlCentavos: z.string().regex(/^\d+$/), expiresAt: z.number() });
export type TokenPrice = { accountId: string; inputUsdMicros: bigint; outputBrlCentavos: bigint; expiresAt: number };

const mac = (secret: Buffer, body: string): Buffer => createHmac("sha256", secret).update(body).digest();

/** A price of ours that travels as text, because the bank makes none: whoever can't sign it can't change it. */
export function sealPrice(secret: Buffer, { accountId, inputUsdMicros, outputBrlCentavos, expiresAt }: TokenPrice): string {
  const body = Buffer.from(JSON.stringify({ accountId, inputUsdMicros: inputUsdMicros.toString(), outputBrlCentavos: outputBrlCentavos.toString(), expiresAt })).toString("base64url");
  return `${body}.${mac(secret, body).toString("base64url")}`;
}

/** The price of a token, or null where it is not ours. */
export function openPrice(secret: Buffer, token: string): TokenPrice | null {
  const [body = "", seal = ""] = token.split(".");
  const [expected, given] = [mac(secret, body), Buffer.from(seal, "base64url")];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const price = Price.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  return { ...price, inputUsdMicros: BigInt(price.inputUsdMicros), outputBrlCentavos: BigInt(price.outputBrlCentavos) };
}
