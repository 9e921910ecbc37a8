"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { GUEST_COOKIE, guestCookieOptions } from "@/app/(pay)/w/[reference]/guest-cookie";
import { publicAction } from "@/lib/action";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { openGuestPayment } from "@/lib/guests/open-guest-payment";
import { newId } from "@/lib/ids";
import { centsFromTyped, CURRENCIES, type Currency } from "@/lib/money";
import { paths } from "@/lib/paths";
import { quotePayment } from "@/lib/payments/quote-payment";
import type { AmountState } from "./amount-state";

const TYPED_MAX = 200;
const Amount = z.object({ shortCode: z.string().min(1).max(40), currency: z.enum(CURRENCIES).default("BRL"), amount: z.string().max(TYPED_MAX) });

/** Prices the amount and goes to the review with a fresh key; a stranger signs in first and comes back with the amount kept. */
const quote = publicAction(Amount, async (_visitor, { shortCode, currency, amount }): Promise<undefined> => {
  const cents = centsFromTyped(amount);
  if (cents === 0n) throw new DomainError("amount_missing");
  const actor = await optionalActor();
  if (!actor) redirect(paths.login(paths.pay(encodeURIComponent(shortCode), { cents, currency })));
  const { quote: made, signed } = await quotePayment(actor, { shortCode, currency, amountText: cents.toString() });
  redirect(paths.review(made.shortCode, newId(), signed));
});

/** Fields `shortCode`, `currency` and `amount` as typed. Redirects when the amount can be paid. */
export async function quoteAction(_previous: AmountState, form: FormData): Promise<AmountState> {
  const answer = await quote(null, form);
  return { failure: answer && !answer.ok ? answer : null, typed: typedOf(form) };
}

/** Opens a price for a wallet, leaves the browser's key to it in a cookie of that one page, and goes there. */
const openByWallet = publicAction(Amount, async (visitor, { shortCode, currency, amount }): Promise<undefined> => {
  const { reference, secret } = await openGuestPayment(visitor, await optionalActor(), { shortCode, currency, amountText: amount });
  (await cookies()).set(GUEST_COOKIE, secret, guestCookieOptions(reference));
  redirect(paths.guestPayment(reference));
});

/** The same fields as quoteAction. */
export async function openByWalletAction(_previous: AmountState, form: FormData): Promise<AmountState> {
  const answer = await openByWallet(null, form);
  return { failure: answer && !answer.ok ? answer : null, typed: typedOf(form) };
}

function typedOf(form: FormData): AmountState["typed"] {
  const amount = form.get("amount");
  const currency: Currency = form.get("currency") === "USD" ? "USD" : "BRL";
  try {
    return { cents: centsFromTyped(typeof amount === "string" ? amount.slice(0, TYPED_MAX) : "").toString(), currency };
  } catch (error) {
    if (error instanceof DomainError) return { cents: "0", currency };
    throw error;
  }
}
