"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { CHARGE_COOKIE, chargeCookieOptions, GUEST_COOKIE, guestCookieOptions } from "@/app/(pay)/w/[reference]/guest-cookie";
import { publicAction } from "@/lib/action";
import type { Visitor } from "@/lib/auth/actor";
import { optionalActor } from "@/lib/auth/session";
import { quoteCharge } from "@/lib/charges/quote-charge";
import { TIP_CHOICES, type TipChoice } from "@/lib/charges/rules";
import { openChargePayment } from "@/lib/guests/open-charge-payment";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { PAID_BY, type ChargeFormState } from "./charge-state";

const TYPED_MAX = 200;
const Pay = z.object({
  chargeId: z.uuid(), tip: z.enum(TIP_CHOICES as [TipChoice, ...TipChoice[]]).default("0"), tipAmount: z.string().max(TYPED_MAX).default(""), by: z.enum(PAID_BY).default("account"),
});
type Wanted = z.output<typeof Pay>;

const pay = publicAction(Pay, (visitor, wanted): Promise<undefined> => (wanted.by === "wallet" ? openForWallet(visitor, wanted) : price(wanted)));

/** Prices the charge and goes to the review with a fresh key; a stranger signs in first and comes back with the tip kept. */
async function price({ chargeId, tip, tipAmount }: Wanted): Promise<undefined> {
  const actor = await optionalActor();
  if (!actor) redirect(paths.login(paths.charge(chargeId, tip === "0" ? {} : { tip, ...(tip === "other" && { tipAmount }) })));
  const { quote, signed } = await quoteCharge(actor, { chargeId, tip, tipText: tipAmount });
  redirect(paths.review(quote.shortCode, newId(), signed));
}

/** Holds the charge for a wallet, leaves the browser's key to its page in a cookie of that page, and goes there. */
async function openForWallet(visitor: Visitor, { chargeId, tip, tipAmount }: Wanted): Promise<undefined> {
  const kept = await cookies();
  const ownReference = kept.get(CHARGE_COOKIE)?.value ?? null;
  const { reference, secret } = await openChargePayment(visitor, await optionalActor(), { chargeId, tip, tipText: tipAmount, ownReference });
  if (secret !== null) {
    kept.set(GUEST_COOKIE, secret, guestCookieOptions(reference));
    kept.set(CHARGE_COOKIE, reference, chargeCookieOptions(chargeId));
  }
  redirect(paths.guestPayment(reference));
}

/** Fields `chargeId`, `tip` (percent or `other`), `tipAmount` and `by` (`account` or `wallet`). Redirects when it can be paid. */
export async function payChargeAction(_previous: ChargeFormState, form: FormData): Promise<ChargeFormState> {
  const answer = await pay(null, form);
  const [tip, tipText] = [form.get("tip"), form.get("tipAmount")];
  return {
    failure: answer && !answer.ok ? { code: answer.code, details: answer.details } : null,
    chosen: { tip: TIP_CHOICES.find((known) => known === tip) ?? "0", tipText: typeof tipText === "string" ? tipText.slice(0, TYPED_MAX) : "" },
  };
}
