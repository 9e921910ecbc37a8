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

/** The best of our languages for an Accept-Language header (RFC 9110: higher q first, then order of writing). */
export function localeOfAcceptLanguage(header: string | null | undefined): Locale {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.trim().toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== "" && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const locale = LOCALES.find((ours) => ours.toLowerCase() === tag || languageOf(ours) === languageOf(tag));
    if (locale) return locale;
  }
  return DEFAULT_LOCALE;
}

/** The choice in the cookie, else what the device asks for, else pt-BR. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null | undefined): Locale {
  return isLocale(cookie) ? cookie : localeOfAcceptLanguage(acceptLanguage);
}

const languageOf = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";
