"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "@/lib/action";
import { optionalActor } from "@/lib/auth/session";
import { quoteCharge } from "@/lib/charges/quote-charge";
import { TIP_CHOICES, type TipChoice } from "@/lib/charges/rules";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import type { ChargeFormState } from "./charge-state";

const TYPED_MAX = 200;
const Pay = z.object({ chargeId: z.uuid(), tip: z.enum(TIP_CHOICES as [TipChoice, ...TipChoice[]]).default("0"), tipAmount: z.string().max(TYPED_MAX).default("") });

/** Prices the charge and goes to the review with a fresh key; a stranger signs in first and comes back with the tip kept. */
const price = publicAction(Pay, async (_visitor, { chargeId, tip, tipAmount }): Promise<undefined> => {
  const actor = await optionalActor();
  if (!actor) redirect(paths.login(paths.charge(chargeId, tip === "0" ? {} : { tip, ...(tip === "other" && { tipAmount }) })));
  const { quote, signed } = await quoteCharge(actor, { chargeId, tip, tipText: tipAmount });
  redirect(paths.review(quote.shortCode, newId(), signed));
});

/** Fields `chargeId`, `tip` (percent or `other`) and `tipAmount`. Redirects when it can be paid. */
export async function payChargeAction(_previous: ChargeFormState, form: FormData): Promise<ChargeFormState> {
  const answer = await price(null, form);
  const [tip, tipText] = [form.get("tip"), form.get("tipAmount")];
  return {
    failure: answer && !answer.ok ? { code: answer.code, details: answer.details } : null,
    chosen: { tip: TIP_CHOICES.find((known) => known === tip) ?? "0", tipText: typeof tipText === "string" ? tipText.slice(0, TYPED_MAX) : "" },
  };
}
