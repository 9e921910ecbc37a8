"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { cancelCharge } from "@/lib/charges/cancel-charge";
import { makeCharge } from "@/lib/charges/make-charge";
import { quickItems } from "@/lib/charges/queries";
import { CHARGE_LINES_MAX } from "@/lib/charges/rules";
import { readTillCookie, writeTillCookie } from "@/lib/charges/till-cookie";
import { addTill, listTills, removeTill } from "@/lib/charges/tills";
import { CURRENCIES } from "@/lib/money";
import { checkCode } from "@/lib/payments/check-code";
import { getTill } from "@/lib/stores/queries";
import { readCharge } from "./read-charge";
import { tillViewOf } from "./till-view";

const CheckCode = z.object({ storeId: z.uuid(), code: z.string().max(1_000) });

export const checkCodeAction = action(CheckCode, (actor, { storeId, code }) => checkCode(actor, storeId, code));

const ReadTill = z.object({ storeId: z.uuid() });

/** Today's list and the catalogue anew, for an open till. Not a refresh of the page: when it fails, the till must stay on the screen. */
export const readTillAction = action(ReadTill, async (actor, { storeId }) => tillViewOf(await getTill(actor, storeId), await quickItems(actor, storeId)));

/** `<item id>:<how many>`, with commas between. */
const Items = z
  .string()
  .regex(/^(?:[0-9a-f-]{36}:\d{1,2}(?:,|$)){0,30}$/)
  .transform((text) => text.split(",").flatMap((line) => (line === "" ? [] : [{ itemId: line.slice(0, 36), quantity: Number(line.slice(37)) }])))
  .refine((items) => items.length <= CHARGE_LINES_MAX);
const typed = z.string().max(40);
const Charge = z.object({
  storeId: z.uuid(), key: z.uuid(), currency: z.enum(CURRENCIES), amount: typed, typed: typed, note: z.string().max(500).default(""), items: Items.default([]),
  isTipAllowed: z.enum(["0", "1"]).default("0"), customerCode: z.string().max(40).default(""),
});

/** One key is one charge, however often it is sent; it answers the charge with its code drawn. */
export const makeChargeAction = action(Charge, async (actor, { amount, typed: typedText, isTipAllowed, customerCode, ...input }) => {
  const tillId = await readTillCookie(input.storeId);
  const { chargeId } = await makeCharge(actor, { ...input, amountText: amount, typedText, isTipAllowed: isTipAllowed === "1", customerCode: customerCode.trim() || null, tillId });
  return readCharge(actor, { storeId: input.storeId, chargeId });
});

const OneCharge = z.object({ storeId: z.uuid(), chargeId: z.uuid() });

export const cancelChargeAction = action(OneCharge, cancelCharge);

const ChooseTill = z.object({ storeId: z.uuid(), tillId: z.union([z.uuid(), z.literal("")]) });

/** Keeps the till that this device stands at; empty forgets it. Answers the tills of the store. */
export const chooseTillAction = action(ChooseTill, async (actor, { storeId, tillId }) => {
  const tills = await listTills(actor, storeId);
  const chosen = tills.find(({ id }) => id === tillId) ?? null;
  await writeTillCookie(storeId, chosen?.id ?? null);
  return { tills, chosenId: chosen?.id ?? null };
});

const AddTill = z.object({ storeId: z.uuid(), name: z.string().max(200) });

/** A new till, and this device stands at it. */
export const addTillAction = action(AddTill, async (actor, input) => {
  const { id } = await addTill(actor, input);
  await writeTillCookie(input.storeId, id);
  return { tills: await listTills(actor, input.storeId), chosenId: id };
});

const RemoveTill = z.object({ storeId: z.uuid(), tillId: z.uuid() });

export const removeTillAction = action(RemoveTill, async (actor, input) => {
  await removeTill(actor, input);
  const kept = await readTillCookie(input.storeId);
  if (kept === input.tillId) await writeTillCookie(input.storeId, null);
  return { tills: await listTills(actor, input.storeId), chosenId: kept === input.tillId ? null : kept };
});
