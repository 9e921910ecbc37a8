"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { checkCode } from "@/lib/payments/check-code";

const CheckCode = z.object({ storeId: z.uuid(), code: z.string().max(1_000) });

export const checkCodeAction = action(CheckCode, (actor, { storeId, code }) => checkCode(actor, storeId, code));
