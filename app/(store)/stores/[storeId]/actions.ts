"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { retryDeployment } from "@/lib/stores/retry-deployment";

const RetryDeployment = z.object({ storeId: z.uuid(), chainId: z.string().max(20) });

export const retryDeploymentAction = action(RetryDeployment, async (actor, { storeId, chainId }) => {
  await retryDeployment(actor, storeId, chainId);
  revalidatePath(paths.store(storeId));
});
