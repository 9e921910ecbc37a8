import "server-only";
import type { TaskList } from "graphile-worker";
import { applyOwnerChange } from "@/lib/accounts/apply-owner-change";
import { discardKey } from "@/lib/accounts/discard-key";
import { destroyKey } from "@/lib/accounts/destroy-key";
import { provisionAccount } from "@/lib/accounts/provision-account";
import { removeOldKeyExports } from "@/lib/accounts/fetch-key-export";
import { sealKeyExport } from "@/lib/accounts/seal-key-export";
import { settleOwnerChange } from "@/lib/accounts/settle-owner-change";
import { dropOldPartitions, makePartitions, refreshDailyStats } from "@/lib/analytics/keep-up";
import { rollUpStats } from "@/lib/analytics/roll-up";
import { sealAudit } from "@/lib/audit/seal-audit";
import { completePhoneChange } from "@/lib/auth/change-phone";
import { removeOldChallenges } from "@/lib/auth/challenges";
import { removeOldSignInCodes } from "@/lib/auth/remove-old-sign-in-codes";
import { removeOldWalletAttempts } from "@/lib/auth/wallets/remove-old-wallet-attempts";
import { consolidateIdle } from "@/lib/consolidation/consolidate-idle";
import { joinWallet } from "@/lib/follower/join-wallet";
import { queueRefund } from "@/lib/guests/queue-refund";
import { removeOldGuestPayments, watchGuestPayments } from "@/lib/guests/watch-guest-payments";
import { startIdentityCheck } from "@/lib/identity/start-identity-check";
import { watchIdentity } from "@/lib/identity/sync-identity";
import type { JobPayloads } from "@/lib/jobs/enqueue";
import { removeOldMessages } from "@/lib/notifications/remove-old-messages";
import { removeOldOutgoingMessages, sendQueuedMessage } from "@/lib/notifications/send-queued-message";
import { advancePayout } from "@/lib/payouts/advance-payout";
import { lookUpDestination } from "@/lib/payouts/look-up-destination";
import { priceDollars, removeOldPayoutPrices } from "@/lib/payouts/price-dollars";
import { reconcileAccounts } from "@/lib/payouts/reconcile-accounts";
import { watchPayouts } from "@/lib/payouts/watch-payouts";
import { removeOldWindows } from "@/lib/rate-limit/remove-old-windows";
import { checkReserves } from "@/lib/operations/check-reserves";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { completeClaims } from "@/lib/recovery/complete-claims";
import { watchRecovery } from "@/lib/recovery/watch-absences";
import { distributeReserved } from "@/lib/rewards/distribute-reserved";
import { tellPayer } from "@/lib/refunds/tell-payer";
import { refreshRevnetStates } from "@/lib/rewards/refresh-revnet-states";
import { deployStore } from "@/lib/stores/deploy-store";
import { startStoreIdentity } from "@/lib/store-identity/start-store-identity";
import { watchStoreIdentities } from "@/lib/store-identity/watch-store-identities";
import { claimWaitingRewards } from "@/lib/tillpix/claim-waiting-rewards";
import { linkTillPix } from "@/lib/tillpix/link-till-pix";
import { openTillPix } from "@/lib/tillpix/open-till-pix";
import { queueTillReward } from "@/lib/tillpix/queue-reward";
import { settleTillPix } from "@/lib/tillpix/settle-till-pix";
import { watchTillPix } from "@/lib/tillpix/watch-till-pix";
import { linkTopUp } from "@/lib/topups/link-top-up";
import { openTicket } from "@/lib/topups/open-ticket";
import { quoteTopUp } from "@/lib/topups/quote-top-up";
import { readWebhook } from "@/lib/topups/read-webhook";
import { subscribeToProvider } from "@/lib/topups/subscribe";
import { removeOldTopUps, watchTopUps } from "@/lib/topups/watch-top-ups";
import { removeOldInvitations } from "@/lib/team/remove-old-invitations";
import { returnSends } from "@/lib/transfers/return-sends";
import type { ScheduledJob } from "./schedule";

/** What each job does; every one is safe to repeat. Adding a job is one line here, one in JobPayloads or SCHEDULE. */
const queued: { [Name in keyof JobPayloads]: (payload: JobPayloads[Name]) => Promise<unknown> } = {
  "accounts.provision": ({ userId }) => provisionAccount(userId),
  "accounts.discard_key": ({ userId }) => discardKey(userId),
  "accounts.apply_owner_change": ({ changeId }) => applyOwnerChange(changeId),
  "accounts.settle_owner_change": ({ userId }) => settleOwnerChange(userId),
  "accounts.destroy_key": ({ userId }) => destroyKey(userId),
  "accounts.export_key": ({ exportId }) => sealKeyExport(exportId),
  "stores.deploy": ({ storeId }) => deployStore(storeId),
  "messages.send": ({ messageId }) => sendQueuedMessage(messageId),
  "auth.complete_phone_change": ({ changeId }) => completePhoneChange(changeId),
  "recovery.complete": () => completeClaims(new Date()),
  "guests.refund": ({ outsidePaymentId }) => queueRefund(outsidePaymentId),
  "guests.join_wallet": ({ walletId }) => joinWallet(walletId),
  "identity.start": ({ checkId }) => startIdentityCheck(checkId),
  "topups.quote": ({ topUpId }) => quoteTopUp(topUpId),
  "topups.open": ({ topUpId }) => openTicket(topUpId),
  "topups.link": ({ topUpId }) => linkTopUp(topUpId),
  "topups.read_webhook": ({ inboxId }) => readWebhook(inboxId),
  // Running a store: refunds.
  "refunds.tell": ({ refundId }) => tellPayer(refundId),

  // Payouts.
  "payouts.advance": ({ payoutId }) => advancePayout(payoutId),
  "payouts.price": ({ priceId }) => priceDollars(priceId),
  "payouts.look_up": ({ destinationId }) => lookUpDestination(destinationId),

  // Pix at the till.
  "store_identity.start": ({ storeId, returnTo }) => startStoreIdentity(storeId, returnTo),
  "tillpix.open": ({ pixId }) => openTillPix(pixId),
  "tillpix.link": ({ pixId }) => linkTillPix(pixId),
  "tillpix.settle": ({ transactionId }) => settleTillPix(transactionId),
  "tillpix.reward": ({ pixId }) => queueTillReward(pixId),
  "tillpix.claim": ({ userId }) => claimWaitingRewards(userId),

  // Figures.
};

const scheduled: Record<ScheduledJob, () => Promise<unknown>> = {
  "rates.refresh": () => refreshRate(),
  "rewards.distribute": distributeReserved,
  "rewards.refresh_states": refreshRevnetStates,
  "analytics.partitions": () => makePartitions().then(dropOldPartitions),
  "analytics.daily_stats": refreshDailyStats,
  "stats.roll_up": () => rollUpStats(),
  // In the late morning of the home town: a warning is no reason to wake anybody.
  "recovery.watch": () => watchRecovery(new Date()),
  "consolidation.idle": () => consolidateIdle(),
  "audit.seal": sealAudit,
  "guests.watch": watchGuestPayments,
  "topups.watch": () => Promise.all([watchTopUps(), watchIdentity()]),
  "tillpix.watch": () => Promise.all([watchTillPix(), watchStoreIdentities()]),
  "topups.subscribe": subscribeToProvider,
  "transfers.return": returnSends,
  "payouts.watch": () => Promise.all([watchPayouts(), reconcileAccounts()]),
  "operations.check_reserves": checkReserves,
  "rows.remove_old": () => Promise.all([removeOldSignInCodes(), removeOldWindows(), removeOldMessages(), removeOldOutgoingMessages(), removeOldChallenges(), removeOldWalletAttempts(), removeOldGuestPayments(), removeOldInvitations(), removeOldKeyExports(), removeOldTopUps(), removeOldPayoutPrices()]),
};

/** All jobs in the queue's own form. */
export function taskList(): TaskList {
  const tasks: TaskList = {};
  // The queue knows payloads as JSON; enqueue's type is what wrote them.
  for (const [name, run] of Object.entries(queued)) tasks[name] = async (payload) => void (await run(payload as never));
  for (const [name, run] of Object.entries(scheduled)) tasks[name] = async () => void (await run());
  return tasks;
}
