import "server-only";
import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import { readTicket, type AveniaTicket } from "@/lib/avenia/tickets";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { log } from "@/lib/log";
import { storeIdentityOf } from "@/lib/store-identity/queries";
import { isPaidTwice } from "@/lib/topups/rules";
import { changePix, lockPix, type TillPixRow } from "./change-status";
import { pixStatusOfTicket } from "./rules";

/**
 * Asks the provider what became of a code and writes it down. Webhooks only say that it is worth asking, so their order and number do not matter.
 * A Pix that is paid takes its charge in the same transaction. Worker only, safe to repeat.
 */
export async function syncTillPix(pixId: string, now = new Date()): Promise<void> {
  const known = await db.transaction((tx) => lockPix(tx, pixId));
  if (!known?.ticketId) return;
  const subAccountId = known.subAccountId ?? (await storeIdentityOf(known.storeId))?.subAccountId;
  if (!subAccountId) return;
  const ticket = await readTicket(aveniaAccess(), { subAccountId, ticketId: known.ticketId });
  await db.transaction(async (tx) => {
    const row = await lockPix(tx, pixId);
    if (!row) return;
    if (ticket.externalId !== row.id || (ticket.walletAddress !== null && ticket.walletAddress !== row.walletAddress)) {
      log().error({ pixId, ticketId: ticket.id }, "a ticket is not what was asked for");
      return;
    }
    await apply(tx, row, ticket, now);
    if (ticket.txHash) await enqueue(tx, "tillpix.link", { pixId }, { key: `tillpix.link:${pixId}` });
  });
}

async function apply(tx: Tx, row: TillPixRow, ticket: AveniaTicket, now: Date) {
  const facts = {
    ...(isPaidTwice(ticket) && !row.secondPaymentAt ? { secondPaymentAt: now } : {}),
    ...(ticket.expiresAt ? { expiresAt: ticket.expiresAt } : {}),
    ...(ticket.txHash ? { txHash: ticket.txHash } : {}),
  };
  // Dollars that were seen are not taken back by a word, and what was ended stays so.
  if (row.status === "converting" || row.status === "paid_twice") return void (await changePix(tx, row, row.status, facts));
  const status = pixStatusOfTicket(ticket, now);
  if (status === "paid") return takeCharge(tx, row, { ...facts, paidAt: row.paidAt ?? now });
  const isFailure = status !== "open" && status !== "held" && status !== "expired";
  if (isFailure && row.status === "paid") await tx.execute(sql`SELECT till_pix_drop(${row.id}, ${ticket.reason ?? status})`);
  await changePix(tx, row, status, { ...facts, ...(isFailure && ticket.reason ? { failure: ticket.reason.slice(0, 200) } : {}) });
}

/** A paid Pix is the charge's payment, unless another was first: then it is paid twice, and its dollars wait to be given back. */
export async function takeCharge(tx: Tx, row: TillPixRow, change: Parameters<typeof changePix>[3] = {}): Promise<boolean> {
  const [answer] = await tx.execute<{ result: "taken" | "again" | "paid_twice" }>(sql`SELECT till_pix_take(${row.id}, ${newId()}) AS result`);
  await changePix(tx, row, answer?.result === "paid_twice" ? "paid_twice" : "paid", change);
  return answer?.result !== "paid_twice";
}
