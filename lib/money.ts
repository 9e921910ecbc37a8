import { DomainError } from "./errors";

/**
 * Money is bigint in the unit its name ends with: `UsdMicros` (1 US$ = 1,000,000; USDC has 6 decimals too) and
 * `BrlCentavos` (1 R$ = 100). A rate is `brlPerUsdMicros`: reais per dollar × 1,000,000. No float touches money.
 */
export const USD_MICROS = 1_000_000n;
export const USD_MICROS_PER_CENT = 10_000n;
export const BRL_CENTAVOS = 100n;

export const CURRENCIES = ["BRL", "USD"] as const;
export type Currency = (typeof CURRENCIES)[number];

/** Reais to dollars at a rate, rounded up to the micro-dollar: the store never gets less than the reais shown. */
export function usdMicrosFromBrl(amountBrlCentavos: bigint, brlPerUsdMicros: bigint): bigint {
  const numerator = amountBrlCentavos * USD_MICROS * USD_MICROS;
  const denominator = BRL_CENTAVOS * brlPerUsdMicros;
  return (numerator + denominator - 1n) / denominator;
}

/** Dollars to reais at a rate, rounded half up to the centavo. For showing. */
export function brlCentavosFromUsd(amountUsdMicros: bigint, brlPerUsdMicros: bigint): bigint {
  const numerator = amountUsdMicros * brlPerUsdMicros * BRL_CENTAVOS;
  const denominator = USD_MICROS * USD_MICROS;
  return (numerator + denominator / 2n) / denominator;
}

/** `NUMERIC(18,6)` text from the database ("7.000000") to micro-dollars, and back. */
export function usdMicrosFromDecimal(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/.exec(text);
  if (!match) throw new Error(`Not a dollar amount: ${text}`);
  const micros = BigInt(match[2] ?? "0") * USD_MICROS + BigInt((match[3] ?? "").padEnd(6, "0"));
  return match[1] ? -micros : micros;
}
export function decimalFromUsdMicros(micros: bigint): string {
  const positive = micros < 0n ? -micros : micros;
  return `${micros < 0n ? "-" : ""}${positive / USD_MICROS}.${String(positive % USD_MICROS).padStart(6, "0")}`;
}

/** Twelve digits of cents: above every limit, below every overflow. */
const TYPED_DIGITS_MAX = 12;

/**
 * A typed or pasted amount to cents (centavos or US cents). Digits alone are cents typed from the right ("4500" is 45.00,
 * as the keypad sends them). One separator with exactly two digits behind it is decimal ("25,50", "25.50"); grouped
 * thousands are understood in both spellings ("1.234,56", "1,234.56"); a lone separator followed by three digits
 * ("1.234") has two readings and is refused, and so is every third decimal. Fails with amount_missing, amount_negative,
 * amount_invalid, amount_ambiguous, amount_too_precise, amount_too_large.
 */
export function centsFromTyped(text: string): bigint {
  const trimmed = text.replace(/[\s\u00a0]|R\$|US\$|\$/g, "");
  if (trimmed === "") throw new DomainError("amount_missing");
  if (/^[-\u2212]/.test(trimmed)) throw new DomainError("amount_negative");
  if (!/^[0-9.,]+$/.test(trimmed)) throw new DomainError("amount_invalid");
  if (trimmed.replace(/\D/g, "").length > TYPED_DIGITS_MAX) throw new DomainError("amount_too_large");
  if (/^\d+$/.test(trimmed)) return BigInt(trimmed);

  const grouped = /^(\d{1,3}(?:\.\d{3})+),(\d{2})$/.exec(trimmed) ?? /^(\d{1,3}(?:,\d{3})+)\.(\d{2})$/.exec(trimmed);
  if (grouped) return BigInt((grouped[1] ?? "").replace(/\D/g, "") + grouped[2]);
  const single = /^(\d+)[.,](\d*)$/.exec(trimmed);
  if (!single) throw new DomainError("amount_invalid");
  const [, whole = "", decimals = ""] = single;
  if (decimals.length === 2) return BigInt(whole + decimals);
  if (decimals.length === 3 && whole.length <= 3 && !whole.startsWith("0")) throw new DomainError("amount_ambiguous");
  if (decimals.length > 2) throw new DomainError("amount_too_precise");
  if (decimals.length === 1) return BigInt(whole + decimals + "0");
  throw new DomainError("amount_invalid");
}
