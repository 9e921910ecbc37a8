import type { Locale } from "@/lib/i18n/locale";

/** Without accents: Brazilian carriers take GSM-7 in one segment only. */
const SENTENCES: Record<Locale, (code: string) => string> = {
  "pt-BR": (code) => `CocoPay: seu codigo e ${code}. Vale por 5 minutos. Nao compartilhe.`,
  en: (code) => `CocoPay: your code is ${code}. It works for 5 minutes. Do not share it.`,
  es: (code) => `CocoPay: tu codigo es ${code}. Vale por 5 minutos. No lo compartas.`,
};

/**
 * The text of a sign-in code. Its last line binds the code to our host, for the phone's autofill (origin-bound one-time codes):
 * the keyboard then offers it on our page and on no look-alike.
 */
export const signInCodeMessage = ({ code, locale, appUrl }: { code: string; locale: Locale; appUrl: string }): string =>
  `${SENTENCES[locale](code)}\n@${new URL(appUrl).hostname} #${code}`;
