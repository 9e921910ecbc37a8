import type { Route } from "next";
import { USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { paths } from "@/lib/paths";

type Reviewed = { charge?: { id: string } | null; currency: Currency; amountUsdMicros: bigint; amountBrlCentavos: bigint };

/** Where a price came from: the charge's page, or the store's with the amount that was typed. */
export function backOf({ charge, currency, amountUsdMicros, amountBrlCentavos }: Reviewed, shortCode: string): Route {
  return charge ? paths.charge(charge.id) : paths.pay(shortCode, { cents: currency === "BRL" ? amountBrlCentavos : amountUsdMicros / USD_MICROS_PER_CENT, currency });
}
