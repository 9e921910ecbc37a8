"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { claimBonus } from "@/lib/loans/claim-bonus";
import { quoteClaim, refreshClaim } from "@/lib/loans/quote-claim";
import { CLAIM_QUOTE_CHARACTERS_MAX } from "@/lib/loans/quote";
import { CLAIM_WAYS } from "@/lib/loans/rules";
import { centsFromTyped, usdMicrosFromBrl } from "@/lib/money";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { shownClaim, type ShownClaim } from "./shown-claim";

const FROM_MAX = 80;
const TYPED_MAX = 40;
const Request = z.object({ way: z.enum(CLAIM_WAYS), from: z.string().min(1).max(FROM_MAX), amount: z.string().max(TYPED_MAX).default("") });

/** Fields `way`, `from` (a store's place, an advance, or `all`) and `amount` in reais as typed, empty for all. Redirects to the review with a fresh key. */
export const quoteClaimAction = action(Request, async (actor, { way, from, amount }): Promise<undefined> => {
  const isAll = amount.trim() === "";
  // An amount comes from one store; which one is the person's choice.
  if (!isAll && from === "all") throw new DomainError("invalid_input");
  const { brlPerUsdMicros } = await currentRate();
  const centavos = isAll ? null : centsFromTyped(amount);
  if (centavos === 0n) throw new DomainError("amount_missing");
  const { signed } = await quoteClaim(actor, { way, from, askedUsdMicros: centavos === null ? null : usdMicrosFromBrl(centavos, brlPerUsdMicros) });
  redirect(paths.bonusReview(newId(), signed));
});

const Confirm = z.object({ k: z.uuid(), q: z.string().max(CLAIM_QUOTE_CHARACTERS_MAX) });

/** Fields `k` and `q`. One key is one claim however often it is sent; it leads to the claim, or to the bonus page where several began. */
export const confirmClaimAction = action(
  Confirm,
  async (actor, { k, q }): Promise<undefined> => {
    const { transactionIds } = await claimBonus(actor, { key: k, quote: q });
    const [first, ...more] = transactionIds;
    redirect(first && more.length === 0 ? paths.bonusClaim(first) : paths.bonus());
  },
  { limit: null },
);

/** Field `q`. The same claim at present values; its key stays. */
export const refreshClaimAction = action(z.object({ q: z.string().max(CLAIM_QUOTE_CHARACTERS_MAX) }), async (actor, { q }): Promise<ShownClaim> => shownClaim(actor, await refreshClaim(actor, q)));
