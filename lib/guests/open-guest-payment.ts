import "server-only";
import { db, sql } from "@/db/client";
import { addressGroup } from "@/lib/auth/client-address";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { brlCentavosFromUsd, centsFromTyped, decimalFromUsdMicros, usdMicrosFromBrl, USD_MICROS_PER_CENT, type Currency } from "@/lib/money";
import { assertStorePayable, findStoreByCode } from "@/lib/payments/payable-store";
import { assertPayable } from "@/lib/limits/rules";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { currentRate } from "@/lib/rates/queries";
import { areGuestPaymentsOffered } from "./offered";
import { hashSecret, newPageKey } from "./page-key";
import { GUEST_PAYMENT_MINUTES } from "./rules";

const MINUTE_MS = 60_000;

/**
 * A price for a wallet, held for ten minutes: the public reference that goes into the memo, and a secret for the browser that opened it. Not a
 * payment: the chain's event alone makes one.
 * Fails with guest_payments_off, short_code_unknown, store_closed, store_not_ready, store_not_started, amount_*, limit_payment, rate_unavailable, too_many_requests.
 */
export async function openGuestPayment(
  visitor: { ip: string | null; deviceId: string },
  person: { userId: string } | null,
  input: { shortCode: string; currency: Currency; amountText: string },
  now = new Date(),
): Promise<{ reference: string; secret: string }> {
  const cents = centsFromTyped(input.amountText);
  if (cents === 0n) throw new DomainError("amount_missing");
  if (!(await areGuestPaymentsOffered(person, visitor))) throw new DomainError("guest_payments_off");
  await consumeLimit(db, "guest_page_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
  const store = await findStoreByCode(input.shortCode);
  assertStorePayable(store, now);
  const rate = await currentRate(now);
  const amountUsdMicros = input.currency === "BRL" ? usdMicrosFromBrl(cents, rate.brlPerUsdMicros) : cents * USD_MICROS_PER_CENT;
  assertPayable(amountUsdMicros);

  const { reference, secret } = newPageKey();
  const amountBrlCentavos = input.currency === "BRL" ? cents : brlCentavosFromUsd(amountUsdMicros, rate.brlPerUsdMicros);
  // Column by column: this role may write no charge into a page.
  await sql`
    INSERT INTO guest_payments (id, reference, secret_hash, store_id, user_id, amount_usd, amount_brl_centavos, brl_per_usd, rate_at, expires_at)
    VALUES (${newId()}, ${reference}, ${hashSecret(secret)}, ${store.id}, ${person?.userId ?? null}, ${decimalFromUsdMicros(amountUsdMicros)}::numeric, ${amountBrlCentavos.toString()}::bigint,
      ${decimalFromUsdMicros(rate.brlPerUsdMicros)}::numeric, ${rate.quotedAt}, ${new Date(now.getTime() + GUEST_PAYMENT_MINUTES * MINUTE_MS)})`;
  return { reference, secret };
}
