import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { storeAccounts } from "@/db/schema";
import { AveniaError } from "@/lib/avenia/errors";
import { aveniaAccess } from "@/lib/avenia/from-environment";
import type { AveniaAccess } from "@/lib/avenia/request";
import { createPixInTicket, findTicket } from "@/lib/avenia/tickets";
import { decodeBrCode } from "@/lib/brcode/br-code";
import { invariant } from "@/lib/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { storeIdentityOf } from "@/lib/store-identity/queries";
import { priceOf } from "@/lib/topups/price";
import { CODE_SECONDS } from "@/lib/topups/rules";
import { changePix, lockPix, type TillPixRow } from "./change-status";

/** A price lives fifteen seconds, so an order that is still on its way can no longer be taken after these. */
const LANDED_BY_MS = 30_000;
/** Nobody stands at the till any more for a code that could not be had for so long. */
const GIVES_UP_AFTER_MS = 300_000;
const AGAIN_MS = 1_500;
const NOTE = "CocoPay";

/**
 * Gets the BR Code of a charge. The provider is asked once: that it will be asked is written down first, and after a lost answer the ticket is looked
 * for by our own id before anything is asked again. The dollars go to the store's own account. Worker only, safe to repeat.
 */
export async function openTillPix(pixId: string, now = new Date()): Promise<void> {
  const row = await db.transaction((tx) => lockPix(tx, pixId));
  if (row?.status !== "asked") return;
  const [identity, wallet] = await Promise.all([storeIdentityOf(row.storeId), walletOf(row)]);
  invariant(identity?.subAccountId && wallet, "a store that asked is known to the provider and has an account");
  // What was ordered is looked for where it was ordered.
  const subAccountId = row.subAccountId ?? identity.subAccountId;
  const access = aveniaAccess();
  try {
    if (row.ticketAskedAt) {
      const found = await findTicket(access, { subAccountId, externalId: row.id });
      if (found?.brCode && found.expiresAt) return await keep(row, wallet, { id: found.id, brCode: found.brCode, expiresAt: found.expiresAt });
      if (now.getTime() - row.ticketAskedAt.getTime() < LANDED_BY_MS) return await again(row);
    }
    // Nothing is ordered any more, and nothing is on its way.
    if (now.getTime() - row.createdAt.getTime() > GIVES_UP_AFTER_MS) return await refuse(row, "not-answered");
    await order(access, row, { subAccountId, wallet, now });
  } catch (error) {
    if (!(error instanceof AveniaError)) throw error;
    // Nothing was ordered in this run, or it may be on its way: the next look finds out.
    if (error.failure === "refused" && !row.ticketAskedAt) await refuse(row, error.reason ?? "refused");
    else await again(row);
  }
}

async function order(access: AveniaAccess, row: TillPixRow, { subAccountId, wallet, now }: { subAccountId: string; wallet: string; now: Date }) {
  const price = await priceOf(access, subAccountId, row.amountBrlCentavos);
  // Compare and set: two runs at once never both ask.
  const mayAsk = await db.transaction(async (tx) => {
    const locked = await lockPix(tx, row.id);
    if (locked?.status !== "asked" || locked.ticketAskedAt?.getTime() !== row.ticketAskedAt?.getTime()) return false;
    return changePix(tx, locked, "asked", { ticketAskedAt: now, subAccountId, quotedUsdMicros: price.quotedUsdMicros, minimumUsdMicros: price.minimumUsdMicros });
  });
  if (!mayAsk) return;
  try {
    const made = await createPixInTicket(access, { subAccountId, quoteToken: price.token, externalId: row.id, walletAddress: wallet, durationSeconds: CODE_SECONDS, note: NOTE });
    await keep(row, wallet, made);
  } catch (error) {
    if (!(error instanceof AveniaError)) throw error;
    if (error.failure === "uncertain") return again(row);
    const isFinal = error.failure === "refused" && !/QUOTE/i.test(error.reason ?? "");
    if (isFinal) return refuse(row, error.reason ?? "refused");
    // The provider said no to this very price, or is busy: nothing is on its way, and it is asked again.
    await db.transaction(async (tx) => {
      const locked = await lockPix(tx, row.id);
      if (locked?.status === "asked") await changePix(tx, locked, "asked", { ticketAskedAt: null });
    });
    await again(row);
  }
}

/** Keeps the code, after it was read as a bank would read it. */
async function keep(row: TillPixRow, wallet: string, { id, brCode, expiresAt }: { id: string; brCode: string; expiresAt: Date }) {
  const { amountBrlCentavos } = decodeBrCode(brCode);
  invariant(amountBrlCentavos === null || amountBrlCentavos === row.amountBrlCentavos, "the provider's code asks for the charge's amount");
  await db.transaction(async (tx) => {
    const locked = await lockPix(tx, row.id);
    if (locked?.status === "asked") await changePix(tx, locked, "open", { ticketId: id, brCode, expiresAt, walletAddress: wallet });
  });
}

const refuse = (row: TillPixRow, failure: string) =>
  db.transaction(async (tx) => {
    const locked = await lockPix(tx, row.id);
    if (locked?.status === "asked") await changePix(tx, locked, "refused", { failure: failure.slice(0, 200) });
  });

/** Looks again shortly: the queue's own pauses grow too quickly for somebody who waits at the till. */
const again = (row: TillPixRow) => db.transaction((tx) => enqueue(tx, "tillpix.open", { pixId: row.id }, { key: `tillpix.open:${row.id}`, runAt: new Date(Date.now() + AGAIN_MS) }));

async function walletOf({ storeId, chainId }: TillPixRow): Promise<string | undefined> {
  const [account] = await db.select({ address: storeAccounts.address }).from(storeAccounts).where(and(eq(storeAccounts.storeId, storeId), eq(storeAccounts.chainId, chainId)));
  return account?.address;
}
