import { formatBrl, formatUsd, formatWait } from "../money-format";
import type { Locale } from "./locale";

/** Every argument a sentence of errors.ts may use. */
const ARGUMENTS = ["by", "triesLeft", "wait", "limit", "available", "missing", "minimum", "amount", "suggestion", "reason"] as const;

/**
 * The details of a DomainError as arguments of its sentence. `seconds` (or `retryAfterSeconds`, `waitSeconds`) becomes `wait` in words; `limitUsdMicros`
 * and `limitBrlCentavos` become `limit` as money, and so on for every name with a unit. What is absent is "unknown".
 */
export function errorValues(details: Record<string, string | number>, locale: Locale): Record<string, string | number> {
  const values: Record<string, string | number> = Object.fromEntries(ARGUMENTS.map((name) => [name, "unknown"]));
  for (const [name, value] of Object.entries(details)) {
    if (/^(seconds|retryAfterSeconds|waitSeconds)$/.test(name)) values["wait"] = formatWait(Number(value), locale);
    else if (isMoney(name, "UsdMicros", value)) values[name.replace(/UsdMicros$/, "")] = formatUsd(BigInt(value), locale);
    else if (isMoney(name, "BrlCentavos", value)) values[name.replace(/BrlCentavos$/, "")] = formatBrl(BigInt(value), locale);
    else values[name] = value;
  }
  return values;
}

const isMoney = (name: string, unit: string, value: string | number): boolean => name.endsWith(unit) && /^-?\d+$/.test(String(value));
