import { z } from "zod";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";

export const WALLETS_MAX = 10;
export const WALLET_NAME_MAX = 60;

/** What a wallet's signature may be asked for. */
export const WALLET_PURPOSES = ["wallet_sign_in", "wallet_link", "wallet_step_up"] as const;
export type WalletPurpose = (typeof WALLET_PURPOSES)[number];

/** How long a message may be signed and answered. */
export const WALLET_MESSAGE_SECONDS = 300;
/** Our web processes' clocks may differ by so much; a message from further ahead is not ours. */
export const CLOCK_SKEW_SECONDS = 30;
/** How long a wallet that proved itself waits for its person's phone. */
export const WALLET_ATTEMPT_SECONDS = 900;
/**
 * A linked wallet signs its person in at once, but counts as the second factor only after this wait with notice: whoever stole the phone
 * number could have linked it. The wallet that opened the account needs no wait, nobody else could be robbed by it.
 */
export const WALLET_FACTOR_HOURS = 24;

/** The one sentence of the message, by what it is for. EIP-4361 allows no letters beyond ASCII. */
export const WALLET_STATEMENTS: Record<WalletPurpose, Record<"pt-BR" | "en" | "es", string>> = {
  wallet_sign_in: { "pt-BR": "Entrar na CocoPay com esta carteira.", en: "Sign in to CocoPay with this wallet.", es: "Entrar en CocoPay con esta billetera." },
  wallet_link: { "pt-BR": "Ligar esta carteira na minha conta CocoPay.", en: "Link this wallet to my CocoPay account.", es: "Vincular esta billetera a mi cuenta CocoPay." },
  wallet_step_up: { "pt-BR": "Confirmar que sou eu na CocoPay.", en: "Confirm that it is me at CocoPay.", es: "Confirmar que soy yo en CocoPay." },
};

export const isStatementFor = (purpose: WalletPurpose, text: string): boolean => Object.values(WALLET_STATEMENTS[purpose]).includes(text);

/** The wallet that is asked, on the chain it stands on. */
export const WalletAsked = z.strictObject({ address: z.string().regex(/^0x[0-9a-fA-F]{40}$/), chainId: z.enum(CHAIN_IDS) });
export type WalletAsked = z.output<typeof WalletAsked>;

/** A message of ours has some 400 characters. A signature has 65 bytes; one of a contract that is not there yet brings its deployment. */
const MESSAGE_MAX = 1_000;
const SIGNATURE_MAX = 20_000;

/** What a page posts after the wallet signed. */
export const WalletAnswer = z.strictObject({
  // A browser's form carries every line end as CRLF; what was signed has LF.
  message: z
    .string()
    .min(1)
    .max(MESSAGE_MAX)
    .transform((text) => text.replaceAll("\r\n", "\n")),
  signature: z.string().min(4).max(SIGNATURE_MAX).regex(/^0x(?:[0-9a-fA-F]{2})+$/),
});
export type WalletAnswer = z.output<typeof WalletAnswer>;

// Letters, digits and the marks that wallets and people use in names; no markup, control or direction characters.
const NAME = /^[\p{L}\p{M}\p{N} .,'’()·+&/:-]+$/u;

/**
 * A wallet's name as its person wrote it.
 * Fails with: name_invalid.
 */
export function parseWalletName(text: string): string {
  if (text.length > 4 * WALLET_NAME_MAX) throw new DomainError("name_invalid");
  const name = text.normalize("NFC").trim().replace(/ +/g, " ");
  if (name.length < 1 || name.length > WALLET_NAME_MAX || !NAME.test(name)) throw new DomainError("name_invalid");
  return name;
}

/** The name that the wallet's program announced, when it is one; it only spares typing. */
export function announcedName(text: string | undefined): string | null {
  try {
    return parseWalletName(text ?? "");
  } catch {
    return null;
  }
}
