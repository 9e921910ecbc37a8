import "server-only";
import { db } from "@/db/client";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { readTicket } from "@/lib/avenia/tickets";
import { identityOf } from "@/lib/identity/queries";
import { enqueue } from "@/lib/jobs/enqueue";
import { log } from "@/lib/log";
import { changeTopUp, lockTopUp } from "./change-status";
import { isPaidTwice, statusOfTicket } from "./rules";

/**
 * Asks the provider what became of a code and writes it down. Webhooks only say that it is worth asking, so their order and number do not
 * matter. A top-up that is done stays done: dollars that were seen are not taken back by a word. Worker only, safe to repeat.
 */
export async function syncTopUp(topUpId: string, now = new Date()): Promise<void> {
  const known = await db.transaction((tx) => lockTopUp(tx, topUpId));
  if (!known?.ticketId) return;
  const subAccountId = (await identityOf(known.userId))?.subAccountId;
  // Gone with a deleted account.
  if (!subAccountId) return;
  const ticket = await readTicket(aveniaAccess(), { subAccountId, ticketId: known.ticketId });
  await db.transaction(async (tx) => {
    const row = await lockTopUp(tx, topUpId);
    if (!row) return;
    if (ticket.externalId !== row.id || (ticket.walletAddress !== null && ticket.walletAddress !== row.walletAddress)) {
      log().error({ topUpId, ticketId: ticket.id }, "a ticket is not what was asked for");
      return;
    }
    const second = isPaidTwice(ticket) && !row.secondPaymentAt ? { secondPaymentAt: now } : {};
    const status = statusOfTicket(ticket, now);
    if (row.status === "done") return void (await changeTopUp(tx, row, "done", second));
    const isFailure = status === "refused" || status === "underpaid" || status === "paid_late";
    await changeTopUp(tx, row, status, {
      ...second,
      ...(ticket.expiresAt ? { expiresAt: ticket.expiresAt } : {}),
      ...(ticket.txHash ? { txHash: ticket.txHash } : {}),
      ...(status === "paid" && !row.paidAt ? { paidAt: now } : {}),
      ...(isFailure && ticket.reason ? { failure: ticket.reason.slice(0, 200) } : {}),
    });
    if (ticket.txHash) await enqueue(tx, "topups.link", { topUpId }, { key: `topups.link:${topUpId}` });
  });
}
