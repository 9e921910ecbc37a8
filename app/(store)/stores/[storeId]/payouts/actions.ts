"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { CURRENCIES } from "@/lib/money";
import { paths } from "@/lib/paths";
import { addDestination, confirmDestination, removeDestination } from "@/lib/payouts/add-destination";
import { acceptOffer, retryPayout } from "@/lib/payouts/answer-payout";
import { quotePayout, refreshPayout } from "@/lib/payouts/quote-payout";
import { requestPayout } from "@/lib/payouts/request-payout";
import { PAYOUT_WAYS, PIX_KEY_TYPES } from "@/lib/payouts/rules";

/** `balance:<person>` or `saved:<destination>`, as one radio or option carries it. */
const To = z.string().transform((text, context) => {
  const [kind, id = ""] = text.split(":");
  if (kind === "balance" && z.uuid().safeParse(id).success) return { kind, userId: id } as const;
  if (kind === "saved" && z.uuid().safeParse(id).success) return { kind, destinationId: id } as const;
  context.addIssue({ code: "custom", message: "is no destination" });
  return z.NEVER;
});
const Signed = z.string().max(8_000);
const Store = { storeId: z.uuid() };

/** Works out a payout and goes to where it is looked over. */
export const quotePayoutAction = action(
  z.object({ ...Store, to: To, currency: z.enum(CURRENCIES), amount: z.string().max(60), all: z.literal("on").optional(), chainId: z.enum(CHAIN_IDS).optional(), again: z.uuid().optional() }),
  async (actor, { storeId, to, currency, amount, all, chainId, again }): Promise<undefined> => {
    const { signed } = await quotePayout(actor, { storeId, to, way: "cash_out", amount: all ? null : { currency, text: amount }, chainId: chainId ?? null, againId: again ?? null });
    redirect(paths.payoutReview(storeId, newId(), signed));
  },
);

/** The same payout at present values, or in the other way, under the same key. */
export const refreshPayoutAction = action(z.object({ ...Store, k: z.uuid(), q: Signed, way: z.enum(PAYOUT_WAYS).optional() }), async (actor, { storeId, k, q, way }): Promise<undefined> => {
  const { signed } = await refreshPayout(actor, { storeId, signed: q, ...(way && { way }) });
  redirect(paths.payoutReview(storeId, k, signed));
});

/** Commits the payout that is on the screen. Asks for a second factor. */
export const requestPayoutAction = action(z.object({ ...Store, k: z.uuid(), q: Signed }), async (actor, { storeId, k, q }): Promise<undefined> => {
  const { payoutId } = await requestPayout(actor, { storeId, key: k, quote: q });
  redirect(paths.payout(storeId, payoutId));
});

/** Says yes to exactly what the partner offers now. Asks for a second factor. */
export const acceptOfferAction = action(z.object({ ...Store, payoutId: z.uuid(), offered: z.string().regex(/^\d{1,15}$/) }), async (actor, { storeId, payoutId, offered }): Promise<undefined> => {
  await acceptOffer(actor, { storeId, payoutId, offeredBrlCentavos: BigInt(offered) });
});

/** Orders once more with the dollars at the partner; an empty destination is the same one. Asks for a second factor. */
export const retryPayoutAction = action(z.object({ ...Store, payoutId: z.uuid(), destinationId: z.union([z.literal(""), z.uuid()]) }), async (actor, { storeId, payoutId, destinationId }): Promise<undefined> => {
  await retryPayout(actor, { storeId, payoutId, destinationId: destinationId || null });
});

const Label = z.string().max(60).default("");

/** Takes in a wallet, a key or a bank account and goes to where it is confirmed. */
export const addDestinationAction = action(
  z.discriminatedUnion("type", [
    z.object({ ...Store, type: z.literal("wallet"), label: Label, address: z.string().max(120) }),
    z.object({ ...Store, type: z.literal("pix"), label: Label, keyType: z.enum(PIX_KEY_TYPES), key: z.string().max(120) }),
    z.object({
      ...Store, type: z.literal("bank"), label: Label, holderName: z.string().max(120), document: z.string().max(30), bankCode: z.string().max(12), branch: z.string().max(12), account: z.string().max(30),
      accountType: z.enum(["checking", "savings"]),
    }),
  ]),
  async (actor, typed): Promise<undefined> => {
    const { destinationId } = await addDestination(actor, typed);
    redirect(paths.payoutDestination(typed.storeId, destinationId));
  },
);

/** Keeps a destination: it can be used in 24 hours. Asks for a second factor. */
export const confirmDestinationAction = action(z.object({ ...Store, destinationId: z.uuid() }), async (actor, input): Promise<undefined> => {
  await confirmDestination(actor, input);
});

export const removeDestinationAction = action(z.object({ ...Store, destinationId: z.uuid() }), async (actor, { storeId, destinationId }): Promise<undefined> => {
  await removeDestination(actor, { storeId, destinationId });
  redirect(paths.payoutDestinations(storeId));
});
