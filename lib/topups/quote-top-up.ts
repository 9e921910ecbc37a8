import "server-only";
import { db } from "@/db/client";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { identityOf } from "@/lib/identity/queries";
import { changeTopUp, lockTopUp } from "./change-status";
import { priceOf } from "./price";

/** Gets the price that was asked for. A provider that is away is asked again by the queue; its no ends the top-up. Worker only, safe to repeat. */
export async function quoteTopUp(topUpId: string): Promise<void> {
  const asked = await db.transaction((tx) => lockTopUp(tx, topUpId));
  if (asked?.status !== "quoting") return;
  const subAccountId = (await identityOf(asked.userId))?.subAccountId;
  if (!subAccountId) return;
  const price = await priceOf(aveniaAccess(), subAccountId, asked.amountBrlCentavos).catch((error: unknown) => {
    if (error instanceof AveniaError && error.failure === "refused") return error;
    throw error;
  });
  await db.transaction(async (tx) => {
    const row = await lockTopUp(tx, topUpId);
    if (row?.status !== "quoting") return;
    if (price instanceof AveniaError) await changeTopUp(tx, row, "refused", { failure: price.reason ?? "refused" });
    else await changeTopUp(tx, row, "quoted", { quotedUsdMicros: price.quotedUsdMicros, minimumUsdMicros: price.minimumUsdMicros, fees: price.fees, quotedAt: new Date() });
  });
}
