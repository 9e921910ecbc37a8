"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "@/lib/action";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { releaseCharge } from "@/lib/guests/release-charge";
import { prepareGuestPayment, reportGuestPayment } from "@/lib/guests/report-guest-payment";
import { paths } from "@/lib/paths";
import { GUEST_COOKIE } from "./guest-cookie";

const Reference = z.object({ reference: z.string().regex(/^[0-9a-f]{32}$/) });
const Payer = Reference.extend({ chainId: z.enum(CHAIN_IDS), payer: z.string().regex(/^0x[0-9a-fA-F]{40}$/) });
const Report = Payer.extend({ txHash: z.string().regex(/^0x[0-9a-fA-F]{64}$/) });

const keyOf = async (reference: string) => ({ reference, secret: (await cookies()).get(GUEST_COOKIE)?.value ?? "" });

/** Before the wallet is asked: answers who gets the rewards. */
export const prepareAction = publicAction(Payer, async (visitor, { reference, ...input }) => prepareGuestPayment(visitor, await keyOf(reference), input));
/** What the wallet says it sent. */
export const reportAction = publicAction(Report, async (_visitor, { reference, ...input }) => reportGuestPayment(await keyOf(reference), input));
/** Gives the charge free that this page holds, and goes back to it. */
export const releaseAction = publicAction(Reference, async (visitor, { reference }): Promise<undefined> => {
  const { chargeId } = await releaseCharge(visitor, await keyOf(reference));
  redirect(paths.charge(chargeId));
});
