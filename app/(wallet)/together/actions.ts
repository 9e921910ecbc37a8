"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { startConsolidation } from "@/lib/consolidation/start-consolidation";
import { paths, safeNext } from "@/lib/paths";

const Units = z.string().regex(/^\d{1,78}$/).transform(BigInt);

const Start = z.object({
  k: z.uuid(),
  /** `dollars`, or the store whose rewards these are. */
  what: z.union([z.literal("dollars"), z.uuid()]),
  from: z.enum(CHAIN_IDS),
  units: Units,
  fee: Units,
  next: z.string().max(2_000).optional(),
});

/** Fields `k`, `what`, `from`, `units` and `fee` as the screen showed them. One key is one move however often it is sent; it leads to its page. */
export const startAction = action(Start, async (actor, { k, what, from, units, fee, next }): Promise<undefined> => {
  const { consolidationId } = await startConsolidation(actor, { key: k, storeId: what === "dollars" ? null : what, fromChainId: from, units, maxFeeUsdMicros: fee });
  redirect(paths.consolidation(consolidationId, next ? safeNext(next) : undefined));
});
