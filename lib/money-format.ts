import type { Locale } from "./i18n/locale";
import { USD_MICROS_PER_CENT, type Currency } from "./money";

/**
 * Money and times as people read them (LOOK.md, section 6). Pure: the same text on server and browser, in every ICU version,
 * which is why the grouping is done here on integers and not on floats.
 */
const NBSP = "\u00a0";
const MINUS = "\u2212";
const SIGNS: Record<Currency, string> = { BRL: "R$", USD: "US$" };
const ENGLISH: Locale = "en";

/** `none`: minus only. `plus`: a plus before money that came in. */
export type SignStyle = "none" | "plus";

/** The pieces of an amount, for the display sizes where the currency sign is small and raised. */
export interface MoneyParts {
  /** "", "−" or "+ ". */
  sign: string;
  /** "R$" or "US$". */
  symbol: string;
  /** Digits with separators and always two decimals: "1.234,56". */
  number: string;
  /** False in English, where the currency stands close to the number. */
  spaced: boolean;
}

/** Cents of a currency in pieces. */
export function moneyParts(cents: bigint, currency: Currency, locale: Locale, signStyle: SignStyle = "none"): MoneyParts {
  const [group, decimal] = locale === ENGLISH ? [",", "."] : [".", ","];
  const positive = cents < 0n ? -cents : cents;
  const whole = String(positive / 100n).replace(/\B(?=(\d{3})+$)/g, group);
  const sign = cents < 0n ? MINUS : signStyle === "plus" && cents > 0n ? `+${NBSP}` : "";
  return { sign, symbol: SIGNS[currency], number: `${whole}${decimal}${String(positive % 100n).padStart(2, "0")}`, spaced: locale !== ENGLISH };
}

const joined = ({ sign, symbol, number, spaced }: MoneyParts): string => `${sign}${symbol}${spaced ? NBSP : ""}${number}`;

/** Centavos: "R$ 38,50" (pt-BR, es), "R$38.50" (en). The space does not break. */
export const formatBrl = (amountBrlCentavos: bigint, locale: Locale, signStyle: SignStyle = "none"): string =>
  joined(moneyParts(amountBrlCentavos, "BRL", locale, signStyle));

/** Micro-dollars to whole US cents. Down (toward zero) never shows a cent that is not there; up is for prices. */
export function usdCentsFromMicros(amountUsdMicros: bigint, rounding: "down" | "up" = "down"): bigint {
  const cents = amountUsdMicros / USD_MICROS_PER_CENT;
  return rounding === "up" && amountUsdMicros > 0n && amountUsdMicros % USD_MICROS_PER_CENT !== 0n ? cents + 1n : cents;
}

/** Micro-dollars: "US$ 57,50" (pt-BR, es), "US$57.50" (en), rounded down to the cent as balances need. */
export const formatUsd = (amountUsdMicros: bigint, locale: Locale, signStyle: SignStyle = "none"): string =>
  joined(moneyParts(usdCentsFromMicros(amountUsdMicros), "USD", locale, signStyle));

/** Cents of either currency, as a form holds them. */
export const formatCents = (cents: bigint, currency: Currency, locale: Locale): string => joined(moneyParts(cents, currency, locale));

/** What one dollar costs, rounded half up to the centavo: "R$ 5,50". The sentence around it is `common.rate`. */
export const formatRate = (brlPerUsdMicros: bigint, locale: Locale): string => formatBrl((brlPerUsdMicros + 5_000n) / 10_000n, locale);

const SPOKEN: Record<Locale, Record<Currency, { one: string; many: string; cent: string; cents: string }> & { and: string; minus: string }> = {
  "pt-BR": {
    BRL: { one: "real", many: "reais", cent: "centavo", cents: "centavos" },
    USD: { one: "dólar", many: "dólares", cent: "centavo", cents: "centavos" },
    and: "e",
    minus: "menos",
  },
  en: {
    BRL: { one: "real", many: "reais", cent: "centavo", cents: "centavos" },
    USD: { one: "dollar", many: "dollars", cent: "cent", cents: "cents" },
    and: "and",
    minus: "minus",
  },
  es: {
    BRL: { one: "real", many: "reales", cent: "centavo", cents: "centavos" },
    USD: { one: "dólar", many: "dólares", cent: "centavo", cents: "centavos" },
    and: "y",
    minus: "menos",
  },
};

/** The whole amount for screen readers: "38 reais e 50 centavos", "1 dollar and 1 cent", "50 centavos", "0 reais". */
export function speakMoney(cents: bigint, currency: Currency, locale: Locale): string {
  const words = SPOKEN[locale];
  const { one, many, cent, cents: plural } = words[currency];
  const positive = cents < 0n ? -cents : cents;
  const whole = positive / 100n;
  const rest = positive % 100n;
  const wholeText = `${whole} ${whole === 1n ? one : many}`;
  const restText = `${rest} ${rest === 1n ? cent : plural}`;
  const text = rest === 0n ? wholeText : whole === 0n ? restText : `${wholeText} ${words.and} ${restText}`;
  return cents < 0n ? `${words.minus} ${text}` : text;
}

/** Cents of a currency for speech from micro-dollars or centavos, whichever the value is in. */
export const centsOf = (amount: bigint, currency: Currency): bigint => (currency === "USD" ? usdCentsFromMicros(amount) : amount);

const DEFAULT_ZONE = "America/Sao_Paulo";

/** Clock time in a zone: "14:02" (pt-BR, es), "2:02 PM" (en). */
export const formatTime = (at: Date, locale: Locale, timeZone: string = DEFAULT_ZONE): string =>
  plainSpaces(new Intl.DateTimeFormat(locale, { hour: locale === ENGLISH ? "numeric" : "2-digit", minute: "2-digit", hour12: locale === ENGLISH, timeZone }).format(at));

/** Clock time with seconds, for the ticking clock of Paid: "14:02:37". */
export const formatTimeWithSeconds = (at: Date, locale: Locale, timeZone: string = DEFAULT_ZONE): string =>
  plainSpaces(
    new Intl.DateTimeFormat(locale, { hour: locale === ENGLISH ? "numeric" : "2-digit", minute: "2-digit", second: "2-digit", hour12: locale === ENGLISH, timeZone }).format(at),
  );

/** The calendar day in a zone: "22 de nov. de 2026", "Nov 22, 2026". */
export const formatDate = (at: Date, locale: Locale, timeZone: string = DEFAULT_ZONE): string =>
  plainSpaces(new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone }).format(at));

/** Day and clock time together, for receipts. */
export const formatDateTime = (at: Date, locale: Locale, timeZone: string = DEFAULT_ZONE): string =>
  `${formatDate(at, locale, timeZone)}, ${formatTime(at, locale, timeZone)}`;

/** The day in a zone as "2026-11-22": for grouping rows by day. */
export const dayKey = (at: Date, timeZone: string = DEFAULT_ZONE): string =>
  new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(at);

/** "hoje", "ontem" within two days of the zone's calendar, else the date. */
export function formatDay(at: Date, now: Date, locale: Locale, timeZone: string = DEFAULT_ZONE): string {
  const days = Math.round((Date.parse(dayKey(at, timeZone)) - Date.parse(dayKey(now, timeZone))) / 86_400_000);
  if (days === 0 || days === -1) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return formatDate(at, locale, timeZone);
}

/** Time since, in the largest unit that fits: "agora", "há 5 minutos", "há 2 horas", "ontem". */
export function formatRelative(at: Date, now: Date, locale: Locale): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(0, "second");
  if (size < 3_600) return format.format(Math.trunc(seconds / 60), "minute");
  if (size < 86_400) return format.format(Math.trunc(seconds / 3_600), "hour");
  return format.format(Math.trunc(seconds / 86_400), "day");
}

const SPOKEN_UNITS = [
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

/** A wait in words, rounded up so that it is never too early: "47 segundos", "15 minutos", "2 hours". */
export function formatWait(seconds: number, locale: Locale): string {
  const rounded = Math.max(1, Math.ceil(seconds));
  const { unit, seconds: size } = SPOKEN_UNITS.find((candidate) => rounded >= candidate.seconds * (candidate.unit === "second" ? 1 : 1.5)) ?? SPOKEN_UNITS[2];
  return plainSpaces(new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(Math.ceil(rounded / size)));
}

/** ICU versions disagree on narrow and thin spaces; one spelling keeps server and browser equal. */
const plainSpaces = (text: string): string => text.replace(/[\u202f\u2009]/g, " ");
