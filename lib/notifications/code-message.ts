import type { CodePurpose } from "@/lib/auth/rules";
import type { Locale } from "@/lib/i18n/locale";

/** Without accents: Brazilian carriers take GSM-7 in one segment only. What the code does stands in the message, so that nobody is talked out of it. */
const SENTENCES: Record<CodePurpose, Record<Locale, (code: string) => string>> = {
  sign_in: {
    "pt-BR": (code) => `CocoPay: seu codigo e ${code}. Vale por 5 minutos. Nao compartilhe.`,
    en: (code) => `CocoPay: your code is ${code}. It works for 5 minutes. Do not share it.`,
    es: (code) => `CocoPay: tu codigo es ${code}. Vale por 5 minutos. No lo compartas.`,
  },
  phone_change: {
    "pt-BR": (code) => `CocoPay: ${code} e o codigo para TROCAR O CELULAR da conta. Nao pediu? Nao digite nem compartilhe.`,
    en: (code) => `CocoPay: ${code} is the code to CHANGE THE PHONE of an account. Not you? Do not type or share it.`,
    es: (code) => `CocoPay: ${code} es el codigo para CAMBIAR EL CELULAR de la cuenta. No fuiste tu? No lo escribas ni compartas.`,
  },
};

/**
 * The text of a code. Its last line binds the code to our host, for the phone's autofill (origin-bound one-time codes): the keyboard then
 * offers it on our page and on no look-alike.
 */
export const codeMessage = ({ code, purpose, locale, appUrl }: { code: string; purpose: CodePurpose; locale: Locale; appUrl: string }): string =>
  `${SENTENCES[purpose][locale](code)}\n@${new URL(appUrl).hostname} #${code}`;
