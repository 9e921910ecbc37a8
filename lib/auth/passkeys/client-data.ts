import "server-only";
import { z } from "zod";
import { DomainError } from "@/lib/errors";

/** What the browser itself says about the ceremony. Everything but the challenge is judged with the signature. */
const ClientData = z.object({
  type: z.enum(["webauthn.create", "webauthn.get"]),
  challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  origin: z.string().max(300),
  // None of our pages is ever inside another's frame.
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
});

/**
 * The client data of an answer, to find the challenge that it answers.
 * Fails with: passkey_refused.
 */
export function readClientData(clientDataJson: string): z.output<typeof ClientData> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(clientDataJson, "base64url"));
    return ClientData.parse(JSON.parse(text));
  } catch {
    throw new DomainError("passkey_refused");
  }
}
