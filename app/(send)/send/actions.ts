"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action, publicAction } from "@/lib/action";
import { parsePhone } from "@/lib/auth/phone";
import { DEFAULT_PHONE_COUNTRY } from "@/lib/auth/rules";
import { optionalActor } from "@/lib/auth/session";
import { readPayeeAddress } from "@/lib/chain/payee-address";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { centsFromTyped, CURRENCIES } from "@/lib/money";
import { paths } from "@/lib/paths";
import { findPayee, personOfCode } from "@/lib/transfers/payee";
import { openChoice, signChoice } from "@/lib/transfers/quote";
import { quoteSend } from "@/lib/transfers/quote-send";
import { noteOf } from "@/lib/transfers/rules";
import type { AmountState } from "../amount-state";
import { typedOf } from "../typed-of";

const TYPED_MAX = 200;
const Amount = z.object({
  code: z.string().max(40).optional(),
  choice: z.string().max(1_000).optional(),
  currency: z.enum(CURRENCIES).default("BRL"),
  amount: z.string().max(TYPED_MAX),
  note: z.string().max(TYPED_MAX * 5).default(""),
});

/** Prices the send and goes to its review with a fresh key; a stranger at somebody's link signs in first and comes back with the amount kept. */
const quote = publicAction(Amount, async (_visitor, { code, choice, currency, amount, note }): Promise<undefined> => {
  const cents = centsFromTyped(amount);
  if (cents === 0n) throw new DomainError("amount_missing");
  const kept = noteOf(note);
  const actor = await optionalActor();
  if (!actor) redirect(paths.login(code ? paths.person(encodeURIComponent(code), { cents, currency }) : paths.send()));
  const to = code ? ({ kind: "person", userId: (await personOfCode(code)).userId } as const) : openChoice(choice ?? "", actor.userId);
  const { signed } = await quoteSend(actor, { to, requestId: null, currency, cents, note: kept });
  redirect(paths.sendReview(newId(), signed));
});

/** Fields `code` or `choice`, `currency`, `amount` as typed, `note`. Redirects when it can be sent. */
export async function quoteSendAction(_previous: AmountState, form: FormData): Promise<AmountState> {
  const answer = await quote(null, form);
  return { failure: answer && !answer.ok ? answer : null, typed: typedOf(form) };
}

/** Fields `phone` and `country`. The same way on for every number. */
export const choosePhoneAction = action(z.object({ phone: z.string().max(40), country: z.string().max(2).default(DEFAULT_PHONE_COUNTRY) }), async (actor, input): Promise<undefined> => {
  const to = { kind: "phone", phone: parsePhone(input.phone, input.country).number } as const;
  await findPayee(actor, to);
  redirect(paths.sendAmount(signChoice(actor.userId, to)));
});

/** Field `address`. Refuses what is none, what has a wrong letter, and what is a program's. */
export const chooseAddressAction = action(z.object({ address: z.string().max(100) }), async (actor, input): Promise<undefined> => {
  const read = readPayeeAddress(input.address);
  if (typeof read === "string") throw new DomainError(`address_${read}`);
  const to = { kind: "address", address: read.address } as const;
  await findPayee(actor, to);
  redirect(`${paths.sendAmount(signChoice(actor.userId, to))}${read.isChecked ? "" : "&plain=1"}` as ReturnType<typeof paths.sendAmount>);
});
