"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { checkCode } from "@/lib/payments/check-code";
import { getTill } from "@/lib/stores/queries";
import { tillViewOf } from "./till-view";

const CheckCode = z.object({ storeId: z.uuid(), code: z.string().max(1_000) });

export const checkCodeAction = action(CheckCode, (actor, { storeId, code }) => checkCode(actor, storeId, code));

const ReadTill = z.object({ storeId: z.uuid() });

/** Today's list anew, for an open till. Not a refresh of the page: when it fails, the till must stay on the screen. */
export const readTillAction = action(ReadTill, async (actor, { storeId }) => tillViewOf(await getTill(actor, storeId)));
