import "server-only";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { getStoreIdentity } from "@/lib/store-identity/queries";
import type { StoreIdentityView } from "@/lib/store-identity/rules";
import { requirePermission } from "@/lib/team/require-permission";
import { payoutProviderName } from "./providers";

/** Where the store stands with the partner who pays reais; null where that one asks for no check. Fails with not_found, forbidden. */
export async function getPayoutIdentity(actor: Actor, storeId: string): Promise<StoreIdentityView | null> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  return payoutProviderName() === "avenia" ? getStoreIdentity(storeId) : null;
}
