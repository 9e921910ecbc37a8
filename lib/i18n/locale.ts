/** The three languages of the product. The first is the default. */
export const LOCALES = ["pt-BR", "en", "es"] as const;
export type Locale = (typeof LOCALES)[number];
export const DEFAULT_LOCALE: Locale = "pt-BR";

/** The cookie that keeps a person's choice of language. */
export const LOCALE_COOKIE = "locale";

/** Each language in its own name, for the switch. */
export const LOCALE_NAMES: Record<Locale, string> = { "pt-BR": "Português", en: "English", es: "Español" };

/** True for a language we speak; use it on a cookie or a form field. */
export const isLocale = (text: unknown): text is Locale => LOCALES.some((locale) => locale === text);

/** The choice in the cookie, else pt-BR: at a counter in Florianópolis a phone's own language says little, and the switch is on every first page. */
export const chooseLocale = (cookie: string | undefined): Locale => (isLocale(cookie) ? cookie : DEFAULT_LOCALE);
