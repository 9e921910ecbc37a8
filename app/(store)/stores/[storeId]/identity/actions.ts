"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { requestStoreIdentity } from "@/lib/store-identity/request-store-identity";
import { COMPANY_STEPS, RETURN_PAGES } from "@/lib/store-identity/rules";
import { sayStepDone } from "@/lib/store-identity/say-step-done";

/** One check of the store serves Pix at the till and payouts: both pages show it. */
function refresh(storeId: string) {
  revalidatePath(paths.storePix(storeId));
  revalidatePath(paths.storePayouts(storeId));
}

export const requestStoreIdentityAction = action(z.object({ storeId: z.uuid(), returnTo: z.enum(RETURN_PAGES) }), async (actor, input) => {
  await requestStoreIdentity(actor, input);
  refresh(input.storeId);
});

export const sayStepDoneAction = action(z.object({ storeId: z.uuid(), step: z.enum(COMPANY_STEPS) }), async (actor, input) => {
  await sayStepDone(actor, input);
  refresh(input.storeId);
});
