import "server-only";
import { invariant } from "@/lib/errors";
import { storeIdentityOf } from "./queries";
import { startStoreIdentity } from "./start-store-identity";
import { syncStoreIdentity } from "./sync-store-identity";

export type StoreAccount = { subAccountId: string; identity: "confirmed" | "needed" | "rejected"; identityUrl: string | null; representativeUrl: string | null };

/**
 * A store's account at the partner for payouts: the one of the till, or opened now. While the partner has not decided it is asked again; after a refusal or
 * a link that ran out the owner has to ask for another. Worker only, safe to repeat; throws AveniaError.
 */
export async function storeAccount(storeId: string): Promise<StoreAccount> {
  const started = await startStoreIdentity(storeId, "payouts");
  const isUnderWay = (status: string) => status === "open" || status === "processing";
  if (isUnderWay(started.status)) await syncStoreIdentity(started.id);
  const row = (await storeIdentityOf(storeId)) ?? started;
  invariant(row.subAccountId, "a check that was started has its account");
  const identity = row.status === "approved" ? "confirmed" : row.status === "rejected" && !row.isRetryable ? "rejected" : "needed";
  const isOpen = isUnderWay(row.status);
  return { subAccountId: row.subAccountId, identity, identityUrl: isOpen ? row.attemptUrl : null, representativeUrl: isOpen ? row.representativeUrl : null };
}
