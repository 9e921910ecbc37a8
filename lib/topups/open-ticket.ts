import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { smartAccounts } from "@/db/schema";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import type { AveniaAccess } from "@/lib/avenia/request";
import { createPixInTicket, findTicket } from "@/lib/avenia/tickets";
import { decodeBrCode } from "@/lib/brcode/br-code";
import { invariant } from "@/lib/errors";
import { identityOf } from "@/lib/identity/queries";
import { enqueue } from "@/lib/jobs/enqueue";
import { changeTopUp, lockTopUp, type TopUpRow } from "./change-status";
import { priceOf } from "./price";
import { CODE_SECONDS } from "./rules";

/** A price lives fifteen seconds, so an order that is still on its way can no longer be taken after these. */
const LANDED_BY_MS = 30_000;
const NOTE = "CocoPay";

type Made = { id: string; brCode: string; expiresAt: Date };

/**
 * Gets the code for a confirmed top-up. The provider is asked once: that it will be asked is written down first, and after a lost answer the
 * ticket is looked for by our own id before anything is asked again. A price below the minimum that was shown is shown anew instead.
 * Worker only, safe to repeat. Throws AveniaError where the provider is away; the queue tries again.
 */
export async function openTicket(topUpId: string, now = new Date()): Promise<void> {
  const row = await db.transaction(async (tx) => {
    const locked = await lockTopUp(tx, topUpId);
    if (locked?.status === "quoted" && locked.confirmedAt) await changeTopUp(tx, locked, "opening");
    return locked && (await lockTopUp(tx, topUpId));
  });
  if (row?.status !== "opening") return;
  const [identity, wallet] = await Promise.all([identityOf(row.userId), walletOf(row)]);
  invariant(identity?.subAccountId && wallet, "who confirmed is known to the provider and has an account");
  const { subAccountId } = identity;
  const access = aveniaAccess();

  if (row.ticketAskedAt) {
    const found = await findTicket(access, { subAccountId, externalId: row.id });
    if (found?.brCode && found.expiresAt) return keep(row, wallet, { id: found.id, brCode: found.brCode, expiresAt: found.expiresAt });
    const isStillOnItsWay = now.getTime() - row.ticketAskedAt.getTime() < LANDED_BY_MS;
    if (isStillOnItsWay) return again(row);
  }
  await order(access, row, { subAccountId, wallet, now });
}

async function order(access: AveniaAccess, row: TopUpRow, { subAccountId, wallet, now }: { subAccountId: string; wallet: string; now: Date }) {
  const price = await priceOf(access, subAccountId, row.amountBrlCentavos);
  invariant(row.minimumUsdMicros !== null, "a confirmed top-up has its minimum");
  if (price.quotedUsdMicros < row.minimumUsdMicros) {
    await db.transaction(async (tx) => {
      const locked = await lockTopUp(tx, row.id);
      if (locked?.status !== "opening") return;
      await changeTopUp(tx, locked, "quoted", { quotedUsdMicros: price.quotedUsdMicros, minimumUsdMicros: price.minimumUsdMicros, fees: price.fees, quotedAt: now, isRequoted: true, confirmedAt: null, ticketAskedAt: null });
    });
    return;
  }
  // Compare and set: two runs at once never both ask.
  const mayAsk = await db.transaction(async (tx) => {
    const locked = await lockTopUp(tx, row.id);
    if (locked?.status !== "opening" || locked.ticketAskedAt?.getTime() !== row.ticketAskedAt?.getTime()) return false;
    return changeTopUp(tx, locked, "opening", { ticketAskedAt: now, quotedUsdMicros: price.quotedUsdMicros, fees: price.fees });
  });
  if (!mayAsk) return;
  try {
    const made = await createPixInTicket(access, { subAccountId, quoteToken: price.token, externalId: row.id, walletAddress: wallet, durationSeconds: CODE_SECONDS, note: NOTE });
    await keep(row, wallet, made);
  } catch (error) {
    if (!(error instanceof AveniaError)) throw error;
    if (error.failure === "uncertain") return again(row);
    await db.transaction(async (tx) => {
      const locked = await lockTopUp(tx, row.id);
      if (locked?.status !== "opening") return;
      // The provider said no, so nothing is on its way: a busy one is asked again, a refusal is the end.
      if (error.failure === "refused" && !/QUOTE/i.test(error.reason ?? "")) await changeTopUp(tx, locked, "refused", { failure: error.reason ?? "refused", ticketAskedAt: null });
      else await changeTopUp(tx, locked, "opening", { ticketAskedAt: null });
    });
    if (error.failure !== "refused" || /QUOTE/i.test(error.reason ?? "")) return again(row);
  }
}

const AGAIN_MS = 3_000;

/** Looks again shortly: the queue's own pauses grow too quickly for somebody who waits in front of the page. */
const again = (row: TopUpRow) => db.transaction((tx) => enqueue(tx, "topups.open", { topUpId: row.id }, { key: `topups.open:${row.id}`, runAt: new Date(Date.now() + AGAIN_MS) }));

/** Keeps the code, after it was read as a bank would read it. */
async function keep(row: TopUpRow, wallet: string, { id, brCode, expiresAt }: Made) {
  const { amountBrlCentavos } = decodeBrCode(brCode);
  invariant(amountBrlCentavos === null || amountBrlCentavos === row.amountBrlCentavos, "the provider's code asks for the amount that was confirmed");
  await db.transaction(async (tx) => {
    const locked = await lockTopUp(tx, row.id);
    if (locked?.status === "opening") await changeTopUp(tx, locked, "waiting", { ticketId: id, brCode, expiresAt, walletAddress: wallet });
  });
}

async function walletOf({ userId, chainId }: TopUpRow): Promise<string | undefined> {
  const [account] = await db.select({ address: smartAccounts.address }).from(smartAccounts).where(and(eq(smartAccounts.userId, userId), eq(smartAccounts.chainId, chainId)));
  return account?.address;
}
